using Gaw.Json;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Sockets;
using Gaw.Shared;

namespace Gaw.PostOffice.Server;

/// <summary>What goes out on a connection of a server: replies are written by any thread, and leave together when their batch is through.</summary>
internal sealed class ReplyQueue : IDisposable
{
    private readonly FrameWriter _frames = new();
    private readonly ReplyPump _pump;
    private readonly IFrameProtector _protector;
    private readonly Func<byte[]>? _announce;
    private readonly int _maxDocumentBytes;

    /// <summary>
    /// Written before the announcing reply is queued; pairs with the fence in <see cref="AnnounceStop"/>. Either the announcing thread sees <see cref="_stops"/>, or the stopping one sees this.
    /// Both may: a second notice does no harm.
    /// </summary>
    private volatile bool _hasAnnounced;

    /// <summary>Pairs with the read in <see cref="End"/>, behind the frame that announces: a full lock lies between that write and the read.</summary>
    private volatile bool _stops;

    /// <param name="transport">Where they go.</param>
    /// <param name="protector">Seals them.</param>
    /// <param name="announce">As <see cref="PostOfficeServer.Announce"/>.</param>
    /// <param name="maxDocumentBytes">The largest reply.</param>
    /// <param name="lost">Called when sending fails: the connection is lost.</param>
    public ReplyQueue(Transport transport, IFrameProtector protector, Func<byte[]>? announce, int maxDocumentBytes, Action lost)
    {
        _protector = protector;
        _announce = announce;
        _maxDocumentBytes = maxDocumentBytes;
        _pump = new ReplyPump(transport, _frames, lost);
    }

    /// <inheritdoc cref="FrameWriter.PendingBytes"/>
    public long PendingBytes => _frames.PendingBytes;

    /// <inheritdoc cref="FrameWriter.IsFull"/>
    public bool IsFull => _frames.IsFull;

    /// <inheritdoc cref="FrameWriter.SentBytes"/>
    public long SentBytes => _frames.SentBytes;

    /// <summary>The peer knows that replies come as soon as they are there, and what else may stand in <c>meta</c>.</summary>
    public bool HasAnnounced => _hasAnnounced;

    /// <summary>A writer that stands where the reply's document belongs: <c>{"succ": true, "data": </c> is written.</summary>
    public JsonWriter Begin()
    {
        JsonWriter writer = MessageWriter.Rent(_maxDocumentBytes);
        writer.Append(ReplyEnvelope.Head);
        return writer;
    }

    /// <summary>Ends the reply and queues it. It leaves with the others of its batch.</summary>
    /// <param name="writer">What <see cref="Begin"/> gave.</param>
    /// <param name="inOrder">The message was one that is answered in order; its sender does not know of any other way, nor of metadata.</param>
    /// <param name="meta">Metadata beside the document: the members of an object, whose length the caller has looked at.</param>
    /// <param name="again">Says again what the first reply has said of the server: its clock goes on.</param>
    public void End(JsonWriter writer, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false)
    {
        bool fits = !inOrder && writer.Length <= _maxDocumentBytes - ReplyEnvelope.MaxTailBytes;
        bool announces = fits && !_hasAnnounced;
        bool tells = announces || (fits && again);
        if (announces)
        {
            _hasAnnounced = true;
        }

        // The limit is checked while the document is written; what closes the envelope is not the result's fault.
        writer.MaxLength = int.MaxValue;
        if (inOrder || (!tells && meta.IsEmpty))
        {
            writer.Append(ReplyEnvelope.Tail);
        }
        else
        {
            ReplyEnvelope.EndWithMeta(writer, tells ? _announce?.Invoke() : default, meta);
        }

        MessageWriter.Post(writer, _protector, _frames);
        if (announces && _stops)
        {
            PostStopping();
        }
    }

    /// <summary>Queues what tells a peer that the server stops: now, or behind the first reply, before which it could not be understood.</summary>
    public void AnnounceStop()
    {
        _stops = true;
        Interlocked.MemoryBarrier();
        if (_hasAnnounced)
        {
            PostStopping();
        }
    }

    /// <summary>Queues the failure of a message that has no reply.</summary>
    public void Post(ErrorInfo failure)
    {
        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        ErrorFrame.Write(writer, failure);
        MessageWriter.Post(writer, _protector, _frames);
    }

    /// <summary>Sends what waits, unless another thread is sending: then that one does.</summary>
    public ValueTask FlushAsync() => _frames.TryBeginSending() ? _pump.SendAsync() : default;

    /// <inheritdoc cref="FrameWriter.WhenRoomAsync"/>
    public Task WhenRoomAsync() => _frames.WhenRoomAsync();

    /// <inheritdoc cref="FrameWriter.WhenIdleAsync"/>
    public Task WhenIdleAsync() => _frames.WhenIdleAsync();

    public void Dispose() => _frames.Dispose();

    private void PostStopping()
    {
        JsonWriter writer = Begin();
        writer.Null();
        ReplyEnvelope.EndWithMeta(writer, default, ReplyEnvelope.Stopping);
        MessageWriter.Post(writer, _protector, _frames);
    }
}
