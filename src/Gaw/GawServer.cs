using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Gaw.Carriers;
using Gaw.Dispatch;
using Gaw.JsonWeb;
using Gaw.PostOffice.Addresses;
using Gaw.Serialization;
using Gaw.Services;
using Gaw.Services.Discovery;
using Gaw.Services.Instances;

namespace Gaw;

/// <summary>Serves the entrypoints of classes over TCP, to .NET and to Python callers.</summary>
/// <example>
/// <code>new GawServer("127.0.0.1", 5555).Add&lt;MathService&gt;("hello!").Run(() => Console.WriteLine("server is up"));</code>
/// </example>
public sealed partial class GawServer : IAsyncDisposable
{
    private readonly GawServerOptions _options;
    private readonly ValueSerializer _serializer;
    private readonly JsonWebServer _web;
    private readonly GawFilterNext? _filters;
    private readonly ServerListeners _listeners;

    /// <summary>Replaced as a whole. Pairs with the read in <see cref="Entrypoints"/>, by listeners on other threads.</summary>
    private volatile IReadOnlyList<Entrypoint> _entrypoints = [];

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="host">An IPv4 or IPv6 address of this machine, or a name for one; <c>0.0.0.0</c> and <c>::</c> are all of them.</param>
    /// <param name="port">The TCP port; 0 lets the system choose one (see <see cref="LocalEndPoint"/>).</param>
    /// <param name="options">Limits and times; <see langword="null"/> for the defaults.</param>
    [SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The first parameters tell them apart.")]
    public GawServer(string host, int port, GawServerOptions? options = null)
        : this(new ServerAddress(ServerAddress.Tcp, host, port), [], options ?? new GawServerOptions())
    {
    }

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="address">
    /// Where it will: <c>host:port</c> or <c>gaw://host:port</c> of this machine, once at most. Or an engine between
    /// servers and callers, <c>nats://host:4222</c>, with the package of that carrier. Or both,
    /// parted by commas.
    /// </param>
    /// <param name="options">Limits and times; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The address is none that can be listened on, no package brings its scheme, or the options contradict each other. No message shows a password.</exception>
    [SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The first parameters tell them apart.")]
    public GawServer(string address, GawServerOptions? options = null)
        : this(ListeningAddresses.Parse(address), options ?? new GawServerOptions())
    {
    }

    private GawServer(ListeningAddresses addresses, GawServerOptions options)
        : this(addresses.Tcp, addresses.Foreign, options)
    {
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(SelfDescription))]
    private GawServer(ServerAddress? tcp, IReadOnlyList<ServerAddress> foreign, GawServerOptions options)
    {
        _options = options;
        _serializer = new ValueSerializer(_options.Types);
        _filters = FilterChain.Create(_options.Filters, EntrypointContext.InvokeAsync);

        // Without a TCP address its part of the server is never started.
        _web = new JsonWebServer(tcp is null ? "127.0.0.1" : tcp.Host, tcp?.Port ?? 0, _options, _serializer, SendsTraceTo, "Gaw.Server");
        if (DescribesItselfToEngines || (tcp is not null && Disclosure.DescribesItself(_options.SelfDescription, _options.Secret is not null, tcp.Host)))
        {
            Map(ServiceDescriptor.Describe(typeof(SelfDescription), new InstanceSource(() => new SelfDescription(this), isExactType: true), _serializer));
        }

        _listeners = ServerListeners.Create(_web, tcp, foreign, this);
    }

    /// <summary>Where the server listens, with the port that the system chose.</summary>
    /// <exception cref="InvalidOperationException">The server has not been started, or has no TCP address.</exception>
    public IPEndPoint LocalEndPoint => _listeners.HasTcp ? _web.LocalEndPoint : throw new InvalidOperationException($"The server has no end point: it listens at {_listeners.Address} only.");

    /// <summary>Where the server listens, several parted by commas: with the port that the system chose, and without passwords.</summary>
    public string Address => _listeners.Address;

    /// <summary>How many calls run.</summary>
    public int RunningCalls => _listeners.RunningCount;

    /// <summary>How many calls wait for a place among the <see cref="PostOffice.PostOfficeServerOptions.MaxConcurrentCalls"/> that run.</summary>
    public int QueuedCalls => _listeners.QueuedCount;

    /// <summary>Clients can connect: the server has been started and does not stop yet.</summary>
    public bool IsListening => Started is not null && !IsStopping;

    /// <summary>The server has been told to stop: calls in flight end, further ones are turned away.</summary>
    public bool IsStopping => _listeners.IsStopping;

    /// <summary>How many connections are open, or have calls that run on.</summary>
    internal int Connections => _web.PostOffice.ConnectionCount;

    /// <inheritdoc cref="PostOffice.PostOfficeServer.ConnectionStates"/>
    internal IEnumerable<(int BufferedBytes, long SentBytes, bool IsAtRest)> ConnectionStates => _web.PostOffice.ConnectionStates;

    /// <summary>How many requests have come.</summary>
    internal long Calls => _listeners.ReceivedCount;

    /// <summary>How many requests were answered with an error.</summary>
    internal long Errors => _web.ErrorCount;

    /// <summary>How many results go out in parts at this moment.</summary>
    internal int OpenStreams => _web.Streams.Count;

    /// <summary>When the server began to listen; <see langword="null"/> before.</summary>
    internal DateTimeOffset? Started { get; set; }

    /// <summary>What another carrier gives its requests to.</summary>
    internal PostOffice.PostOfficeServer PostOffice => _web.PostOffice;

    /// <summary>As they were given.</summary>
    internal GawServerOptions Options => _options;

    /// <inheritdoc cref="Disclosure.DescribesItselfToEngines"/>
    internal bool DescribesItselfToEngines => Disclosure.DescribesItselfToEngines(_options.SelfDescription, _options.Secret is not null);

    /// <summary>Is told of services that are added once the server listens; set by listeners.</summary>
    internal Action? ServicesAdded { get; set; }

    internal DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    /// <summary>All that can be called, in the order in which it was added.</summary>
    internal IReadOnlyList<Entrypoint> Entrypoints => _entrypoints;

    /// <summary>Begins to listen; clients can connect when it returns.</summary>
    /// <exception cref="InvalidOperationException">The server has been started before.</exception>
    /// <exception cref="SocketException">The address cannot be listened on: taken, not of this machine, not allowed.</exception>
    /// <remarks>The first server of a process makes a call to itself before, so that the first caller does not wait for code to be loaded, and running out of descriptors ends nothing.</remarks>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await WarmUp.RunAsync(_options).WaitAsync(cancellationToken).ConfigureAwait(false);
        await _listeners.StartAsync(cancellationToken).ConfigureAwait(false);
        Started ??= Now;
        if (_entrypoints.All(static entrypoint => SelfDescription.Owns(entrypoint.Path)))
        {
            _web.Log.ServesNothing(Address);
        }
    }

