using System.Buffers;
using System.Collections.Concurrent;

namespace Gaw.Nats.Engine;

/// <summary>The messages of one call whose result or arguments come in parts, off the loop that reads from the engine: read on a thread of the pool, one after the other.</summary>
/// <param name="read">Reads one; the buffer is given back afterwards.</param>
/// <param name="maxBytes">So much may wait, and one message in any case. One beyond is dropped, which the totals of the next one show.</param>
internal sealed class PartQueue(Action<Memory<byte>> read, long maxBytes = long.MaxValue) : IThreadPoolWorkItem
{
    /// <summary>What a message costs beside its bytes.</summary>
    private const int EntryBytes = 64;

    /// <summary>Messages may have so many times the bytes of their items, as a comma and a space stand between two of a byte each; and something stands around them.</summary>
    private const int BytesOfItemByte = 4;

    private readonly ConcurrentQueue<(Memory<byte> Message, byte[] Rented)> _unread = new();

    /// <summary>The increment pairs with the decrement: whoever adds the first has it read, and the one who reads goes on while there are others.</summary>
    private int _count;

    /// <summary>A counter: the additions pair with each other, and with the read of the one thread that adds.</summary>
    private long _bytes;

    /// <summary>Something has come that was not read yet.</summary>
    public bool HasUnread => Volatile.Read(ref _count) > 0;

    /// <summary>The room of one stream: its window, and behind it one message of any size.</summary>
    public static long RoomFor(long windowBytes, long messageBytes) => (BytesOfItemByte * windowBytes) + messageBytes;

    /// <summary>Adds a message that belongs to the loop.</summary>
    public void Add(in ReadOnlySequence<byte> payload)
    {
        int length = (int)payload.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        payload.CopyTo(buffer);
        Add(buffer.AsMemory(0, length), buffer);
    }

    /// <summary>Adds a message, or a part of one.</summary>
    /// <param name="message">What is to be read.</param>
    /// <param name="rented">The buffer that it lies in; it belongs to the queue from now on.</param>
    public void Add(Memory<byte> message, byte[] rented)
    {
        int cost = message.Length + EntryBytes;
        if (Interlocked.Add(ref _bytes, cost) is var waiting && waiting > maxBytes && waiting > cost)
        {
            Interlocked.Add(ref _bytes, -cost);
            ArrayPool<byte>.Shared.Return(rented);
            return;
        }

        _unread.Enqueue((message, rented));
        if (Interlocked.Increment(ref _count) == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            _unread.TryDequeue(out (Memory<byte> Message, byte[] Rented) part);
            read(part.Message);
            ArrayPool<byte>.Shared.Return(part.Rented);
            Interlocked.Add(ref _bytes, -part.Message.Length - EntryBytes);
        }
        while (Interlocked.Decrement(ref _count) > 0);
    }
}
