using System.Text;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice.Replies;

namespace Gaw.Tests.PostOffice;

/// <summary>What a reply's frame says, by table: its kind and its parts.</summary>
public sealed class ReplyReaderTests
{
    private const string Document = """{"_v": {"resp_to": 12, "success": true, "payload": 3}, "_t": "ResponseDataType"}""";

    [Theory]
    [InlineData("""{"succ": true, "data": DOC}""", "Result", "12", "", "the usual form")]
    [InlineData("""{"data":DOC,"succ":true}""", "Result", "12", "", "any order and no spaces")]
    [InlineData("""{"succ": 1, "data": DOC, "more": [1, 2]}""", "Result", "12", "", "Python's truth, and members of later versions")]
    [InlineData("""{"succ": true, "data": DOC, "meta": {}}""", "Result", "12", "{}", "an empty meta says that the server multiplexes")]
    [InlineData("""{"succ": true, "data": DOC, "meta": {"server": 7}}""", "Result", "12", """{"server": 7}""", "meta is handed on as it is")]
    [InlineData("""{"succ": true, "data": DOC, "meta": null}""", "Result", "12", "", "a meta that is no object is none")]
    [InlineData("""{"succ": true, "data": null, "meta": {"stopping": true}}""", "Stopping", "", """{"stopping": true}""", "a notice that belongs to no call")]
    [InlineData("""{"succ": true, "data": DOC, "meta": {"stopping": true}}""", "Rejected", "12", """{"stopping": true}""", "the call has not run")]
    [InlineData("""{"succ": true, "data": DOC, "meta": {"stopping": 0}}""", "Result", "12", """{"stopping": 0}""", "0 is false")]
    [InlineData("""{"succ": false, "data": {"name": "ValueError", "message": "m", "trace": null}}""", "Failure", "", "", "as the original's server says it")]
    [InlineData("""{"succ": false, "name": "ValueError", "message": "m"}""", "Failure", "", "", "as the original's client reads it")]
    [InlineData("""{"succ": false, "data": DOC}""", "Malformed", "", "", "a failure has a name")]
    [InlineData("""{"succ": true}""", "Malformed", "", "", "a success has a document")]
    [InlineData("""{"succ": true, "data": {"_v": {"success": true, "payload": 3}, "_t": "ResponseDataType"}}""", "Malformed", "", "", "a document has an id")]
    [InlineData("""{"succ": true, "data": DOC""", "Malformed", "", "", "no end")]
    [InlineData("HTTP/1.1 400 Bad Request", "Malformed", "", "", "another protocol")]
    [InlineData("", "Malformed", "", "", "nothing")]
    public void A_reply_is_told_by_its_members(string text, string kind, string id, string meta, string because)
    {
        Reply reply = ReplyReader.Read(Encoding.UTF8.GetBytes(text.Replace("DOC", Document, StringComparison.Ordinal)), ResponseReader.GetId);

        reply.Kind.ToString().Should().Be(kind, because);
        Encoding.UTF8.GetString(reply.Id).Should().Be(id, because);
        Encoding.UTF8.GetString(reply.Meta).Should().Be(meta, because);
        if (kind is "Result" or "Rejected")
        {
            Encoding.UTF8.GetString(reply.Document).Should().Be(Document, because);
        }

        (reply.Failure?.Name).Should().Be(kind == "Failure" ? "ValueError" : null, because);
    }

    [Theory]
    [InlineData(32, "{}", "Protected", "a signature, then JSON")]
    [InlineData(64, "", "Protected", "whole blocks of a cipher")]
    [InlineData(63, "", "Malformed", "neither")]
    public void Bytes_that_are_no_text_may_be_a_document_that_is_signed_or_encrypted(int bytes, string then, string kind, string because) =>
        ReplyReader.Read([.. Enumerable.Repeat((byte)0xFF, bytes), .. Encoding.UTF8.GetBytes(then)], ResponseReader.GetId).Kind.ToString().Should().Be(kind, because);

    [Fact]
    public void Without_ids_the_whole_of_data_is_the_document()
    {
        Reply reply = ReplyReader.Read("{\"succ\": true, \"data\": [1, 2]}"u8, replyId: null);
        reply.Kind.Should().Be(ReplyKind.Result);
        Encoding.UTF8.GetString(reply.Document).Should().Be("[1, 2]");
        reply.Id.IsEmpty.Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"succ": true, "data": {"_v": {"resp_to": 12, "succ""", "12", "the id was there")]
    [InlineData("""{"succ": true, "data": {"_v": {"resp_to": 12""", "", "there may be more digits")]
    [InlineData("""{"succ": tr""", "", "not yet")]
    public void Of_a_reply_that_has_only_begun_the_id_is_known_once_it_is_whole(string begun, string id, string because) =>
        Encoding.UTF8.GetString(ReplyReader.GetBegunId(Encoding.UTF8.GetBytes(begun), ResponseReader.GetId)).Should().Be(id, because);
}
