using Gaw.Testing.Carrier;

namespace Gaw.Testing;

/// <summary>
/// A server and its clients in one process, over memory in place of TCP: the same envelopes, binding, filters, values and retries, no port and no socket. Faults can be injected. What belongs to
/// connections themselves is not there: secrets, TLS, limits of frames and connections, idle time-outs.
/// </summary>
/// <example>
/// <code>
/// await using GawTestHost host = GawTestHost.Serving(server => server.Add&lt;Stock&gt;("shelf"));
/// IStock stock = host.Connect().For&lt;IStock&gt;();
/// </code>
/// </example>
public sealed class GawTestHost : IAsyncDisposable
{
    private readonly MemoryServer _memory;

    private GawTestHost(GawServer server, GawServerOptions options)
    {
        Server = server;
        _memory = new MemoryServer(server, options);
    }

    /// <summary>The server. It listens nowhere; do not start it.</summary>
    public GawServer Server { get; }

    /// <summary>No connection can be made, as to a server that is down; those that are open stay. Default: <see langword="false"/>.</summary>
    public bool Refuses
    {
        get => _memory.Faults.Refuses;
        set => _memory.Faults.Refuses = value;
    }

    /// <summary>The time that each request takes on its way to the server, by the client's <c>TimeProvider</c>. Default: none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below zero.</exception>
    public TimeSpan Delay
    {
        get => _memory.Faults.Delay;
        set => _memory.Faults.Delay = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give Delay a duration of zero or more.");
    }

    /// <summary>The host is being disposed: calls in flight end, further ones are turned away.</summary>
    public bool IsStopping => _memory.IsStopping;

    /// <summary>How many connections are open.</summary>
    public int Connections => _memory.ConnectionCount;

    /// <summary>Makes a server with services, ready to be called.</summary>
    /// <param name="add">Adds the services.</param>
    /// <param name="options">The server's options.</param>
    public static GawTestHost Serving(Action<GawServer> add, GawServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(add);
        options ??= new GawServerOptions();

        // The address is never listened on.
        GawServer server = new("127.0.0.1", 0, options);
        add(server);
        return new GawTestHost(server, options);
    }

    /// <summary>A client of the server. It connects with its first call; dispose it, or the host.</summary>
    /// <param name="options">The client's options.</param>
    public GawClient Connect(GawClientOptions? options = null) => _memory.Connect(options ?? new GawClientOptions());

    /// <summary>The next request runs, and its reply is lost with its connection: the caller cannot know whether it has run (<see cref="CallExecution.Unknown"/>).</summary>
    /// <param name="count">How many replies, each with its connection.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public void LoseNextReply(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _memory.Faults.LoseReplies(count);
    }

    /// <summary>The next request is lost with its connection and does not run; the caller cannot know that.</summary>
    /// <param name="count">How many requests, each with its connection.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public void LoseNextRequest(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _memory.Faults.LoseRequests(count);
    }

    /// <summary>All connections are lost now. Open calls fail with <see cref="CallExecution.Unknown"/>; clients connect again with their next call.</summary>
    public void Cut() => _memory.Cut();

    /// <summary>Turns further calls away, waits for those that run, for at most <c>DrainTimeout</c> of the server's options, and closes all connections.</summary>
    public ValueTask DisposeAsync() => _memory.DisposeAsync();
}
