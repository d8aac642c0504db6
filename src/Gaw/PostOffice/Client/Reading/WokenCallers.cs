namespace Gaw.PostOffice.Client.Reading;

/// <summary>
/// Blocked callers that one batch of replies has woken. Most call again at once, so their requests can leave together: each leaves its own to those that are still expected, and the last one sends for
/// all. A caller that does something else first must not hold up the rest: the reading thread waits <see cref="Patience"/> for the last one, and rests for some batches where that was in vain. Pure, but for the counter.
/// </summary>
/// <remarks>A request is held back only while somebody is expected, and whoever ends that sends: the caller that comes last, or the reading thread. So none stays behind.</remarks>
internal sealed class WokenCallers
{
    /// <summary>Batches that are not gathered after a wait in vain; twice as many after each further one.</summary>
    public const int LeastRest = 64;

    private const int MostRest = 1 << 20;

    /// <summary>How long the reading thread waits for the callers that it has woken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Callers that are to come, and the reading thread while it dispatches. The increment of the reading thread comes before the caller is woken, so it pairs with that caller's decrement; the exchange in
    /// <see cref="End"/> pairs with each decrement: one of the two threads finds that nobody is expected any more, and sends. A caller that nobody expected may take it below zero.
    /// </summary>
    private int _expected;

    /// <summary>Of the reading thread, as is all below.</summary>
    private int _woken;
    private int _rest;
    private int _nextRest = LeastRest;

    /// <summary>By the reading thread, between batches: it is to receive for no longer than <see cref="Patience"/>, and then to call <see cref="End"/>.</summary>
    public bool AreExpected => Volatile.Read(ref _expected) > 0;

    /// <summary>By the reading thread: a blocked caller is about to be woken.</summary>
    public void OnWaking()
    {
        if (_rest > 0)
        {
            return;
        }

        if (_woken++ == 0)
        {
            if (Volatile.Read(ref _expected) < 0)
            {
                Interlocked.Exchange(ref _expected, 0);
            }

            Interlocked.Increment(ref _expected);
        }

        Interlocked.Increment(ref _expected);
    }

    /// <summary>By the reading thread, which sends what waits afterwards: all that has come is dispatched.</summary>
    public void OnDispatched()
    {
        _rest = Math.Max(0, _rest - 1);
        if (_woken == 1)
        {
            // One that is alone waits for nobody.
            End(inVain: false);
        }
        else if (_woken > 1)
        {
            Interlocked.Decrement(ref _expected);
        }

        _woken = 0;
    }

    /// <summary>By the reading thread, which sends what waits afterwards: something is about to run that may take long. Callers that it wakes later in the batch are gathered anew.</summary>
    public void Interrupt()
    {
        _woken = 0;
        End(inVain: false);
    }

    /// <summary>By a blocked caller whose request is queued. <see langword="true"/>: another thread sends it.</summary>
    public bool TryLeaveToOthers() => Volatile.Read(ref _expected) > 0 && Interlocked.Decrement(ref _expected) > 0;

    /// <summary>By the reading thread, which sends what waits afterwards: nobody is expected any more.</summary>
    /// <param name="inVain">It has waited, and not all have come.</param>
    public void End(bool inVain)
    {
        if (Interlocked.Exchange(ref _expected, 0) > 0 && inVain)
        {
            _rest = _nextRest;
            _nextRest = Math.Min(_nextRest * 2, MostRest);
        }
    }
}
