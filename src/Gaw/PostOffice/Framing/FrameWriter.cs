using System.Buffers;
using Gaw.PostOffice.Protection;

namespace Gaw.PostOffice.Framing;

/// <summary>
/// Frames on their way out of one connection. Any thread adds; one at a time sends. Frames that are ready together leave in one write,
/// a large one is not copied. Knows no socket.
/// </summary>
internal sealed class FrameWriter : IDisposable
{
    private const int SmallChunkBytes = 1024;
    private const int ChunkBytes = 16 * 1024;

    /// <summary>While more waits, streams pause: a reply that comes now has no more than this, and a part of each stream, in front of it.</summary>
    private const int FullBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private List<FrameChunk> _waiting = [];
    private List<FrameChunk> _taken = [];
    private bool _wasLarge;
    private bool _sending;

    /// <summary>Written under the gate; pairs with the read in <see cref="PendingBytes"/>.</summary>
    private bool _closed;

    private TaskCompletionSource? _idle;

    /// <summary>Written under the gate; pairs with the read in <see cref="Sent"/>. Either the one who waits sees what was sent, or the one who sends sees it wait.</summary>
    private volatile TaskCompletionSource? _room;

    /// <summary>
    /// Positions in the stream. The added bytes are written under the gate, the sent and attempted ones by the one thread that sends. They pair with the reads in <see cref="PendingBytes"/>,
    /// <see cref="SentBytes"/> and <see cref="AttemptedBytes"/>, by clocks and by the thread that ends the connection.
    /// </summary>
    private long _addedBytes;
    private long _sentBytes;
    private long _attemptedBytes;

    /// <summary>Bytes added and not sent yet; none once the connection is closed, since then they never will be.</summary>
    public long PendingBytes => Volatile.Read(ref _closed) ? 0 : Volatile.Read(ref _addedBytes) - Volatile.Read(ref _sentBytes);

    /// <summary>Bytes that were handed over to the system since the connection began.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>Bytes that the system was asked to take; what lies between <see cref="SentBytes"/> and here may have left or not.</summary>
    public long AttemptedBytes => Volatile.Read(ref _attemptedBytes);

    /// <summary>So much waits that streams pause.</summary>
    public bool IsFull => PendingBytes > FullBytes;

    /// <summary>Bytes that lie in front of a document for its length line and its seal.</summary>
    public static int Headroom(IFrameProtector protector) => FrameLimits.LengthLineBytes + protector.HeadBytes;

    /// <summary>Copies a frame in.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="position">Gets the place of the frame in the stream.</param>
    /// <returns>The stream position behind the frame, to be compared with <see cref="SentBytes"/>; -1 where the connection is closed.</returns>
    public long Add(ReadOnlySpan<byte> frame, FramePosition? position = null)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return -1;
            }

            int last = _waiting.Count - 1;
            if (last < 0 || _waiting[last].Free < frame.Length)
            {
                // A batch is as large as the one before, mostly: one array then holds it, and one call of the system sends it.
                _waiting.Add(new FrameChunk(ArrayPool<byte>.Shared.Rent(Math.Max(frame.Length, last < 0 && !_wasLarge ? SmallChunkBytes : ChunkBytes)), 0, 0));
                last++;
            }

            FrameChunk chunk = _waiting[last];
            frame.CopyTo(chunk.Array.AsSpan(chunk.Start + chunk.Length));
            _waiting[last] = chunk with { Length = chunk.Length + frame.Length };
            return Take(frame.Length, position);
        }
    }

    /// <summary>Takes a frame over with the pooled array it lies in.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{byte}, FramePosition)" path="/returns"/>
    public long Add(byte[] pooled, int start, int length, FramePosition? position = null)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _waiting.Add(new FrameChunk(pooled, start, length));
                return Take(length, position);
            }
        }

        ArrayPool<byte>.Shared.Return(pooled);
        return -1;
    }

    /// <summary><see langword="true"/>: there is something to send and nobody sends, so the caller does, with <see cref="TakeBatch"/> until it gives nothing.</summary>
    public bool TryBeginSending()
    {
        lock (_gate)
        {
            if (_sending || _waiting.Count == 0 || _closed)
            {
                return false;
            }

            _sending = true;
            return true;
        }
    }

    /// <summary>For the one who sends: everything that waits; after the last of it, nothing, and the sending is over.</summary>
    public List<FrameChunk>? TakeBatch()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || _closed)
            {
                _sending = false;
                _idle?.TrySetResult();
                _idle = null;
                return null;
            }

            (_taken, _waiting) = (_waiting, _taken);
            _wasLarge = _taken.Count > 1 || _taken[0].Length > SmallChunkBytes;
            return _taken;
        }
    }

    /// <summary>Completes when everything that was added is sent, or the connection is closed.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            return _closed || (!_sending && _waiting.Count == 0)
                ? Task.CompletedTask
                : (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Completes when <see cref="IsFull"/> is over, or the connection is closed.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate)
        {
            TaskCompletionSource room = _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

            // Pairs with the barrier in Sent.
            Interlocked.MemoryBarrier();
            if (_closed || !IsFull)
            {
                _room = null;
                room.TrySetResult();
            }

            return room.Task;
        }
    }

    /// <summary>For the one who sends: the system took <paramref name="bytes"/> more.</summary>
    public void Sent(int bytes)
    {
        Volatile.Write(ref _sentBytes, _sentBytes + bytes);

        // Pairs with the barrier in WhenRoomAsync.
        Interlocked.MemoryBarrier();
        if (_room is not null && !IsFull)
        {
            OpenRoom();
        }
    }

    /// <summary>For the one who sends: the system is about to be given so many bytes.</summary>
    public void Attempting(int bytes) => Volatile.Write(ref _attemptedBytes, _sentBytes + bytes);

    /// <summary>For the one who sends: the batch is done with.</summary>
    public static void Release(List<FrameChunk> batch)
    {
        foreach (FrameChunk chunk in batch)
        {
            ArrayPool<byte>.Shared.Return(chunk.Array);
        }

        batch.Clear();
    }

    /// <summary>Drops what waits; nothing can be added any more. What is being sent at the moment still leaves.</summary>
    /// <returns>The stream position behind the last frame that was not dropped.</returns>
    public long Close()
    {
        lock (_gate)
        {
            long kept = _addedBytes - _waiting.Sum(static chunk => (long)chunk.Length);
            if (!_closed)
            {
                _closed = true;
                Release(_waiting);
                Volatile.Write(ref _addedBytes, Volatile.Read(ref _sentBytes));
                _idle?.TrySetResult();
                _idle = null;
                OpenRoom();
            }

            return kept;
        }
    }

    public void Dispose() => Close();

    private void OpenRoom()
    {
        lock (_gate)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>Under the gate: the frame's place is known before anybody can send it.</summary>
    private long Take(int bytes, FramePosition? position)
    {
        _addedBytes += bytes;
        if (position is not null)
        {
            position.Start = _addedBytes - bytes;
            position.End = _addedBytes;
        }

        return _addedBytes;
    }
}
