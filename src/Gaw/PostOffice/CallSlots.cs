namespace Gaw.PostOffice;

/// <summary>
/// The places among <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>. Who finds none waits in a queue without a thread; what was given up meanwhile is
/// passed over. Thread-safe.
/// </summary>
internal sealed class CallSlots(int count)
{
    private readonly Lock _gate = new();
    private readonly Queue<HeldMessage> _waiting = new();
    private int _free = count;

    /// <summary>Takes a place, if there is one and nobody waits for it.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_free == 0)
            {
                return false;
            }

            _free--;
            return true;
        }
    }

    /// <summary>The message begins with the first place that it can have, perhaps at once.</summary>
    public void Enqueue(HeldMessage message)
    {
        lock (_gate)
        {
            if (_free == 0)
            {
                _waiting.Enqueue(message);
                return;
            }

            _free--;
        }

        message.Queue();
    }

    /// <summary>Gives a place back, to the one that waits longest.</summary>
    public void Leave()
    {
        HeldMessage? next;
        lock (_gate)
        {
            do
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _free++;
                    return;
                }
            }
            while (next.IsDropped);
        }

        next.Queue();
    }
}
