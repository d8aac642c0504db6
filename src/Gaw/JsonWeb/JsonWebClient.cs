using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Client.Filters;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Logging;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;
using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb;

/// <summary>
/// A client of requests with a path and arguments. Usable alone; <c>GawClient</c> makes the calls look like calls. Thread-safe; one
/// connection carries many calls at once.
/// </summary>
public sealed class JsonWebClient : IDisposable, IAsyncDisposable
{
    private readonly ServerPicker _servers;
    private readonly CallSender _sender;
    private readonly JsonWebClientOptions _options;
    private readonly ConcurrentDictionary<string, CallTarget> _targets = new(StringComparer.Ordinal);
    private readonly GawFilterNext? _filters;

    /// <summary>Connects with the first request.</summary>
    /// <param name="host">The server's IPv4 or IPv6 address, or its name.</param>
    /// <param name="port">The server's TCP port, 1 to 65535.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="types">The user types that values are read as; none by default.</param>
    public JsonWebClient(string host, int port, JsonWebClientOptions? options = null, GawTypes? types = null)
        : this([new ServerAddress(ServerAddress.Tcp, host, port)], options ?? new JsonWebClientOptions(), new ValueSerializer(types, unknownMembers: UnknownMembers.Ignore), "Gaw.JsonWeb")
    {
    }

    internal JsonWebClient(IReadOnlyList<ServerAddress> servers, JsonWebClientOptions options, ValueSerializer serializer, string logCategory)
        : this((ids, logger) => new TcpCarrierFactory(options, ids, logger).CreatePicker(servers), options, serializer, logCategory)
    {
    }

    /// <summary>Makes a client over another carrier than TCP.</summary>
    internal JsonWebClient(Func<CallIds, RequestCarrier> carrier, JsonWebClientOptions options, ValueSerializer serializer, string logCategory)
        : this((ids, _) => new ServerPicker([carrier(ids)], options.TimeProvider), options, serializer, logCategory)
    {
    }

    private JsonWebClient(Func<CallIds, ILogger, ServerPicker> connect, JsonWebClientOptions options, ValueSerializer serializer, string logCategory)
    {
        _options = options;
        Serializer = serializer;
        Values = serializer.Get<object>();
        CallIds ids = new(options.TimeProvider);
        ILogger logger = SafeLogger.Create(options.LoggerFactory, logCategory);
        _filters = FilterChain.Create(options.Filters, FilteredCall.SendAsync);
        Lifetime = new ClientLifetime(options.TimeProvider);
        _servers = connect(ids, logger);
        _sender = new CallSender(options, _servers, new CallAttempts(options, ids, serializer.Limits, Values), Lifetime, logger);
    }

    /// <summary>The address of the server, the first of several, as it was given.</summary>
    public EndPoint EndPoint => _servers.EndPoint;

    /// <summary>How long a call waits for its reply that wants nothing else.</summary>
    internal TimeSpan CallTimeout => _options.CallTimeout;

    /// <summary>Its end, for all that waits.</summary>
    internal ClientLifetime Lifetime { get; }

    /// <summary>The call that is served where a call is made now, if calls belong to it.</summary>
    internal GawCallContext? ServedCall => _options.ServedCall?.Invoke();

    /// <summary>Its calls are seen by those who listen.</summary>
    internal bool IsMeasured => _options.IsMeasured;

    /// <summary>The filters of its calls; <see langword="null"/>: there are none.</summary>
    internal GawFilterNext? Filters => _filters;

    internal ValueSerializer Serializer { get; }

    /// <summary>Reads and writes values whose types are only known at run time.</summary>
    internal ValueConverter<object> Values { get; }

    /// <summary>Requests a path and waits for the result.</summary>
    /// <param name="path">The whole path, for example <c>math_service/plus</c>.</param>
    /// <param name="args">The positional arguments.</param>
    /// <param name="kwargs">The named arguments.</param>
    /// <param name="options">What this request wants different from the client's options.</param>
    /// <exception cref="GawRemoteException">The request failed on the server.</exception>
    /// <exception cref="GawConnectionException">The server was not reached, or the connection was lost before the reply came.</exception>
    /// <exception cref="GawSerializationException">An argument cannot be written, or the result is no <typeparamref name="T"/>.</exception>
    /// <exception cref="GawProtocolException">What answers is not a Gaw server, or uses another secret.</exception>
    /// <exception cref="TimeoutException">No reply came within <see cref="PostOfficeClientOptions.CallTimeout"/>.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public T Request<T>(string path, IReadOnlyList<object?>? args = null, IReadOnlyDictionary<string, object?>? kwargs = null, CallOptions? options = null) =>
        Call(GetTarget(path), Serializer.Get<T>(), new BoxedArguments(Values, args, kwargs), options, CancellationToken.None);

