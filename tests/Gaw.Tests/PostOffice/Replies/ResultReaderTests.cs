using System.Text;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;

namespace Gaw.Tests.PostOffice.Replies;

/// <summary>What becomes of a call by its reply, on every carrier, by table.</summary>
public sealed class ResultReaderTests
{
    private const string Document = """{"_v": {"resp_to": 12, "success": true, "payload": 3}, "_t": "ResponseDataType"}""";

    [Theory]
    [InlineData("""{"succ": true, "data": DOC}""", "", "", null, "the usual form is read as it lies there")]
    [InlineData("""{"succ": true, "data": DOC, "meta": {"server": 7}}""", "", """{"server": 7}""", null, "what stands beside the document comes first")]
    [InlineData("""{"succ": true, "data": DOC, "more": {"_t": "x"}}""", "", "", null, "what looks like the usual form and is not is read again, closely")]
    [InlineData("""{"succ": true, "data": DOC}""", "GawRemoteException", "", "GawRemoteException", "the reply says that the call failed")]
    [InlineData("""{"succ": true, "data": DOC}""", "FormatException", "", "GawSerializationException", "code of the user's type has thrown")]
    [InlineData("""{"succ": true, "data": DOC}""", "nothing", "", "GawProtocolException", "the document is no reply to the call")]
    public void A_call_ends_with_what_its_reply_says(string frame, string reads, string meta, string? error, string because)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(frame.Replace("DOC", Document, StringComparison.Ordinal));
        Reply reply = ReplyReader.Read(bytes, ResponseReader.GetId);
        Call call = new(reads);

        Exception? failure = ResultReader.Read(call, reply, bytes, ResponseReader.GetId, out bool hasMeta);

        (failure?.GetType().Name).Should().Be(error, because);
        hasMeta.Should().Be(meta.Length > 0, because);
        call.Meta.Should().Be(meta, because);
        if (error is null)
        {
            call.Read.Should().Be(Document, because);
        }
    }

    /// <summary>Takes the whole document and nothing behind it, as a real one does.</summary>
    private sealed class Call(string reads) : PendingCall
    {
        public string Read { get; private set; } = "";

        public string Meta { get; private set; } = "";

        public override string Path => "shelf/find";

        public override bool TryRead(ReadOnlySpan<byte> reply)
        {
            Read = Encoding.UTF8.GetString(reply);
            return reads switch
            {
                "" => Read == Document,
                "GawRemoteException" => throw new GawRemoteException(Path, "KeyError", "no such book", null),
                "FormatException" => throw new FormatException("not a number"),
                _ => false,
            };
        }

        public override void TakeMeta(ReadOnlySpan<byte> meta) => Meta = Encoding.UTF8.GetString(meta);

        protected override void Continue()
        {
        }
    }
}
