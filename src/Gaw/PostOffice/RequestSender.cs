using Gaw.Json;
using Gaw.PostOffice.Framing;

namespace Gaw.PostOffice;

/// <summary>What goes out on a connection of a client: requests are written by any thread; who flushes sends for all.</summary>
/// <param name="transport">Where they go.</param>
/// <param name="protector">Seals them.</param>
/// <param name="failed">Called when sending fails.</param>
internal sealed class RequestSender(Transport transport, IFrameProtector protector, Action<Exception> failed) : IDisposable
{
    private readonly FrameWriter _frames = new();

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
        if (!_frames.TryBeginSending())
        {
            return;
        }

        try
        {
            while (_frames.TakeBatch() is { } batch)
            {
                foreach (FrameWriter.Chunk chunk in batch)
                {
                    ReadOnlySpan<byte> rest = chunk.Bytes.Span;
                    while (!rest.IsEmpty)
                    {
                        _frames.Attempting(rest.Length);
                        int count = transport.Send(rest);
                        _frames.Sent(count);
                        rest = rest[count..];
                    }
                }

                FrameWriter.Release(batch);
            }
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            failed(e);
        }
    }

    /// <summary><see cref="Flush"/>, on another thread.</summary>
    public void FlushElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.Flush(), this, preferLocal: false);

    public void Dispose() => _frames.Dispose();
}
