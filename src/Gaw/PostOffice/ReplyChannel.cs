using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gaw.Json;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice;

/// <summary>
/// Where a message came from and where its reply goes: all that the handler of a message may know and do. Each carrier of documents has its own kind. A channel lasts as long as its
/// peer's connection, or what the carrier has in its place, and may be used by every thread unless a member says otherwise.
/// </summary>
internal abstract class ReplyChannel
{
    private readonly ReplyChannel? _owner;

    /// <summary>The exchange in <see cref="GetState{T}"/> pairs with itself: of two threads that make one, both get the first.</summary>
    private object? _state;

    protected ReplyChannel()
    {
    }

    /// <summary>Makes one of several channels of one carrier that has no connection for each peer: what a handler keeps with one of them (<see cref="GetState{T}"/>) is there with all.</summary>
    /// <param name="owner">The channel that has the state.</param>
    protected ReplyChannel(ReplyChannel? owner) => _owner = owner;

    /// <summary>Members of <c>meta</c> that tell a peer to send nothing more here.</summary>
    public static ReadOnlySpan<byte> StoppingMeta => ReplyEnvelope.Stopping;

    /// <summary>The address of the peer; stays readable after its end.</summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>The certificate that the peer has shown; <see langword="null"/> where there is none.</summary>
    public abstract X509Certificate2? ClientCertificate { get; }

    /// <summary>The server is draining. Requests that arrive now are rejected as not run, where their peer knows what that means. Asked by the message handler only.</summary>
    public abstract bool RejectsNewCalls { get; }

    /// <summary>So much waits to be sent that a stream has to pause: <see cref="WhenRoomAsync"/>.</summary>
    public virtual bool IsFull => false;

    /// <summary>The channel is that of one peer, whose end is noticed. Where it is not, streams end whose callers do not say again and again that they want them.</summary>
    public virtual bool IsOfOnePeer => true;

    /// <summary>Who asks here whether arguments may be streams can send the call so that it gets here.</summary>
    public virtual bool TakesStreams => true;

    /// <summary>What stands in front of every reply's document.</summary>
    protected abstract ReadOnlySpan<byte> Head { get; }

    /// <summary>Fires when the peer is known to be gone.</summary>
    /// <param name="inOrder">The end of its stream is no loss, as a peer of in-order messages may still wait for replies.</param>
    public abstract CancellationToken GetLostToken(bool inOrder);

    /// <summary>Begins a reply. The writer stands where the document belongs, and is given back by <see cref="End"/>.</summary>
    public abstract JsonWriter Begin();

    /// <summary>Ends the reply and queues it. It leaves with the others of its batch.</summary>
    /// <param name="reply">The writer of <see cref="Begin"/>, with the document.</param>
    /// <param name="inOrder">The message was one that is answered in order; its sender does not know of any other way, nor of metadata.</param>
    /// <param name="meta">Metadata beside the document: the members of an object, within <see cref="GetMetaRoom"/>.</param>
    /// <param name="again">Says again what the first reply has said of the server: its clock goes on.</param>
    public abstract void End(JsonWriter reply, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false);

    /// <summary>Sends the replies that were queued apart from a batch.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Completes when <see cref="IsFull"/> is over, or nothing is sent any more.</summary>
    public virtual Task WhenRoomAsync() => Task.CompletedTask;

    /// <summary>Bytes of metadata that fit beside the document that was written.</summary>
    public abstract int GetMetaRoom(JsonWriter reply);

    /// <summary>Queues an error in place of a reply: to a message without a readable id, so that its connection goes on.</summary>
    public abstract void ReplyError(ErrorInfo error);

    /// <summary>Replies as soon as something else is done. Counts as a message to be finished, not as a running call of the server.</summary>
    /// <param name="done">Never fails.</param>
    /// <param name="reply">Queues the reply.</param>
    public abstract void ReplyAfter(Task done, Action reply);

    /// <summary>Ends a message of this channel that waits for its turn; one that has begun is marked so (<see cref="InboundMessage.IsWithdrawn"/>).</summary>
    /// <param name="number">As <see cref="InboundMessage.Number"/>.</param>
    /// <returns>It was withdrawn, and answered.</returns>
    public abstract bool TryWithdraw(UInt128 number);

    /// <summary>
    /// The handler is about to read values whose types run code of the service, of a message that is not
    /// <see cref="InboundMessage.InOrder"/>. A carrier whose loop does that lets another thread go on with the loop
    /// should it take long; by default nobody waits for the thread.
    /// </summary>
    /// <param name="predictor">What is known of the values of such a message.</param>
    /// <returns>For <see cref="EndRead"/>.</returns>
    public virtual long BeginRead(BlockingPredictor predictor) => 0;

    /// <summary>The values are read, or could not be.</summary>
    public virtual void EndRead(long token)
    {
    }

    /// <summary>The messages of this channel are messages of this server.</summary>
    public abstract bool BelongsTo(object server);

    /// <summary>A message of this channel waits for its server to stop, which therefore must not wait for it.</summary>
    public abstract void AwaitStop();

    /// <summary>Replies to a message that is no JSON.</summary>
    public void ReplyUnreadable() => ReplyError(ErrorFrame.NotReadable);

    /// <summary>Members of <c>meta</c> that tell the peer of a message that is abandoned why it can send it elsewhere.</summary>
    /// <param name="reason">Why it is abandoned.</param>
    /// <param name="inOrder">Its peer may not know <c>meta</c>. A carrier that gives messages back for want of a place has no such peers.</param>
    public static byte[] GetAbandonedMeta(ErrorInfo reason, bool inOrder) =>
        reason == ErrorFrame.Busy ? ReplyEnvelope.Busy.ToArray()
        : (reason == ErrorFrame.StoppedBefore || reason == ErrorFrame.LostBefore) && !inOrder ? ReplyEnvelope.Stopping.ToArray()
        : [];

    /// <summary>Begins a reply again whose document could not be written to its end.</summary>
    public void Restart(JsonWriter reply)
    {
        reply.Reset();
        reply.Append(Head);
    }

    /// <summary>The document that was written into a reply, without the envelope.</summary>
    public ReadOnlySpan<byte> GetDocument(JsonWriter reply) => reply.Written[Head.Length..];

    /// <summary>What the handler keeps with the channel, made when it is asked for the first time. The exchange pairs with itself: of two threads that make one, both get the first.</summary>
    public T GetState<T>()
        where T : class, new() => _owner is not null ? _owner.GetState<T>() : (T)(Volatile.Read(ref _state) ?? Interlocked.CompareExchange(ref _state, new T(), null) ?? _state);
}