    /// <summary>
    /// Stops listening, lets the calls in flight finish and their replies leave, for at most <see cref="PostOffice.PostOfficeServerOptions.DrainTimeout"/>;
    /// then cuts off what is left. .NET clients are told and send nothing more; what comes from them all the same, since they did not know yet, is
    /// answered as not run, so that they send it to another server or try again. To have it come, idle connections stay open for 100 ms.
    /// </summary>
    /// <remarks>
    /// A method of this server may ask for it, too, or a filter, or what disposes its instance: the task then does not wait for that call, whose
    /// caller still gets the reply. Code that goes on after its method was answered waits for all calls. A synchronous method asks on its own
    /// thread: where it blocks on another thread that asks, the stop waits for the method, for at most the time above.
    /// </remarks>
    /// <param name="cancellationToken">Ends the waiting, that of others, too: what is left is cut off at once.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _listeners.StopAsync(cancellationToken);

    /// <summary>Serves until Ctrl+C, SIGTERM, SIGHUP or a call of <see cref="StopAsync"/>, and returns when the server has stopped. Ctrl+C once more ends the process at once.</summary>
    /// <param name="afterStart">Called once the server listens.</param>
    public void Run(Action? afterStart = null) => RunAsync(afterStart).GetAwaiter().GetResult();

    /// <summary>Serves until Ctrl+C, SIGTERM, SIGHUP, the token or a call of <see cref="StopAsync"/>, and completes when the server has stopped. Ctrl+C once more ends the process at once.</summary>
    /// <param name="afterStart">Called once the server listens.</param>
    /// <param name="cancellationToken">Stops the server; the method then returns without an exception.</param>
    public Task RunAsync(Action? afterStart = null, CancellationToken cancellationToken = default) => new ServerRun(this, _listeners.StopAsked).RunAsync(afterStart, cancellationToken);

    /// <summary>Stops the server as <see cref="StopAsync"/> does.</summary>
    public ValueTask DisposeAsync() => _listeners.DisposeAsync();

    /// <summary>What <see cref="GawServerOptions.Health"/> says; a server that cannot say is healthy.</summary>
    internal ValueTask<GawHealth> CheckHealthAsync(CancellationToken cancellationToken) => _options.Health?.Invoke(cancellationToken) ?? new(new GawHealth(GawHealthStatus.Ok));

    private bool SendsTraceTo(EndPoint? peer) => Disclosure.SendsTrace(_options.Traces, peer, IsDevelopment());

    private static bool IsDevelopment() =>
        string.Equals(
            Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
            "Development",
            StringComparison.OrdinalIgnoreCase);
}
