using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Server.Watching;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Server;

/// <summary>Moves the frames of a <see cref="ReplyQueue"/> to the socket. Used by the one thread that sends.</summary>
/// <param name="transport">Where they go.</param>
/// <param name="frames">Where they come from.</param>
/// <param name="lost">Called when sending fails: the connection is lost.</param>
internal sealed class ReplyPump(Transport transport, FrameWriter frames, Action lost)
{
    /// <summary>A large reply is handed to the system in pieces, so that <see cref="SlowPeerDetector"/> sees how far the peer has read.</summary>
    private const int MaxSentAtOnceBytes = 64 * 1024;

    /// <summary>Sends what waits, until nothing does.</summary>
    public async ValueTask SendAsync()
    {
        try
        {
            while (frames.TakeBatch() is { } batch)
            {
                foreach (FrameChunk chunk in batch)
                {
                    ReadOnlyMemory<byte> rest = chunk.Bytes;
                    while (!rest.IsEmpty)
                    {
                        int count = await transport.SendAsync(rest[..Math.Min(rest.Length, MaxSentAtOnceBytes)]).ConfigureAwait(false);
                        frames.Sent(count);
                        rest = rest[count..];
                    }
                }

                FrameWriter.Release(batch);
            }
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            frames.Dispose();
            lost();
        }
    }
}
