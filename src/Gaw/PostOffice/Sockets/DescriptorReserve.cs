namespace Gaw.PostOffice.Sockets;

/// <summary>
/// Keeps descriptors free for the runtime, which needs them for each new thread and each assembly: a process without any does not fail a call but ends. The last ones
/// are no connection's. A few are held from the start, so that there is something to give where a limit was set too low. <see cref="DescriptorPolicy"/> decides; here
/// are the effects.
/// </summary>
/// <param name="time">The clock by which a count becomes old.</param>
/// <param name="countFree">How many descriptors are free, or more; <see langword="null"/> where the system does not say.</param>
/// <param name="probed">A file that can always be opened where descriptors are free.</param>
internal sealed class DescriptorReserve(TimeProvider time, Func<int?> countFree, string probed) : IDisposable
{
    private readonly HeldDescriptors _held = new(probed);
    private int _counted;
    private int _acceptedSince;
    private long _countedAt = time.GetTimestamp() - time.TimestampFrequency;

    /// <summary>The system gave no descriptor, and no probe has succeeded since: a count of this process is not enough.</summary>
    private bool _wasRefused;

    /// <summary>The reserve of a server of this process. Begins full, where there is one to be had.</summary>
    public DescriptorReserve(TimeProvider time)
        : this(time, DescriptorTable.CountFree, "/dev/null") => _held.Refill();

    /// <summary>Whether a connection may be accepted, as far as descriptors go. Gives the reserve away where not, and takes it back when plenty are free.</summary>
    public bool MayAccept()
    {
        int? probe = null;
        while (true)
        {
            DescriptorFacts facts = new()
            {
                Counted = _counted,
                SinceCount = time.GetElapsedTime(_countedAt),
                AcceptedSince = _acceptedSince,
                Probed = probe,
                Missing = _held.Missing,
                Held = _held.Count,
            };
            switch (DescriptorPolicy.Decide(facts))
            {
                case DescriptorStep.Accept:
                    _acceptedSince++;
                    return true;
                case DescriptorStep.RefillAndAccept:
                    _acceptedSince++;
                    _held.Refill();
                    return true;
                case DescriptorStep.Count:
                    probe = _wasRefused ? Look(DescriptorPolicy.ProbeDepth(facts.Missing)) : countFree();
                    _counted = probe ?? 0;
                    probe = probe < DescriptorPolicy.Near ? probe : null;
                    _countedAt = time.GetTimestamp();
                    _acceptedSince = 0;
                    break;
                case DescriptorStep.Probe:
                    probe = Look(DescriptorPolicy.ProbeDepth(facts.Missing));
                    break;
                case DescriptorStep.GiveAway:
                    _counted = 0;
                    _held.Release();
                    probe = Look(DescriptorPolicy.Spare);
                    break;
                default:
                    return false;
            }
        }
    }

    /// <summary>Gives the reserve away: the system gave no descriptor, whatever it said of how many are free.</summary>
    public void Release()
    {
        _counted = 0;
        _wasRefused = true;
        _held.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Release();

    /// <summary>
    /// How many are free. A count takes one descriptor at a time. A probe takes several, and a call that needs one meanwhile finds none, so it is for systems that do not say.
    /// It is also made after a refusal: the files of the whole system may have run out.
    /// </summary>
    private int Look(int depth)
    {
        int? counted = countFree();
        if (counted is { } known && (!_wasRefused || known < DescriptorPolicy.Spare))
        {
            return known;
        }

        int probed = Math.Min(counted ?? int.MaxValue, _held.Probe(depth));
        _wasRefused &= probed < DescriptorPolicy.Spare;
        return probed;
    }
}
