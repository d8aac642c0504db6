using Gaw.JsonWeb.Streams.Sending;
using Gaw.Logging;
using Gaw.PostOffice;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>The clock of a call with a stream: how long it may be silent, how long it may take in all, and when its sender has to hear again that it is wanted.</summary>
/// <param name="call">The call, which it ends.</param>
/// <param name="terms">What its caller wants.</param>
/// <param name="renew">Says to the server that the call is wanted.</param>
internal sealed class StreamWatch(PendingCall call, StreamTerms terms, Action renew)
{
    private ITimer? _timer;
    private long _lastLease;

    /// <summary>Written by the thread that reads; pairs with the read of the clock's thread, for which a moment-old one is as good.</summary>
    private long _lastHeard;

    /// <summary>A part has come. The first one starts the watch.</summary>
    /// <returns>It was the first.</returns>
    public bool OnPart()
    {
        Volatile.Write(ref _lastHeard, terms.Clock.GetTimestamp());
        if (_timer is not null)
        {
            return false;
        }

        // The lease runs already: a first part that comes late is followed by a renewal at once.
        _lastLease = call.SentAt;
        _timer = Background.CreateTimer(terms.Clock, static self => ((StreamWatch)self!).Look(), this, Timeout.InfiniteTimeSpan);
        Look();
        return true;
    }

    /// <summary>The call has ended.</summary>
    public void Stop() => _timer?.Dispose();

    private void Look()
    {
        if (call.IsDone)
        {
            // A part that was being read when the call was left.
            return;
        }

        long now = terms.Clock.GetTimestamp();
        TimeSpan untilSilence = Deadline.RestOf(terms.Silence, terms.Clock.GetElapsedTime(Volatile.Read(ref _lastHeard), now));
        TimeSpan untilEnd = Deadline.RestOf(terms.Whole, terms.Clock.GetElapsedTime(call.Began, now));
        if (untilEnd == TimeSpan.Zero)
        {
            call.Abandon(new TimeoutException($"{call.Path} on {terms.Server} did not end within {DurationText.Of(terms.Whole)} (the call's own Timeout). It may still be running there."));
        }
        else if (untilSilence == TimeSpan.Zero)
        {
            call.MetSilence = true;
            call.Abandon(new TimeoutException($"{call.Path} on {terms.Server} sent nothing for {DurationText.Of(terms.Silence)} (CallTimeout), not even a sign of life. It may still be running there."));
        }
        else
        {
            bool hasLease = call.SentOn is { NeedsLease: true };
            if (hasLease && terms.Clock.GetElapsedTime(_lastLease, now) >= StreamPulse.LeasePeriod / 2)
            {
                _lastLease = now;
                Renew();
            }

            _timer!.Change(Shorter(Shorter(untilSilence, untilEnd), hasLease ? StreamPulse.LeasePeriod : Timeout.InfiniteTimeSpan), Timeout.InfiniteTimeSpan);
        }
    }

    private void Renew()
    {
        try
        {
            renew();
        }
        catch (Exception)
        {
            // On a thread of the clock it would end the process. The client is being disposed: the call ends by that.
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan || (other != Timeout.InfiniteTimeSpan && other < one) ? other : one;
}
