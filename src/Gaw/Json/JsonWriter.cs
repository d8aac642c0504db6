using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gaw.Json;

/// <summary>
/// Writes a document exactly as Python's <c>json.dumps</c> does, into a pooled buffer that grows. Puts commas and colons itself, and trusts
/// its caller to open and close in order. Not thread-safe; used again after <see cref="Reset"/>.
/// </summary>
internal sealed partial class JsonWriter : IDisposable
{
    private const int InitialSize = 512;

    private readonly int _headroom;
    private byte[] _buffer;
    private int _position;
    private int _limit;
    private int _depth;
    private bool _needsComma;

    /// <summary>Makes a writer.</summary>
    /// <param name="headroom">Bytes kept free in front of the document, for a frame's header.</param>
    public JsonWriter(int headroom = 0)
    {
        _headroom = headroom;
        _buffer = ArrayPool<byte>.Shared.Rent(headroom + InitialSize);
        _position = headroom;
        _limit = Array.MaxLength;
    }

    /// <summary>The largest document in bytes. Default: what an array can hold.</summary>
    public int MaxLength
    {
        get => _limit - _headroom;
        set => _limit = value >= 0 ? (int)Math.Min((long)value + _headroom, Array.MaxLength) : throw new ArgumentOutOfRangeException(nameof(value), value, "Give 0 or more.");
    }

    /// <summary>Nested arrays and objects of a document. Default: 128.</summary>
    public int MaxDepth
    {
        get;
        set => field = value is > 0 and <= JsonLimits.LargestDepth ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Give 1 to {JsonLimits.LargestDepth}.");
    } = JsonLimits.Default.MaxDepth;

    /// <summary>The call whose arguments are written; the converters of streams ask it. <see langword="null"/>: there is none, and no stream can stand in the document.</summary>
    public object? Owner { get; set; }

    /// <summary>The number of arrays and objects around an argument of the <see cref="Owner"/>.</summary>
    public int ArgumentDepth { get; set; }

    /// <summary>The next value is a part of an argument, not an argument itself.</summary>
    public bool IsInsideValue => _depth > ArgumentDepth;

    /// <summary>The bytes of the document so far.</summary>
    public int Length => _position - _headroom;

    /// <summary>The document so far, without the headroom; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(_headroom, Length);

    /// <summary>What has failed was above <see cref="MaxLength"/>; until the document is taken back.</summary>
    internal bool WasTooLong { get; private set; }

    /// <summary>Forgets the document and keeps the buffer.</summary>
    public void Reset()
    {
        _position = _headroom;
        _depth = 0;
        _needsComma = false;
        Owner = null;
        ArgumentDepth = 0;
        WasTooLong = false;
    }

    /// <summary>Where the document stands, to come back to.</summary>
    public Mark GetMark() => new(_position, _depth, _needsComma);

    /// <summary>Forgets what was written since a mark of the same document.</summary>
    public void Rollback(Mark mark) => (_position, _depth, _needsComma, WasTooLong) = (mark.Position, mark.Depth, mark.NeedsComma, false);

    /// <summary>Hands the buffer over to the caller, who returns it to <see cref="ArrayPool{T}.Shared"/>; the writer starts anew with another one.</summary>
    /// <param name="start">Where the document starts in the buffer; the headroom is in front of it.</param>
    /// <param name="length">The bytes of the document.</param>
    public byte[] DetachBuffer(out int start, out int length)
    {
        byte[] buffer = _buffer;
        start = _headroom;
        length = Length;
        _buffer = ArrayPool<byte>.Shared.Rent(_headroom + InitialSize);
        Reset();
        return buffer;
    }

    /// <summary>The buffer itself, for a frame to be made in place: the headroom, the document, and at least <paramref name="tail"/> bytes behind it.</summary>
    /// <param name="tail">Bytes needed behind the document.</param>
    /// <param name="start">Where the document starts.</param>
    public byte[] GetBuffer(int tail, out int start)
    {
        Reserve(tail);
        start = _headroom;
        return _buffer;
    }

    /// <summary>Returns the buffer to the pool.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _position = _headroom;
        }
    }

    /// <summary>Opens an array.</summary>
    public void BeginArray() => Begin((byte)'[');

    /// <summary>Closes an array.</summary>
    public void EndArray() => End((byte)']');

    /// <summary>Opens an object.</summary>
    public void BeginObject() => Begin((byte)'{');

    /// <summary>Closes an object.</summary>
    public void EndObject() => End((byte)'}');

    /// <summary>Writes the last member of an object and closes it.</summary>
    /// <param name="run">The comma, the name, the value and the brace.</param>
    public void EndObject(ReadOnlySpan<byte> run)
    {
        Debug.Assert(_depth > 0, "Something is closed that was never opened.");
        _depth--;
        Append(run);
        _needsComma = true;
    }

    /// <summary>Writes <c>null</c>.</summary>
    public void Null() => Raw("null"u8);

    /// <summary>Writes <c>true</c> or <c>false</c>.</summary>
    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Writes one complete value that is JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        BeforeValue();
        value.CopyTo(Reserve(value.Length));
        Advance(value.Length);
        _needsComma = true;
    }

    /// <summary>Writes bytes as they are, without a comma before them or before the next value. Brackets in them do not count for the depth.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Advance(bytes.Length);
        _needsComma = false;
    }

    private void Begin(byte opening)
    {
        BeforeValue();
        if (_depth >= MaxDepth)
        {
            throw new GawSerializationException($"The value is nested deeper than the limit of {MaxDepth} levels; perhaps it contains itself.");
        }

        _depth++;
        Reserve(1)[0] = opening;
        Advance(1);
        _needsComma = false;
    }

    private void End(byte closing)
    {
        Debug.Assert(_depth > 0, "Something is closed that was never opened.");
        _depth--;
        Reserve(1)[0] = closing;
        Advance(1);
        _needsComma = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeforeValue()
    {
        if (_needsComma)
        {
            Span<byte> room = Reserve(2);
            room[0] = (byte)',';
            room[1] = (byte)' ';
            _position += 2;
        }
    }

    /// <summary>At least so many bytes behind the position. May reserve more than will be used, so the limit is checked by <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _position < count)
        {
            Grow(count);
        }

        return _buffer.AsSpan(_position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Advance(int count)
    {
        _position += count;
        if (_position > _limit)
        {
            ThrowTooLong(Length);
        }
    }

    private void Grow(int count)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        long needed = (long)_position + count;
        if (needed > Array.MaxLength)
        {
            ThrowTooLong(needed - _headroom);
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void ThrowTooLong(long bytes)
    {
        WasTooLong = true;
        throw new GawSerializationException($"The document has {bytes} bytes or more, above the limit of {MaxLength} bytes.");
    }

    /// <summary>A place in a document.</summary>
    internal readonly record struct Mark(int Position, int Depth, bool NeedsComma);
}
