using Gaw.Scheduling;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>The clock of a server's stream: when a sign of life is due, and when a server that stops has waited long enough for one in which nothing goes on.</summary>
/// <param name="clock">The server's.</param>
/// <param name="alive">How often a sign of life is wanted; <see langword="null"/>: never.</param>
/// <param name="hasLease">The stream ends where its receiver has not named a limit for so long (<see cref="LeaseTime"/>).</param>
/// <param name="beat">A sign of life is due; <see langword="true"/>: the stream is to end instead.</param>
internal sealed class StreamPulse(TimeProvider clock, TimeSpan? alive, bool hasLease, Action<bool> beat) : IDisposable
{
    /// <summary>A receiver that has named no limit for so long is gone.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>So often it names one, where its end would not be noticed.</summary>
    public static readonly TimeSpan LeasePeriod = TimeSpan.FromSeconds(10);

    /// <summary>A stream without anything to send for so long is not in the middle of something.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    /// <summary>Who has to renew a lease has to learn first that there is one to renew, however quiet the stream is.</summary>
    private readonly TimeSpan? _alive = hasLease && !(alive <= LeasePeriod) ? LeasePeriod : alive;

    private readonly Lock _gate = new();
    private ITimer? _timer;

    /// <summary>Written where a part leaves, and where a limit is named; each pairs with the read of the clock's thread, for which a moment-old one is as good.</summary>
    private long _lastSent;
    private long _lastHeard;

    private long _stopBegan;
    private bool _isDisposed;

    /// <summary>Written by the one who waits, around the wait for an item; pairs with the read of the clock's thread, for which a moment-old one is as good.</summary>
    private volatile bool _isQuiet;

    /// <summary>Written before the token fires; pairs with the read where the call ends.</summary>
    private volatile bool _hasEnded;

    /// <summary>The next item is being made, and everything before has left; or, of what comes, was taken.</summary>
    public bool IsQuiet
    {
        get => _isQuiet;
        set => _isQuiet = value;
    }

    /// <summary>A stop has ended the stream.</summary>
    public bool HasEnded => _hasEnded;

    public void Start()
    {
        lock (_gate)
        {
            _lastSent = _lastHeard = clock.GetTimestamp();
            ArmFor(TimeSpan.Zero, isDue: false);
        }
    }

    /// <summary>A part leaves.</summary>
    public void OnSent() => Volatile.Write(ref _lastSent, clock.GetTimestamp());

    /// <summary>The peer has named a limit, or sent items.</summary>
    public void OnHeard() => Volatile.Write(ref _lastHeard, clock.GetTimestamp());

    public void BeginStop()
    {
        lock (_gate)
        {
            _stopBegan = Math.Max(1, clock.GetTimestamp());
            Arm(StopPatience);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void OnTick()
    {
        bool isOver;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            long now = clock.GetTimestamp();
            long sent = Volatile.Read(ref _lastSent);
            TimeSpan quiet = clock.GetElapsedTime(sent, now);
            long heard = Volatile.Read(ref _lastHeard);
            bool isStopOver = _stopBegan > 0 && _isQuiet && clock.GetElapsedTime(Math.Max(_stopBegan, Math.Max(sent, heard)), now) >= StopPatience;
            bool isDue = _alive is { } period && quiet >= period;
            _hasEnded |= isStopOver;
            isOver = isStopOver || (hasLease && clock.GetElapsedTime(heard, now) >= LeaseTime);
            if (!isOver)
            {
                ArmFor(quiet, isDue);
            }

            if (!isDue && !isOver)
            {
                return;
            }
        }

        try
        {
            beat(isOver);
        }
        catch (Exception)
        {
            // On a thread of the clock it would end the process. The connection is closing, or its key is gone: the call ends by that.
        }
    }

    private void ArmFor(TimeSpan quiet, bool isDue)
    {
        TimeSpan untilBeat = _alive is not { } often ? TimeSpan.MaxValue : isDue ? often : often - quiet;
        TimeSpan untilLook = _stopBegan > 0 ? StopPatience : hasLease ? LeasePeriod : TimeSpan.MaxValue;
        TimeSpan due = untilBeat < untilLook ? untilBeat : untilLook;
        if (due != TimeSpan.MaxValue)
        {
            Arm(due);
        }
    }

    private void Arm(TimeSpan due)
    {
        if (!_isDisposed)
        {
            _timer ??= Background.CreateTimer(clock, static self => ((StreamPulse)self!).OnTick(), this, Timeout.InfiniteTimeSpan);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}
