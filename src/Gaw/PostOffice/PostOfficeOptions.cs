using System.Net.Security;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gaw.PostOffice;

/// <summary>What both ends of a connection can be told.</summary>
public abstract record PostOfficeOptions
{
    private protected PostOfficeOptions()
    {
    }

    /// <summary>The largest frame that is taken or sent, in bytes of payload. From 1 KiB to a billion. Default: 16 MiB.</summary>
    public int MaxFrameBytes
    {
        get;
        init => field = value is >= 1024 and <= 1_000_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give MaxFrameBytes 1024 to 1,000,000,000 bytes.");
    } = FrameLimits.DefaultMaxFrameBytes;

    /// <summary>The pre-shared key that signs every frame; both sides need the same one. Default: none, frames are neither signed nor encrypted.</summary>
    public Secret? Secret { get; init; }

    /// <summary>Encrypts frames under <see cref="Secret"/>, too. Both sides need the same setting. Default: <see langword="false"/>.</summary>
    public bool Encrypt { get; init; }

    /// <summary>Where log messages go. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock of all time-outs. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What turns documents into payloads with this secret.</summary>
    /// <exception cref="ArgumentException">Encryption is asked for, but there is no secret.</exception>
    internal IFrameProtector CreateProtector(Secret? secret) => (secret, Encrypt) switch
    {
        (null, false) => PlainFrameProtector.Instance,
        (null, true) => throw new ArgumentException("Encrypt is set, but there is no Secret to encrypt with. Give both sides the same Secret, or leave Encrypt out."),
        ({ } key, false) => new SignedFrameProtector(new FrameKey(key.Key.ToArray())),
        ({ } key, true) => new EncryptedFrameProtector(new FrameKey(key.Key.ToArray())),
    };

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

    /// <summary>
    /// Further secrets that requests may be sealed with; a connection is answered with the one that it uses. To change a secret: add the new
    /// one here at the servers, change the clients, then make it the servers' <see cref="PostOfficeOptions.Secret"/>. Default: none.
    /// </summary>
    public IReadOnlyList<Secret> AcceptedSecrets { get; init; } = [];

    /// <summary>
    /// A frame that has begun must be there whole after this time; before that, its length line within 10 seconds, and after 5 seconds
    /// 240 bytes a second on average. Default: 5 minutes.
    /// </summary>
    public TimeSpan FrameTimeout
    {
        get;
        init => field = CheckTimeout(value, nameof(FrameTimeout));
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A connection without a call for so long is closed. Default: never, since a Python client that finds its connection closed needs a
    /// second to notice.
    /// </summary>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = CheckTimeout(value, nameof(IdleTimeout));
    } = Timeout.InfiniteTimeSpan;

    /// <summary>Connections that may be open at once; a further one is told so and closed. Default: 10,000.</summary>
    public int MaxConnections
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give MaxConnections at least 1.");
    } = 10_000;

    /// <summary>
    /// Calls that may run at once; further ones wait for their turn, up to 4 MiB of them for each connection, which is then not read until there is room. One whose caller gives
    /// it up meanwhile never runs. Questions about the server itself (<c>_gaw</c>) and cancellations need no turn. Default: no limit.
    /// </summary>
    public int MaxConcurrentCalls
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give MaxConcurrentCalls at least 1, or leave it out for no limit.");
    } = int.MaxValue;

    /// <summary>
    /// Whether a method that keeps its thread loses the loop of its connection to another one. The call that warms the process up compiles code and would raise the pool's
    /// least number of threads for nothing: on one CPU, each thread too many costs every later call a microsecond.
    /// </summary>
    internal bool WatchesStalls { get; init; } = true;

    /// <summary>Refuses to listen beyond this machine without <see cref="PostOfficeOptions.Secret"/> or <see cref="Tls"/>. Default: <see langword="false"/>, which warns.</summary>
    public bool RequireSecurity { get; init; }

    /// <summary>
    /// Serves TLS to .NET clients; Python clients cannot. Needs a server certificate; TLS 1.2 and 1.3 are allowed unless said otherwise.
    /// Default: none.
    /// </summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

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
    /// <summary>How long one call may try to connect, all attempts together, within <see cref="CallTimeout"/>. Default: 10 seconds.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = CheckTimeout(value, nameof(ConnectTimeout));
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Speaks TLS to a .NET server that serves it. The server's certificate is checked; set <c>TargetHost</c> where the host name is another.
    /// Default: none.
    /// </summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The deadline of a call: how long it may take in all, connecting, pauses and further attempts included. Default: 100 seconds.</summary>
    public TimeSpan CallTimeout
    {
        get;
        init => field = CheckTimeout(value, nameof(CallTimeout));
    } = TimeSpan.FromSeconds(100);

    /// <summary>How often a connection is tried again: -1 without end, 0 never, N times; always within <see cref="ConnectTimeout"/> and <see cref="CallTimeout"/>. Default: -1.</summary>
    public int Retries
    {
        get;
        init => field = value >= -1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give Retries -1 (without end), 0 (never) or more.");
    } = -1;

    /// <summary>
    /// Connections to one server. A .NET server is called over one, whatever this is; a Python server answers one call of a connection after
    /// the other, so calls that would wait get further ones. One that lets its last calls end since its server stops is not counted. Default: 8.
    /// </summary>
    public int MaxConnections
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give MaxConnections at least 1.");
    } = 8;

    /// <summary>A connection that was idle for so long is closed. Default: 30 seconds.</summary>
    public TimeSpan ConnectionLifetime
    {
        get;
        init => field = CheckTimeout(value, nameof(ConnectionLifetime));
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A connection that is older gets no further calls, however busy it is; those that are open end there, the next has a new one, under the addresses
    /// that the name has by then. Up to a tenth earlier, so that not all are renewed together. Default: never.
    /// </summary>
    public TimeSpan ConnectionMaxAge
    {
        get;
        init => field = CheckTimeout(value, nameof(ConnectionMaxAge));
    } = Timeout.InfiniteTimeSpan;
}
