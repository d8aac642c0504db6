namespace Gaw.PostOffice.Server.Admission;

/// <summary>
/// The places among <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>. A message that finds none waits in a queue, without a thread. Dropped ones are
/// passed over. Thread-safe.
/// </summary>
internal sealed class CallSlots(int count)
{
    /// <summary>Below this number, dropped messages stay in the queue: copying it would cost more.</summary>
    private const int FewDropped = 64;

    private readonly Lock _gate = new();
    private Queue<QueuePlace> _waiting = new();
    private int _dropped;
    private int _free = count;

    /// <summary>How many wait.</summary>
    public int QueuedCount
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count(static waiting => !waiting.IsDropped);
            }
        }
    }

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
    public void Enqueue(QueuePlace message)
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

    /// <summary>A waiting message was dropped. Sweeps the queue where most of it is dropped: while no place becomes free, nothing else would shorten it.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _dropped++;
            if (_dropped >= FewDropped && _dropped * 2 > _waiting.Count)
            {
                _waiting = new Queue<QueuePlace>(_waiting.Where(static held => !held.IsDropped));
                _dropped = 0;
            }
        }
    }

    /// <summary>Gives a place back, to the one that waits longest.</summary>
    public void Leave()
    {
        QueuePlace? next;
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
