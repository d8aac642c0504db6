using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.PostOffice;
using Gaw.Serialization;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb;

/// <summary>
/// A client of requests with a path and arguments. Usable alone; <c>GawClient</c> makes the calls look like calls. Thread-safe; one
/// connection carries many calls at once.
/// </summary>
public sealed class JsonWebClient : IDisposable, IAsyncDisposable
{
    private readonly ServerSet _servers;
    private readonly JsonWebClientOptions _options;
    private readonly ConcurrentDictionary<string, CallTarget> _targets = new(StringComparer.Ordinal);
    private readonly CallIds _ids;
    private readonly ILogger _logger;
    private readonly GawFilterNext? _filters;

    /// <summary>Connects with the first request.</summary>
    /// <param name="host">The server's IPv4 or IPv6 address, or its name.</param>
    /// <param name="port">The server's TCP port, 1 to 65535.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="types">The user types that values are read as; none by default.</param>
    public JsonWebClient(string host, int port, JsonWebClientOptions? options = null, GawTypes? types = null)
        : this([(host, port)], options ?? new JsonWebClientOptions(), new ValueSerializer(types, unknownMembers: UnknownMembers.Ignore), "Gaw.JsonWeb")
    {
    }

    internal JsonWebClient(IReadOnlyList<(string Host, int Port)> servers, JsonWebClientOptions options, ValueSerializer serializer, string logCategory)
    {
        _options = options;
        Serializer = serializer;
        Values = serializer.Get<object>();
        _ids = new CallIds(options.TimeProvider);
        _logger = SafeLogger.Create(options.LoggerFactory, logCategory);
        _filters = FilterChain.Create(options.Filters, FilteredCall.SendAsync);
        _servers = new ServerSet(
            [.. servers.Select(server => Connect(server.Host, server.Port, options, logCategory))], options.TimeProvider);
    }

    /// <summary>The address of the server, the first of several, as it was given.</summary>
    public EndPoint EndPoint => _servers.All[0].EndPoint;

    internal ValueSerializer Serializer { get; }

    /// <summary>Reads and writes values whose types are only known at run time.</summary>
    internal ValueConverter<object> Values { get; }

    /// <summary>Requests a path and waits for the result.</summary>
    /// <param name="path">The whole path, for example <c>math_service/plus</c>.</param>
    /// <param name="args">The positional arguments.</param>
    /// <param name="kwargs">The named arguments.</param>
    /// <param name="options">What this request wants different from the client's options.</param>
    /// <exception cref="GawRemoteException">The request failed on the server.</exception>
    /// <exception cref="GawConnectionException">The server was not reached, or the connection was lost before the answer came.</exception>
    /// <exception cref="GawSerializationException">An argument cannot be written, or the result is no <typeparamref name="T"/>.</exception>
    /// <exception cref="GawProtocolException">What answers is not a Gaw server, or uses another secret.</exception>
    /// <exception cref="TimeoutException">No answer came within <see cref="PostOfficeClientOptions.CallTimeout"/>.</exception>
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
    public Task<T> RequestAsync<T>(
        string path,
        IReadOnlyList<object?>? args = null,
        IReadOnlyDictionary<string, object?>? kwargs = null,
        CancellationToken cancellationToken = default,
        CallOptions? options = null) =>
        CallAsync(GetTarget(path), Serializer.Get<T>(), new BoxedArguments(Values, args, kwargs), options, cancellationToken).AsTask();

    /// <inheritdoc cref="PostOfficeClient.Dispose"/>
    public void Dispose() => Array.ForEach(_servers.All, static server => server.Dispose());

