using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>How long a connection is open, and how long nothing was open on it, also where the machine slept meanwhile. Used under the lock of the connection.</summary>
internal sealed class ConnectionAge
{
    /// <summary>How often the clock looks at a connection on which nothing is open.</summary>
    public static readonly TimeSpan IdleTick = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A call that follows the last one within this time is sent without a look at the socket, which costs a system call, 2 % of a short call. A server that ends within it
    /// would mostly have ended within the call.
    /// </summary>
    public static readonly TimeSpan BusyTime = TimeSpan.FromMilliseconds(1);

    private readonly PostOfficeClientOptions _options;
    private readonly TimeSpan _maxAge;
    private bool _isInUse;

    /// <summary>When the first call was sent for which the connection was opened: however short its life, it carries that one.</summary>
    private long? _firstUsed;
    private long _lastUsed;
    private SuspendedTime _suspended;

    public ConnectionAge(PostOfficeClientOptions options)
    {
        _options = options;
        _lastUsed = options.TimeProvider.GetTimestamp();
        _suspended = new SuspendedTime(options.TimeProvider);

        // Connections that were opened together are not renewed together.
        _maxAge = options.ConnectionMaxAge == Timeout.InfiniteTimeSpan ? options.ConnectionMaxAge : options.ConnectionMaxAge * (1 - (0.1 * Random.Shared.NextDouble()));
    }

    /// <summary>A call was sent, or is open.</summary>
    public void Use(long now)
    {
        _lastUsed = Math.Max(_lastUsed, now);
        if (_isInUse)
        {
            _firstUsed ??= now;
        }
    }

    /// <summary>The connection is open and its first questions are answered: the next call is the first for which it was opened.</summary>
    public void TakeIntoUse() => _isInUse = true;

    /// <summary>The machine may have slept, and the connection has aged meanwhile.</summary>
    public void AddSleep(long now)
    {
        if (_suspended.Take(now) is TimeSpan slept && slept > TimeSpan.Zero)
        {
            _lastUsed = Earlier(_lastUsed, slept);
            _firstUsed = _firstUsed is long first ? Earlier(first, slept) : null;
        }
    }

    /// <summary>It was in use for <see cref="PostOfficeClientOptions.ConnectionMaxAge"/>.</summary>
    public bool IsOld(long now) => _firstUsed is long first && IsOver(_maxAge, first, now);

    /// <summary>Nothing was open for <see cref="PostOfficeClientOptions.ConnectionLifetime"/>.</summary>
    public bool IsIdle(long now) => IsOver(_options.ConnectionLifetime, _lastUsed, now);

    /// <summary>
    /// As <see cref="IsIdle"/>, between two looks of the clock. The process may have been stopped, and its clock with it, or the machine have slept: what lies between the peers has forgotten the
    /// connection, perhaps.
    /// </summary>
    public bool IsIdleOrSlept(long now) => IsIdle(now) || IsOver(_options.ConnectionLifetime, Earlier(_lastUsed, _suspended.Peek(now)), now);

    /// <summary>A call was sent within <see cref="BusyTime"/>.</summary>
    public bool IsBusy(long now) => !IsOver(BusyTime, _lastUsed, now);

    /// <summary>Nothing was open for so long that the clock may look less often.</summary>
    public bool IsQuiet(long now) => _options.TimeProvider.GetElapsedTime(_lastUsed, now) >= IdleTick;

    /// <summary>Until something may have to be done about a connection on which nothing happens.</summary>
    public TimeSpan GetPause(long now)
    {
        TimeSpan left = _options.ConnectionLifetime - _options.TimeProvider.GetElapsedTime(_lastUsed, now);
        return _options.ConnectionLifetime == Timeout.InfiniteTimeSpan || left > IdleTick ? IdleTick : left > PendingCalls.Tick ? left : PendingCalls.Tick;
    }

    private bool IsOver(TimeSpan limit, long since, long now) => limit != Timeout.InfiniteTimeSpan && _options.TimeProvider.GetElapsedTime(since, now) >= limit;

    private long Earlier(long stamp, TimeSpan by) => stamp - (long)(by.TotalSeconds * _options.TimeProvider.TimestampFrequency);
}
