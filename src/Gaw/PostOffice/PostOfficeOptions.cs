using Gaw.PostOffice.Framing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gaw.PostOffice;

/// <summary>What both ends of a connection can be told.</summary>
public abstract record PostOfficeOptions
{
    private protected PostOfficeOptions()
    {
    }

    /// <summary>The largest frame that is taken or sent, in bytes of payload. At least 1 KiB. Default: 16 MiB.</summary>
    public int MaxFrameBytes
    {
        get;
        init => field = value >= 1024 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give MaxFrameBytes at least 1024 bytes.");
    } = FrameLimits.DefaultMaxFrameBytes;

    /// <summary>Where log messages go. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock of all time-outs. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks a duration where it is written: above zero, or <see cref="Timeout.InfiniteTimeSpan"/> for "never".</summary>
    private protected static TimeSpan CheckTimeout(TimeSpan value, string name) =>
        value > TimeSpan.Zero && value.TotalMilliseconds < int.MaxValue || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Give {name} a duration above zero and below 24 days, or Timeout.InfiniteTimeSpan for never.");
}

/// <summary>How a server takes connections and frames.</summary>
public record PostOfficeServerOptions : PostOfficeOptions
{
    /// <summary>How long a stop waits for the calls in flight before it cuts them off. Default: 30 seconds.</summary>
    public TimeSpan DrainTimeout
    {
        get;
        init => field = CheckTimeout(value, nameof(DrainTimeout));
    } = TimeSpan.FromSeconds(30);

    /// <summary>How many connections may wait to be accepted. Default: 512.</summary>
    public int Backlog
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give Backlog at least 1.");
    } = 512;
}

/// <summary>How a client connects and waits.</summary>
public record PostOfficeClientOptions : PostOfficeOptions
{
    /// <summary>How long one call may try to connect, all attempts together. Default: 10 seconds.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = CheckTimeout(value, nameof(ConnectTimeout));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call waits for its answer once it is sent. Default: 100 seconds.</summary>
    public TimeSpan CallTimeout
    {
        get;
        init => field = CheckTimeout(value, nameof(CallTimeout));
    } = TimeSpan.FromSeconds(100);

    /// <summary>How often a connection is tried again: -1 without end, 0 never, N times; always within <see cref="ConnectTimeout"/>. Default: -1.</summary>
    public int Retries
    {
        get;
        init => field = value >= -1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give Retries -1 (without end), 0 (never) or more.");
    } = -1;

    /// <summary>A connection that was idle for so long is closed. Default: 30 seconds.</summary>
    public TimeSpan ConnectionLifetime
    {
        get;
        init => field = CheckTimeout(value, nameof(ConnectionLifetime));
    } = TimeSpan.FromSeconds(30);
}
