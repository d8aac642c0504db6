using System.Buffers;
using System.Collections.Concurrent;

namespace Gaw.Nats.Client;

/// <summary>The replies to one call whose result comes in parts, off the loop that reads from the engine: read on a thread of the pool, one after the other.</summary>
/// <param name="read">Reads one; the buffer is given back afterwards.</param>
internal sealed class PartQueue(Action<Memory<byte>> read) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<(byte[] Buffer, int Length)> _unread = new();

    /// <summary>The increment pairs with the decrement: whoever adds the first has it read, and the one who reads goes on while there are others.</summary>
    private int _count;

    /// <summary>Something has come that was not read yet.</summary>
    public bool HasUnread => Volatile.Read(ref _count) > 0;

    public void Add(in ReadOnlySequence<byte> payload)
    {
        int length = (int)payload.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        payload.CopyTo(buffer);
        _unread.Enqueue((buffer, length));
        if (Interlocked.Increment(ref _count) == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            _unread.TryDequeue(out (byte[] Buffer, int Length) part);
            read(part.Buffer.AsMemory(0, part.Length));
            ArrayPool<byte>.Shared.Return(part.Buffer);
        }
        while (Interlocked.Decrement(ref _count) > 0);
    }
}