    /// <inheritdoc cref="Request{T}"/>
    /// <param name="path">The whole path, for example <c>math_service/plus</c>.</param>
    /// <param name="args">The positional arguments.</param>
    /// <param name="kwargs">The named arguments.</param>
    /// <param name="cancellationToken">Ends the waiting; a .NET server then cancels the method's token.</param>
    /// <param name="options">What this request wants different from the client's options.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; the method may still run on the server.</exception>
    [SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "The token's place was settled before there were options.")]
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public Task<T> RequestAsync<T>(
        string path,
        IReadOnlyList<object?>? args = null,
        IReadOnlyDictionary<string, object?>? kwargs = null,
        CancellationToken cancellationToken = default,
        CallOptions? options = null) =>
        CallAsync(GetTarget(path), Serializer.Get<T>(), new BoxedArguments(Values, args, kwargs), options, cancellationToken).AsTask();

    /// <summary>Closes the connections and clears the keys; calls that are open fail with a <see cref="GawConnectionException"/>.</summary>
    public void Dispose()
    {
        // First: a call that fails with its connection must not be tried again on a client that it finds disposed.
        Lifetime.Dispose();
        _servers.Dispose();
    }

    /// <summary>Closes the connections and clears the keys; calls that are open fail with a <see cref="GawConnectionException"/>.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>Requests a path whose result is a stream, or a list.</summary>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    internal IAsyncEnumerable<T> RequestStream<T>(
        string path, IReadOnlyList<object?>? args, IReadOnlyDictionary<string, object?>? kwargs, CallOptions? options, CancellationToken cancellationToken) =>
        new RemoteStream<T, BoxedArguments>(this, GetTarget(path), new ItemsConverter<T>(Serializer.Get<T>()), new BoxedArguments(Values, args, kwargs), options, cancellationToken);

    /// <inheritdoc cref="AnyResult.OpenAsync"/>
    internal Task<AnyResult> OpenAnyAsync(
        string path, IReadOnlyList<object?>? args, IReadOnlyDictionary<string, object?>? kwargs, CallOptions? options, CancellationToken cancellationToken) =>
        AnyResult.OpenAsync(this, path, new BoxedArguments(Values, args, kwargs), options, cancellationToken);

    internal CallTarget GetTarget(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return _targets.GetOrAdd(path, static p => new CallTarget(p));
    }

    internal T Call<T, TArguments>(CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _options.ServedCall is not null
            ? RelatedCall.Run(this, target, converter, arguments, options, cancellationToken)
            : Run(target, converter, arguments, options, cancellationToken);

    internal ValueTask<T> CallAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _options.ServedCall is not null
            ? RelatedCall.RunAsync(this, target, converter, arguments, options, cancellationToken)
            : RunAsync(target, converter, arguments, options, cancellationToken);

    /// <summary>Makes a call through the filters, if there are any.</summary>
    internal T Run<T, TArguments>(CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _filters is null
            ? Send(target, converter, arguments, options, GetTimestamp(), isWithinSpan: false, cancellationToken)
            : new FilteredCall<T, TArguments>(this, target, converter, arguments, options, cancellationToken).Run(_filters);

    /// <inheritdoc cref="Run"/>
    internal ValueTask<T> RunAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _filters is null
            ? SendAsync(target, converter, arguments, options, GetTimestamp(), isWithinSpan: false, cancellationToken)
            : new FilteredCall<T, TArguments>(this, target, converter, arguments, options, cancellationToken).RunAsync(_filters);

    /// <summary>A time stamp of the client's clock.</summary>
    internal long GetTimestamp() => _options.TimeProvider.GetTimestamp();

    /// <inheritdoc cref="CallSender.Send"/>
    internal T Send<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, long began, bool isWithinSpan, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _sender.Send(target, converter, arguments, options, began, isWithinSpan, cancellationToken);

    /// <inheritdoc cref="CallSender.SendAsync"/>
    internal ValueTask<T> SendAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, long began, bool isWithinSpan, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _sender.SendAsync(target, converter, arguments, options, began, isWithinSpan, cancellationToken);

    /// <inheritdoc cref="CallSender.OpenAsync"/>
    internal ValueTask<StreamCall<T>> OpenAsync<T, TArguments>(
        CallTarget target, ItemsConverter<T> converter, in TArguments arguments, CallOptions? options, long began, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _sender.OpenAsync(target, converter, arguments, options, began, cancellationToken);
}
