using System.Buffers;
using System.Diagnostics;

namespace Gaw.PostOffice.Framing;

/// <summary>
/// The bytes of one connection that came and were not taken yet, and the frames in them. Knows no socket: who receives asks for
/// <see cref="GetFreeSpace"/>, says how much of it was filled, and takes what is complete. A payload is handed out in place and stays valid
/// until the next <see cref="GetFreeSpace"/>.
/// </summary>
/// <remarks>
/// Memory follows what has arrived, never what was announced: the buffer at most doubles, and goes back to a small one when drained.
/// </remarks>
internal sealed class FrameReader(int maxFrameBytes, FrameBudget? budget = null) : IDisposable
{
    private const int SmallBytes = 4 * 1024;
    private const int BatchBytes = 64 * 1024;

    /// <summary>After so many short receives in a row a batch buffer is given back.</summary>
    private const int ShortReceivesUntilSmall = 32;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBytes);
    private int _start;
    private int _end;
    private int _frameBytes;
    private int _shortReceives;
    private bool _filled;
    private int _charged;

    /// <summary>The frame that has begun, without its end: length line and payload as far as they came; 0 between two frames.</summary>
    public int BufferedBytes => _end - _start;

    /// <summary>The length line of the frame that has begun has come whole.</summary>
    public bool HasLengthLine => _frameBytes > 0;

    /// <summary>The length line of the next frame has come whole, and not one byte of its payload.</summary>
    public bool HasOnlyLengthLine { get; private set; }

    /// <summary>Takes the next frame's payload out of the buffer.</summary>
    public FrameStatus TryTake(out Memory<byte> payload)
    {
        payload = default;
        HasOnlyLengthLine = false;
        ReadOnlySpan<byte> unread = _buffer.AsSpan(_start, _end - _start);
        FrameStatus status = ParseLengthLine(unread, maxFrameBytes, out int lineBytes, out int payloadBytes);
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

        payload = _buffer.AsMemory(_start + lineBytes, payloadBytes);
        _start += _frameBytes;
        _frameBytes = 0;
        return FrameStatus.Complete;
    }

    /// <summary>What of the begun frame's payload has come so far; empty where its length line is not whole.</summary>
    public ReadOnlySpan<byte> PeekPartialPayload()
    {
        ReadOnlySpan<byte> unread = _buffer.AsSpan(_start, _end - _start);
        return ParseLengthLine(unread, maxFrameBytes, out int lineBytes, out _) == FrameStatus.Complete ? unread[lineBytes..] : default;
    }

    /// <summary>Where the next bytes go: at least one byte.</summary>
    public Memory<byte> GetFreeSpace()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            ShrinkWhenQuiet();
            if (_filled && _buffer.Length < BatchBytes)
            {
                Replace(BatchBytes);
            }
        }
        else if (_start > 0 && (_end == _buffer.Length || _frameBytes > _buffer.Length - _start))
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Replace(Math.Max(_buffer.Length * 2, SmallBytes));
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how much of the last <see cref="GetFreeSpace"/> was filled.</summary>
    public void Received(int count)
    {
        Debug.Assert(count > 0 && count <= _buffer.Length - _end, "more than there was room for");
        _filled = count == _buffer.Length - _end;
        _shortReceives = count < SmallBytes ? _shortReceives + 1 : 0;
        _end += count;
    }

    /// <summary>A payload that was handed out is still being read by another thread: goes on in a buffer of its own, and leaves the old one to that thread.</summary>
    public void LeaveBuffer()
    {
        byte[] own = ArrayPool<byte>.Shared.Rent(Math.Max(_end - _start, SmallBytes));
        _buffer.AsSpan(_start, _end - _start).CopyTo(own);
        _buffer = own;
        _end -= _start;
        _start = 0;
        Charge(own.Length > BatchBytes ? own.Length : 0);
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Charge(0);
    }

    /// <summary>Reads the line in front of a payload. <see cref="FrameStatus.Complete"/>: the line is whole and within the limit.</summary>
    internal static FrameStatus ParseLengthLine(ReadOnlySpan<byte> bytes, int maxFrameBytes, out int lineBytes, out int payloadBytes)
    {
        lineBytes = 0;
        payloadBytes = 0;
        long length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            uint digit = (uint)(bytes[i] - '0');
            if (digit <= 9)
            {
                if (i == FrameLimits.MaxLengthDigits)
                {
                    return FrameStatus.BadLengthLine;
                }

                // Stays above every limit once there: 20 digits must not wrap round to a small number.
                length = length > int.MaxValue ? length : (length * 10) + digit;
                continue;
            }

            if (bytes[i] != '\n' || i == 0)
            {
                return FrameStatus.BadLengthLine;
            }

            if (length > maxFrameBytes)
            {
                return FrameStatus.TooLarge;
            }

            lineBytes = i + 1;
            payloadBytes = (int)length;
            return FrameStatus.Complete;
        }

        return FrameStatus.Incomplete;
    }

    private void ShrinkWhenQuiet()
    {
        bool large = _buffer.Length > BatchBytes;
        bool quiet = _buffer.Length > SmallBytes && _shortReceives >= ShortReceivesUntilSmall;
        if (large || quiet)
        {
            _shortReceives = 0;
            Replace(large ? BatchBytes : SmallBytes);
        }
    }

    private void Replace(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        _end -= _start;
        _start = 0;
        Charge(larger.Length > BatchBytes ? larger.Length : 0);
    }

    private void Charge(int bytes)
    {
        budget?.Change(bytes - _charged);
        _charged = bytes;
    }
}
