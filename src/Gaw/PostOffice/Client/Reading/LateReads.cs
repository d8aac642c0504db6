namespace Gaw.PostOffice.Client.Reading;

/// <summary>
/// Calls into which a thread reads that has lost the loop: it is inside the code of an item's type. What comes meanwhile for one of them waits for that thread, so that parts are read in their order. Thread-safe.
/// </summary>
internal sealed class LateReads
{
    private readonly Lock _gate = new();
    /// <summary>By call; <see langword="null"/>: its late thread has come before the one that takes over, and is through.</summary>
    private readonly Dictionary<PendingCall, Queue<byte[]>?> _waiting = [];

    /// <summary>Written under the gate: raised before another thread takes the next frame, lowered after the late thread has read its last one. Pairs with the read in <see cref="TryAdd"/>: who finds none may read into any call.</summary>
    private volatile int _count;

    /// <summary>The thread that reads into a call has lost the loop; no other has it yet.</summary>
    public void Begin(PendingCall call)
    {
        lock (_gate)
        {
            if (!_waiting.TryAdd(call, new Queue<byte[]>()))
            {
                _waiting.Remove(call);
            }

            _count = _waiting.Count;
        }
    }

    /// <summary>Has a frame wait, if a late thread reads into the call that it belongs to.</summary>
    /// <param name="id">The id in the reply.</param>
    /// <param name="frame">All of it.</param>
    /// <returns><see langword="false"/>: it is for the caller to read.</returns>
    public bool TryAdd(ReadOnlySpan<byte> id, ReadOnlySpan<byte> frame)
    {
        if (_count == 0)
        {
            return false;
        }

        lock (_gate)
        {
            foreach ((PendingCall call, Queue<byte[]>? frames) in _waiting)
            {
                if (frames is not null && call.HasId(id))
                {
                    frames.Enqueue(frame.ToArray());
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>For the late thread, which has read what it had.</summary>
    /// <returns>What has come since; <see langword="null"/>: nothing, and other threads read into the call again.</returns>
    public byte[]? TakeNext(PendingCall call)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(call, out Queue<byte[]>? frames))
            {
                _waiting.Add(call, null);
            }
            else if (frames!.TryDequeue(out byte[]? frame))
            {
                return frame;
            }
            else
            {
                _waiting.Remove(call);
            }

            _count = _waiting.Count;
            return null;
        }
    }
}