    /// <inheritdoc cref="PostOfficeClient.Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    internal CallTarget GetTarget(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return _targets.GetOrAdd(path, static p => new CallTarget(p));
    }

    internal T Call<T, TArguments>(CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _filters is null
            ? Send(target, converter, arguments, options, cancellationToken)
            : new FilteredCall<T, TArguments>(this, target, converter, arguments, options, cancellationToken).Run(_filters);

    internal ValueTask<T> CallAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _filters is null
            ? SendAsync(target, converter, arguments, options, cancellationToken)
            : new FilteredCall<T, TArguments>(this, target, converter, arguments, options, cancellationToken).RunAsync(_filters);

    /// <summary>Makes a call, past the filters.</summary>
    internal T Send<T, TArguments>(CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        cancellationToken.ThrowIfCancellationRequested();
        long began = _options.TimeProvider.GetTimestamp();
        FailedAttempts? failed = null;
        while (true)
        {
            PostOfficeClient server = failed?.Server ?? _servers.Choose();
            JsonWebCall<T> call = Rent(target, converter, options, synchronous: true);
            Exception? error;
            try
            {
                ClientConnection? connection;
                for (bool opened = false; (connection = TrySend(server, call, arguments, options, failed)) is null;)
                {
                    opened = server.MakeRoomAsync(call, opened, cancellationToken).GetAwaiter().GetResult();
                }

                using (Watch(connection, call, cancellationToken))
                {
                    connection.Wait(call, mayRead: !cancellationToken.CanBeCanceled);
                }

                error = call.Error;
            }
            catch (GawException e)
            {
                error = e;
            }

            if (error is null)
            {
                T result = call.Result;
                Dictionary<string, string>? metadata = call.ResponseMetadata;
                call.Return();
                HandOut(metadata, options);
                return result;
            }

            TimeSpan pause = GetPauseOrThrow(error, call, server, options, began, ref failed);
            cancellationToken.WaitHandle.WaitOne(pause);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc cref="Send"/>
    /// <remarks>A call that waits costs no allocation: its state is pooled, as the call itself is.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<T> SendAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        cancellationToken.ThrowIfCancellationRequested();
        long began = _options.TimeProvider.GetTimestamp();
        FailedAttempts? failed = null;
        while (true)
        {
            PostOfficeClient server = failed?.Server ?? _servers.Choose();
            JsonWebCall<T> call = Rent(target, converter, options, synchronous: false);
            GawException? error = null;
            T? result = default;
            try
            {
                ClientConnection? connection;
                for (bool opened = false; (connection = TrySend(server, call, arguments, options, failed)) is null;)
                {
                    opened = await server.MakeRoomAsync(call, opened, cancellationToken).ConfigureAwait(false);
                }

                using (Watch(connection, call, cancellationToken))
                {
                    result = await call.Task.ConfigureAwait(false);
                }
            }
            catch (GawException e)
            {
                error = e;
            }

            if (error is null)
            {
                Dictionary<string, string>? metadata = call.ResponseMetadata;
                call.Return();
                HandOut(metadata, options);
                return result!;
            }

            TimeSpan pause = GetPauseOrThrow(error, call, server, options, began, ref failed);
            await Task.Delay(pause, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private PostOfficeClient Connect(string host, int port, JsonWebClientOptions options, string logCategory)
    {
        PostOfficeClient client = null!;
        return client = new PostOfficeClient(host, port, options, ResponseReader.GetId, logCategory, _ids)
        {
            Introduce = options.RetryWhen == RetryWhen.KeptReplies ? connection => Introduction.Make(connection, client) : null,
        };
    }

    private static void HandOut(IReadOnlyDictionary<string, string>? metadata, CallOptions? options)
    {
        if (metadata is not null)
        {
            options?.OnResponseMetadata?.Invoke(metadata);
        }
    }

    private static CancellationTokenRegistration Watch(ClientConnection connection, OutboundCall call, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    (ClientConnection sentOn, OutboundCall open) = ((ClientConnection, OutboundCall))state!;
                    sentOn.Abandon(open, new OperationCanceledException($"{open.Path} was cancelled by its caller. It may still be running on the server.", token));
                },
                (connection, call))
            : default;

    private JsonWebCall<T> Rent<T>(CallTarget target, ValueConverter<T> converter, CallOptions? options, bool synchronous) =>
        JsonWebCall<T>.Rent(target, converter, Serializer.Limits, _ids, options?.Timeout ?? _options.CallTimeout, synchronous);

    /// <summary>How long to wait after a failed attempt. Where no other is to come, throws what the call ends with.</summary>
    private TimeSpan GetPauseOrThrow<T>(Exception error, JsonWebCall<T> call, PostOfficeClient server, CallOptions? options, long began, ref FailedAttempts? failed)
    {
        if (error is GawConnectionException failure)
        {
            failed ??= new FailedAttempts(_options, _servers, began, call.Timeout, options is { Idempotent: true });
            if (failed.TryGoOn(failure, call, call.Keep, server, out TimeSpan pause))
            {
                _logger.TryingAgain(call.Path, pause, failure);
                return pause;
            }
        }

        HandOut(call.ResponseMetadata, options);
        ExceptionDispatchInfo.Throw(failed?.Conclude(error) ?? error);
        return default;
    }

    private ClientConnection? TrySend<T, TArguments>(PostOfficeClient server, JsonWebCall<T> call, in TArguments arguments, CallOptions? options, FailedAttempts? failed)
        where TArguments : ICallArguments
    {
        bool asks = failed?.Kept is not null;
        if (failed?.Kept is { } kept)
        {
            (call.IdPrefix, call.Key, call.Keep) = kept;
        }
        else
        {
            call.IdPrefix = _ids.Next(out int key);
            call.Key = key;
            call.Keep = options is not { Idempotent: true } && server.Pool.Server is KeepingPeer peer ? peer.Keep() : null;
        }

        JsonWriter writer = MessageWriter.Rent(_options.MaxFrameBytes);
        ClientConnection? connection = null;
        try
        {
            RequestWriter.Write(writer, call.IdPrefix, call.Key, asks ? CallTarget.Repeat : call.Target, arguments, call.Timeout, options?.Metadata, call.Keep, asks ? call.Path : null);
            connection = server.Pool.TrySend(call, writer);
        }
        catch (GawSerializationException e) when (e.During(call.Path) || asks)
        {
            throw new FailedAttempts.CannotAskException(e);
        }
        finally
        {
            if (connection is null)
            {
                MessageWriter.Return(writer);
            }
        }

        if (call.Keep is { } keep && (connection?.Server as KeepingPeer)?.Server != keep.Server)
        {
            // Another server has it, behind the same address: it keeps nothing that was meant for the first.
            call.Keep = null;
        }

        return connection;
    }
}
