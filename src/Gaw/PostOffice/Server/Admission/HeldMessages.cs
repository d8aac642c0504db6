namespace Gaw.PostOffice.Server.Admission;

/// <summary>The queued messages of one connection: those that wait, and those that have begun and not ended. Thread-safe.</summary>
/// <param name="mostBytes">Memory of all waiting messages above which no further one is read.</param>
internal sealed class HeldMessages(long mostBytes)
{
    private readonly Lock _gate = new();
    private readonly HashSet<HeldMessage> _waiting = [];
    private readonly Dictionary<UInt128, HeldMessage> _byNumber = [];
    private TaskCompletionSource? _room;

    /// <summary>Written under the gate; pairs with the read in <see cref="HasRoom"/>. A reader that sees no room asks again in <see cref="WhenRoomAsync"/>, under the gate.</summary>
    private long _bytes;

    /// <summary>Written under the gate; pairs with the read in <see cref="Count"/>, for figures only.</summary>
    private int _count;

    private bool _isClosed;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Another one may be added.</summary>
    public bool HasRoom => Volatile.Read(ref _bytes) <= mostBytes;

    public void Add(HeldMessage held)
    {
        lock (_gate)
        {
            _waiting.Add(held);
            Charge(held.Bytes);
            if (held.Number is { } number)
            {
                _byNumber[number] = held;
            }
        }
    }

    /// <summary>It waits no longer: it begins, or was dropped.</summary>
    public void Leave(HeldMessage held)
    {
        lock (_gate)
        {
            _waiting.Remove(held);
            Charge(-held.Bytes);
            if (HasRoom)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    /// <summary>It has ended.</summary>
    public void Forget(HeldMessage held)
    {
        lock (_gate)
        {
            if (held.Number is { } number && _byNumber.TryGetValue(number, out HeldMessage? known) && known == held)
            {
                _byNumber.Remove(number);
            }
        }
    }

    /// <summary>The one with this number, if it has not ended.</summary>
    public HeldMessage? Find(UInt128 number)
    {
        lock (_gate)
        {
            return _byNumber.GetValueOrDefault(number);
        }
    }

    /// <summary>Those that wait now.</summary>
    public HeldMessage[] ToArray()
    {
        lock (_gate)
        {
            return [.. _waiting];
        }
    }

    /// <summary>Completes when <see cref="HasRoom"/>.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate)
        {
            return HasRoom || _isClosed ? Task.CompletedTask : (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Nobody is to wait for room any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _room?.TrySetResult();
            _room = null;
        }
    }

    private void Charge(int bytes)
    {
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _count, _waiting.Count);
    }
}
