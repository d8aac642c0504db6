using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gaw.Json;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.Tests.Support;

/// <summary>Where replies go in a test: it remembers them.</summary>
internal sealed class RecordingChannel : ReplyChannel
{
    /// <summary>The documents, and what stood beside them.</summary>
    public List<(string Document, bool InOrder, string Meta, bool Again)> Replies { get; } = [];

    /// <summary>The errors of messages without an id.</summary>
    public List<ErrorInfo> Errors { get; } = [];

    public override EndPoint? RemoteEndPoint => null;

    public override X509Certificate2? ClientCertificate => null;

    public override bool RejectsNewCalls => false;

    protected override ReadOnlySpan<byte> Head => ReplyEnvelope.Head;

    public override CancellationToken GetLostToken(bool inOrder) => CancellationToken.None;

    public override JsonWriter Begin()
    {
        JsonWriter writer = new();
        writer.Append(Head);
        return writer;
    }

    public override void End(JsonWriter reply, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false)
    {
        Replies.Add((Encoding.UTF8.GetString(GetDocument(reply)), inOrder, Encoding.UTF8.GetString(meta), again));
        reply.Dispose();
    }

    public override int GetMetaRoom(JsonWriter reply) => int.MaxValue;

    public override void ReplyError(ErrorInfo error) => Errors.Add(error);

    public override void ReplyAfter(Task done, Action reply) => throw new NotSupportedException();

    public override bool TryWithdraw(UInt128 number) => false;

    public override bool BelongsTo(object server) => false;

    public override void AwaitStop() => throw new NotSupportedException();
}
