using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Sockets;
using Gaw.Shared;

namespace Gaw.PostOffice.Client.Sending;

/// <summary>Moves the frames of a <see cref="RequestQueue"/> to the socket. Used by the one thread that sends.</summary>
/// <param name="transport">Where they go.</param>
/// <param name="frames">Where they come from.</param>
/// <param name="failed">Called when sending fails.</param>
internal sealed class RequestPump(Transport transport, FrameWriter frames, Action<Exception> failed)
{
    /// <summary>What is being sent, and how far: of the one thread that sends, which may hand it over to another.</summary>
    private List<FrameChunk>? _batch;
    private int _chunk;
    private int _offset;

    /// <summary>For the thread that sends. <see langword="false"/>: the peer takes nothing at the moment, and the rest is still this thread's, to be handed on.</summary>
    public bool Send(int patience)
    {
        Deadline deadline = new(patience == Timeout.Infinite ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(patience));
        try
        {
            while ((_batch ??= frames.TakeBatch()) is { } batch)
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

                    frames.Attempting(rest.Length);
                    int count = patience == Timeout.Infinite ? transport.Send(rest)
                        : patience > 0 && deadline.IsOver ? 0
                        : transport.TrySend(rest, patience == 0 ? 0 : deadline.SocketMilliseconds);
                    if (count == 0)
                    {
                        frames.Attempting(0);
                        return false;
                    }

                    frames.Sent(count);
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
