using System.Buffers;
using System.Diagnostics;

namespace Gaw.PostOffice.Framing;

/// <summary>The bytes of one connection that came and were not taken yet. A struct, and part of one <see cref="FrameReader"/>: it is never copied.</summary>
/// <remarks>Memory follows what has arrived, never what was announced: the buffer at most doubles, and goes back to a small one when drained.</remarks>
/// <param name="budget">Is charged with what is above the usual; <see langword="null"/>: nobody is.</param>
internal struct ReceiveBuffer(FrameBudget? budget)
{
    private const int SmallBytes = 4 * 1024;
    private const int BatchBytes = 64 * 1024;

    /// <summary>After so many short receives in a row a batch buffer is given back.</summary>
    private const int ShortReceivesUntilSmall = 32;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBytes);
    private int _start;
    private int _end;
    private int _shortReceives;
    private bool _filled;
    private int _charged;

    /// <summary>How many bytes wait to be taken.</summary>
    public readonly int Count => _end - _start;

    /// <summary>The bytes that wait to be taken.</summary>
    public readonly ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Takes the next bytes, without the line in front of them. They stay valid until the next <see cref="GetFreeSpace"/>.</summary>
    public Memory<byte> Take(int lineBytes, int payloadBytes)
    {
        Memory<byte> payload = _buffer.AsMemory(_start + lineBytes, payloadBytes);
        _start += lineBytes + payloadBytes;
        return payload;
    }

    /// <summary>Where the next bytes go: at least one byte.</summary>
    /// <param name="frameBytes">The size of the frame that has begun, where it is known; it is to lie in one piece.</param>
    public Memory<byte> GetFreeSpace(int frameBytes)
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
        else if (_start > 0 && (_end == _buffer.Length || frameBytes > _buffer.Length - _start))
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

    /// <summary>Goes on in another buffer, and leaves the old one to who still reads in it.</summary>
    public void Leave() => MoveTo(ArrayPool<byte>.Shared.Rent(Math.Max(_end - _start, SmallBytes)));

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        ArrayPool<byte>.Shared.Return(buffer);
        Charge(0);
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

    private void Replace(int bytes) => ArrayPool<byte>.Shared.Return(MoveTo(ArrayPool<byte>.Shared.Rent(bytes)));

    /// <returns>The buffer before.</returns>
    private byte[] MoveTo(byte[] other)
    {
        byte[] old = _buffer;
        old.AsSpan(_start, _end - _start).CopyTo(other);
        _buffer = other;
        _end -= _start;
        _start = 0;
        Charge(other.Length > BatchBytes ? other.Length : 0);
        return old;
    }

    private void Charge(int bytes)
    {
        budget?.Change(bytes - _charged);
        _charged = bytes;
    }
}
