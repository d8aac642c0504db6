using Gaw.Json;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Sending;

/// <summary>What goes out on a connection of a client: requests are written by any thread; who flushes sends for all.</summary>
internal sealed class RequestQueue : IDisposable
{
    /// <summary>As much of unanswered requests surely fits into the system's buffers, so that sending it does not block.</summary>
    private const int UnblockedBytes = 32 * 1024;

    private readonly FrameWriter _frames = new();
    private readonly RequestPump _pump;
    private readonly IFrameProtector _protector;

    /// <param name="transport">Where they go.</param>
    /// <param name="protector">Seals them.</param>
    /// <param name="failed">Called when sending fails.</param>
    public RequestQueue(Transport transport, IFrameProtector protector, Action<Exception> failed)
    {
        _protector = protector;
        _pump = new RequestPump(transport, _frames, failed);
    }

    /// <inheritdoc cref="FrameWriter.AttemptedBytes"/>
    public long AttemptedBytes => _frames.AttemptedBytes;

    /// <inheritdoc cref="FrameWriter.IsFull"/>
    public bool IsFull => _frames.IsFull;

    /// <inheritdoc cref="FrameWriter.WhenRoomAsync"/>
    public Task WhenRoomAsync() => _frames.WhenRoomAsync();

    /// <summary>Queues a document and takes its writer back.</summary>
    public void Post(JsonWriter document, FramePosition? position = null)
    {
        try
        {
            MessageWriter.Post(document, _protector, _frames, position);
        }
        catch (ObjectDisposedException)
        {
            // The client was disposed meanwhile, its connections first: what was open on them has failed, and nothing can be sealed any more.
            MessageWriter.Return(document);
        }
    }

    /// <summary>Sends what waits, unless another thread is sending: then that one does. May block.</summary>
    public void Flush()
    {
        if (_frames.TryBeginSending())
        {
            _pump.Send(patience: Timeout.Infinite);
        }
    }

    /// <summary>As <see cref="Flush"/>, for a thread that must not block: what the system does not take is left to a thread of the pool.</summary>
    /// <param name="patience">How long it may take in all where the system has no room at once, in milliseconds.</param>
    public void FlushWithoutBlocking(int patience)
    {
        if (_frames.TryBeginSending() && !_pump.Send(patience))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.SendAndBlock(), this, preferLocal: false);
        }
    }

    /// <summary><see cref="Flush"/> where it surely does not block, otherwise <see cref="FlushWithoutBlocking"/>.</summary>
    /// <param name="inFlightBytes">The requests that are on their way, or lie unread at the peer, at most.</param>
    /// <param name="patience">See <see cref="FlushWithoutBlocking"/>.</param>
    public void FlushWithin(long inFlightBytes, int patience)
    {
        if (inFlightBytes <= UnblockedBytes)
        {
            Flush();
        }
        else
        {
            FlushWithoutBlocking(patience);
        }
    }

    /// <summary><see cref="Flush"/>, on another thread.</summary>
    public void FlushElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.FlushAndBlock(), this, preferLocal: false);

    /// <inheritdoc cref="FrameWriter.Close"/>
    public long Close() => _frames.Close();

    public void Dispose() => _frames.Dispose();

    private void FlushAndBlock()
    {
        if (_frames.TryBeginSending())
        {
            SendAndBlock();
        }
    }

    private void SendAndBlock()
    {
        using BlockingWait wait = BlockingWait.Enter();
        _pump.Send(patience: Timeout.Infinite);
    }
}
