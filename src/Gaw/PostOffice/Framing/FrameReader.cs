namespace Gaw.PostOffice.Framing;

/// <summary>
/// The frames in what has come on one connection. Knows no socket: who receives asks for <see cref="GetFreeSpace"/>, says how much of it was filled, and takes what is
/// complete. A payload is handed out in place and stays valid until the next <see cref="GetFreeSpace"/>.
/// </summary>
internal sealed class FrameReader(int maxFrameBytes, FrameBudget? budget = null) : IDisposable
{
    private ReceiveBuffer _bytes = new(budget);
    private int _frameBytes;

    /// <summary>The frame that has begun, without its end: length line and payload as far as they came; 0 between two frames.</summary>
    public int BufferedBytes => _bytes.Count;

    /// <summary>The length line of the frame that has begun has come whole.</summary>
    public bool HasLengthLine => _frameBytes > 0;

    /// <summary>The length line of the next frame has come whole, and not one byte of its payload.</summary>
    public bool HasOnlyLengthLine { get; private set; }

    /// <summary>Takes the next frame's payload out of the buffer.</summary>
    public FrameStatus TryTake(out Memory<byte> payload)
    {
        payload = default;
        HasOnlyLengthLine = false;
        ReadOnlySpan<byte> unread = _bytes.Unread;
        FrameStatus status = LengthLine.Parse(unread, maxFrameBytes, out int lineBytes, out int payloadBytes);
        if (status != FrameStatus.Complete)
        {
            _frameBytes = 0;
            return status;
        }

        _frameBytes = lineBytes + payloadBytes;
        if (unread.Length < _frameBytes)
        {
            HasOnlyLengthLine = unread.Length == lineBytes;
            return FrameStatus.Incomplete;
        }

        payload = _bytes.Take(lineBytes, payloadBytes);
        _frameBytes = 0;
        return FrameStatus.Complete;
    }

    /// <summary>What of the begun frame's payload has come so far; empty where its length line is not whole.</summary>
    public ReadOnlySpan<byte> PeekPartialPayload()
    {
        ReadOnlySpan<byte> unread = _bytes.Unread;
        return LengthLine.Parse(unread, maxFrameBytes, out int lineBytes, out _) == FrameStatus.Complete ? unread[lineBytes..] : default;
    }

    /// <summary>Where the next bytes go: at least one byte.</summary>
    public Memory<byte> GetFreeSpace() => _bytes.GetFreeSpace(_frameBytes);

    /// <summary>Says how much of the last <see cref="GetFreeSpace"/> was filled.</summary>
    public void Received(int count) => _bytes.Received(count);

    /// <summary>A payload that was handed out is still being read by another thread: goes on in a buffer of its own, and leaves the old one to that thread.</summary>
    public void LeaveBuffer() => _bytes.Leave();

    public void Dispose() => _bytes.Dispose();
}
