using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gaw.Json;
using Gaw.Nats.Server.Requests;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.Nats.Server;

/// <summary>Where the reply to one request goes. The requests of all callers come over one connection, and each has a channel of its own.</summary>
/// <param name="worker">The worker.</param>
/// <param name="request">What is replied to; <see langword="null"/>: nobody waits for the reply, as for that to a cancellation.</param>
/// <param name="protector">What the request was sealed with, and its reply will be.</param>
internal sealed class NatsChannel(Worker worker, NatsRequest? request, IFrameProtector protector) : ReplyChannel(worker.SharedState)
{
    public override EndPoint? RemoteEndPoint => null;

    public override X509Certificate2? ClientCertificate => null;

    /// <summary>The engine gives a worker that stops nothing more, and what it gave before has nobody else.</summary>
    public override bool RejectsNewCalls => false;

    public override bool IsOfOnePeer => false;

    /// <summary>What was asked of any worker says nothing of the one that will get the call.</summary>
    public override bool TakesStreams => request is { IsControl: false };

    protected override ReadOnlySpan<byte> Head => ReplyEnvelope.Head;

    private int MaxReplyBytes => Math.Min(worker.PostOffice.Options.MaxFrameBytes, SealedMessage.MaxDocumentBytes(worker.Link.MaxPayloadBytes, protector));

    /// <summary>The loss of a caller is not noticed here; what runs too long when the worker stops is told.</summary>
    public override CancellationToken GetLostToken(bool inOrder) => worker.CutOff;

    public override JsonWriter Begin()
    {
        JsonWriter writer = MessageWriter.Rent(Math.Max(0, MaxReplyBytes - ReplyEnvelope.MaxTailBytes));
        writer.Append(ReplyEnvelope.Head);
        return writer;
    }

    public override void End(JsonWriter reply, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false)
    {
        reply.MaxLength = int.MaxValue;
        if (meta.IsEmpty)
        {
            reply.Append(ReplyEnvelope.Tail);
        }
        else
        {
            ReplyEnvelope.EndWithMeta(reply, default, meta);
        }

        Deliver(reply);
    }

    public override int GetMetaRoom(JsonWriter reply) => Math.Max(0, MaxReplyBytes - reply.Length - ReplyEnvelope.MaxTailBytes);

    public override void ReplyError(ErrorInfo error)
    {
        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        ErrorFrame.Write(writer, error);
        Deliver(writer);
    }

    public override void ReplyAfter(Task done, Action reply)
    {
        worker.Requests.Running.Enter(inOrder: false);
        ReplyAfterAsync().Forget();

        async Task ReplyAfterAsync()
        {
            await done.ConfigureAwait(false);
            reply();
            worker.Requests.Running.Leave();
        }
    }

    /// <summary>A request that has not begun is found by the subject of its reply, before this is asked.</summary>
    public override bool TryWithdraw(UInt128 number) => false;

    public override bool BelongsTo(object server) => ReferenceEquals(worker.PostOffice, server);

    public override void AwaitStop() => worker.Requests.Running.AwaitStop();

    private void Deliver(JsonWriter writer)
    {
        if (request is null)
        {
            MessageWriter.Return(writer);
        }
        else
        {
            worker.Outbox.Reply(request, writer, protector);
        }
    }
}

/// <summary>Holds what handlers keep with the channels of one worker: cancellations find their calls there, whoever sends them.</summary>
internal sealed class SharedChannel : ReplyChannel
{
    public override EndPoint? RemoteEndPoint => null;

    public override X509Certificate2? ClientCertificate => null;

    public override bool RejectsNewCalls => false;

    protected override ReadOnlySpan<byte> Head => default;

    public override CancellationToken GetLostToken(bool inOrder) => CancellationToken.None;

    public override JsonWriter Begin() => throw Unused();

    public override void End(JsonWriter reply, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false) => throw Unused();

    public override int GetMetaRoom(JsonWriter reply) => 0;

    public override void ReplyError(ErrorInfo error) => throw Unused();

    public override void ReplyAfter(Task done, Action reply) => throw Unused();

    public override bool TryWithdraw(UInt128 number) => false;

    public override bool BelongsTo(object server) => false;

    public override void AwaitStop()
    {
    }

    private static InvalidOperationException Unused() => new("No request comes on the channel that only holds the state of others.");
}
