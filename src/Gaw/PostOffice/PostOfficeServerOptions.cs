using System.Net.Security;

namespace Gaw.PostOffice;

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
    /// Results that may go out in parts at once (<c>IAsyncEnumerable</c>), and calls whose arguments come so, 1,000 of them on one connection at most; a further such call is refused with the error
    /// <c>TooManyStreams</c> and does not run. They take no place among <see cref="MaxConcurrentCalls"/>: a stream mostly waits. Default: 10,000.
    /// </summary>
    public int MaxStreams
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give MaxStreams at least 1.");
    } = 10_000;

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

    /// <summary>
    /// Whether a method that keeps its thread loses the loop of its connection to another one. The call that warms the process up compiles code and would raise the pool's
    /// least number of threads for nothing: on one CPU, each thread too many costs every later call a microsecond.
    /// </summary>
    internal bool WatchesStalls { get; init; } = true;

    /// <summary>Each option alone is right, together they make no sense.</summary>
    /// <param name="parameter">The options' name in the signature of the caller.</param>
    /// <exception cref="ArgumentException">Says which do not go together, and what to do.</exception>
    internal void ThrowIfContradictory(string parameter)
    {
        if (Secret is null && AcceptedSecrets.Count > 0)
        {
            throw new ArgumentException("AcceptedSecrets are given, but no Secret. Make the one that is to stay the Secret.", parameter);
        }

        if (Tls is { ServerCertificate: null, ServerCertificateContext: null, ServerCertificateSelectionCallback: null })
        {
            throw new ArgumentException("Tls is set, but there is no server certificate in it. Set its ServerCertificate or ServerCertificateContext.", parameter);
        }
    }
}
