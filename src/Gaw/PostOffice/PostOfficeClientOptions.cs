using System.Net.Security;

namespace Gaw.PostOffice;

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
    /// that the name has by then. Up to a tenth earlier, so that not all are renewed together. However
    /// short, each carries the call that it was opened for. Default: never.
    /// </summary>
    public TimeSpan ConnectionMaxAge
    {
        get;
        init => field = CheckTimeout(value, nameof(ConnectionMaxAge));
    } = Timeout.InfiniteTimeSpan;
}
