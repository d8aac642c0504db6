using Gaw.Json;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Client;

/// <summary>What goes out on a connection of a client: requests are written by any thread; who flushes sends for all.</summary>
/// <param name="transport">Where they go.</param>
/// <param name="protector">Seals them.</param>
/// <param name="failed">Called when sending fails.</param>
internal sealed class RequestQueue(Transport transport, IFrameProtector protector, Action<Exception> failed) : IDisposable
{
    /// <summary>As much of unanswered requests surely fits into the system's buffers, so that sending it does not block.</summary>
    private const int UnblockedBytes = 32 * 1024;

    private readonly FrameWriter _frames = new();

    /// <summary>What is being sent, and how far: of the one thread that sends, which may hand it over to another.</summary>
    private List<FrameWriter.Chunk>? _batch;
    private int _chunk;
    private int _offset;

    /// <inheritdoc cref="FrameWriter.AttemptedBytes"/>
    public long AttemptedBytes => _frames.AttemptedBytes;

    /// <summary>Queues a document and takes its writer back.</summary>
    public void Post(JsonWriter document, FramePosition? position = null)
    {
        try
        {
            MessageWriter.Post(document, protector, _frames, position);
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
            Send(patience: Timeout.Infinite);
        }
    }

    /// <summary>As <see cref="Flush"/>, for a thread that must not block: what the system does not take is left to a thread of the pool.</summary>
    /// <param name="patience">How long it may take in all where the system has no room at once, in milliseconds.</param>
    public void FlushWithoutBlocking(int patience)
    {
        if (_frames.TryBeginSending() && !Send(patience))
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
        Send(patience: Timeout.Infinite);
    }

    /// <summary>For the thread that sends. <see langword="false"/>: the peer takes nothing at the moment, and the rest is still this thread's, to be handed on.</summary>
    private bool Send(int patience)
    {
        Deadline deadline = new(patience == Timeout.Infinite ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(patience));
        try
        {
            while ((_batch ??= _frames.TakeBatch()) is { } batch)
            {
                while (_chunk < batch.Count)
                {
                    ReadOnlySpan<byte> rest = batch[_chunk].Bytes.Span[_offset..];
                    if (rest.IsEmpty)
                    {
                        _chunk++;
                        _offset = 0;
                        continue;
                    }

                    _frames.Attempting(rest.Length);
                    int count = patience == Timeout.Infinite ? transport.Send(rest)
                        : patience > 0 && deadline.IsOver ? 0
                        : transport.TrySend(rest, patience == 0 ? 0 : deadline.SocketMilliseconds);
                    if (count == 0)
                    {
                        _frames.Attempting(0);
                        return false;
                    }

                    _frames.Sent(count);
                    _offset += count;
                }

                FrameWriter.Release(batch);
                _batch = null;
                _chunk = 0;
            }
        }
        catch (Exception e)
        {
            failed(e);
        }

        return true;
    }
}
