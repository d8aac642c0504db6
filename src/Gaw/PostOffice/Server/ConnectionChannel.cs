using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gaw.Json;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Server;

/// <summary>The channel of a TCP connection. Sealed, so that the calls of every reply can be bound early.</summary>
internal sealed class ConnectionChannel(
    PostOfficeServer server, Transport transport, ReplyQueue replies, PeerPresence peer, RunningMessages running, ConnectionDrain drain, MessageRunner runner, ReadLease reads) : ReplyChannel
{
    public override EndPoint? RemoteEndPoint => transport.RemoteEndPoint;

    public override X509Certificate2? ClientCertificate => transport.PeerCertificate;

    public override bool RejectsNewCalls => drain.RejectsNewCalls;

    public override bool IsFull => replies.IsFull;

    protected override ReadOnlySpan<byte> Head => ReplyEnvelope.Head;

    public override CancellationToken GetLostToken(bool inOrder) => peer.GetLostToken(inOrder);

    public override JsonWriter Begin() => replies.Begin();

    public override void End(JsonWriter reply, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false) => replies.End(reply, inOrder, meta, again);

    public override void Flush() => replies.FlushAsync().Forget();

    public override Task WhenRoomAsync() => replies.WhenRoomAsync();

    public override int GetMetaRoom(JsonWriter reply) => Math.Max(0, server.Options.MaxFrameBytes - reply.Length - ReplyEnvelope.MaxTailBytes);

    public override void ReplyError(ErrorInfo error)
    {
        if (server.RejectionLog.Count("document"))
        {
            server.Logger.NotReadable(RemoteEndPoint, error.Message);
        }

        replies.Post(error);
    }

    public override void ReplyAfter(Task done, Action reply) => runner.ReplyAfter(done, reply);

    public override bool TryWithdraw(UInt128 number) => runner.Queued.TryWithdraw(number);

    public override long BeginRead(BlockingPredictor predictor) => reads.Enter(predictor);

    public override void EndRead(long token) => reads.Leave(token);

    public override bool BelongsTo(object owner) => ReferenceEquals(server, owner);

    public override void AwaitStop() => running.AwaitStop();
}
