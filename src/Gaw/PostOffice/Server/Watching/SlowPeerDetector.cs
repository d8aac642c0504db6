using Gaw.Logging;

namespace Gaw.PostOffice.Server.Watching;

/// <summary>
/// Whether a peer sends and reads fast enough: what is slow on purpose must not hold a connection and its buffers for ever. Looks at the
/// connection twice a second and counts; the connection itself spends nothing on it. What is counted are its own looks: after a suspension of the process
/// or the machine each peer has the whole rest of its time, since what it sent meanwhile has yet to be read.
/// </summary>
internal struct SlowPeerDetector
{
    private const int MinBytesPerSecond = 240;
    private static readonly TimeSpan FirstByteTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LengthLineTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PayloadGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadingTimeout = TimeSpan.FromSeconds(10);

    private PeerSnapshot _last;
    private TimeSpan _inFrame;
    private TimeSpan _inPayload;
    private TimeSpan _silent;
    private TimeSpan _notReading;
    private bool _hasSpoken;

    /// <summary>The reason is <see cref="PostOfficeServerOptions.IdleTimeout"/>: nothing is wrong with the peer.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>Judges after one more <paramref name="tick"/>.</summary>
    /// <returns>Why the connection is to be cut off, or <see langword="null"/>.</returns>
    public string? Judge(PeerSnapshot now, TimeSpan tick, PostOfficeServerOptions options)
    {
        bool inSameFrame = now.AwaitsBytes && now.BufferedBytes > 0 && now.FramesTaken == _last.FramesTaken;
        bool silent = now.AwaitsBytes && now.BufferedBytes == 0 && !now.Running && now.FramesTaken == _last.FramesTaken;
        bool notReading = now.PendingReplyBytes > 0 && now.SentBytes == _last.SentBytes && _last.PendingReplyBytes > 0;
        _hasSpoken |= now.BufferedBytes > 0 || now.FramesTaken > 0;
        _inFrame = inSameFrame ? _inFrame + tick : TimeSpan.Zero;
        _inPayload = inSameFrame && now.HasLengthLine ? _inPayload + tick : TimeSpan.Zero;
        _silent = silent ? _silent + tick : TimeSpan.Zero;
        _notReading = notReading ? _notReading + tick : TimeSpan.Zero;
        _last = now;
        if (_inFrame > LengthLineTimeout && !now.HasLengthLine)
        {
            return $"a length line was not there after {DurationText.Of(LengthLineTimeout)}";
        }

        if (_inPayload > PayloadGrace && now.BufferedBytes < (_inPayload - PayloadGrace).TotalSeconds * MinBytesPerSecond)
        {
            return $"a frame came with less than {MinBytesPerSecond} bytes a second";
        }

        if (options.FrameTimeout != Timeout.InfiniteTimeSpan && _inFrame > options.FrameTimeout)
        {
            return $"a frame was not there whole after FrameTimeout ({DurationText.Of(options.FrameTimeout)})";
        }

        if (!_hasSpoken && _silent > FirstByteTimeout)
        {
            return $"nothing came in the first {DurationText.Of(FirstByteTimeout)}";
        }

        IsIdle = options.IdleTimeout != Timeout.InfiniteTimeSpan && _silent > options.IdleTimeout;
        if (IsIdle)
        {
            return $"no call came for IdleTimeout ({DurationText.Of(options.IdleTimeout)})";
        }

        return _notReading > ReadingTimeout ? $"it has not read its answers for {DurationText.Of(ReadingTimeout)}" : null;
    }

    /// <summary>What is to be seen of a connection at one moment.</summary>
    /// <param name="AwaitsBytes">It waits for the peer to send.</param>
    /// <param name="FramesTaken">Frames that have come whole.</param>
    /// <param name="BufferedBytes">Bytes of the frame that has begun.</param>
    /// <param name="HasLengthLine">The begun frame's length line is whole.</param>
    /// <param name="PendingReplyBytes">Bytes that wait for the peer to read.</param>
    /// <param name="SentBytes">Bytes that it was sent.</param>
    /// <param name="Running">A call of it runs.</param>
    internal readonly record struct PeerSnapshot(
        bool AwaitsBytes, int FramesTaken, int BufferedBytes, bool HasLengthLine, long PendingReplyBytes, long SentBytes, bool Running);
}
