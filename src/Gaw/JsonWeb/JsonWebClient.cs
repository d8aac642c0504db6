using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Logging;
using Gaw.PostOffice.Scheduling;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb;

/// <summary>
/// A client of requests with a path and arguments. Usable alone; <c>GawClient</c> makes the calls look like calls. Thread-safe; one
/// connection carries many calls at once.
/// </summary>
public sealed class JsonWebClient : IDisposable, IAsyncDisposable
{
    private readonly ServerPicker _servers;
    private readonly JsonWebClientOptions _options;
    private readonly ConcurrentDictionary<string, CallTarget> _targets = new(StringComparer.Ordinal);
    private readonly CallIds _ids;
    private readonly ILogger _logger;
    private readonly GawFilterNext? _filters;
    private readonly CancellationTokenSource _disposing = new();

    /// <summary>Only with a secret is there a server that wants to be named.</summary>
    private readonly bool _namesServers;

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
        : this(options, serializer, logCategory) => _servers = new ServerPicker([.. servers.Select(server => Connect(server.Host, server.Port, servers.Count))], options.TimeProvider);

    /// <summary>Makes a client over another carrier than TCP.</summary>
    internal JsonWebClient(Func<CallIds, RequestCarrier> carrier, JsonWebClientOptions options, ValueSerializer serializer, string logCategory)
        : this(options, serializer, logCategory) => _servers = new ServerPicker([carrier(_ids)], options.TimeProvider);

    private JsonWebClient(JsonWebClientOptions options, ValueSerializer serializer, string logCategory)
    {
        _options = options;
        _namesServers = options.Secret is not null;
        Serializer = serializer;
        Values = serializer.Get<object>();
        _ids = new CallIds(options.TimeProvider);
        _logger = SafeLogger.Create(options.LoggerFactory, logCategory);
        _filters = FilterChain.Create(options.Filters, FilteredCall.SendAsync);
        _servers = null!;
    }

    /// <summary>The address of the server, the first of several, as it was given.</summary>
    public EndPoint EndPoint => _servers.All[0].EndPoint;

    /// <summary>How long a call waits for its answer that wants nothing else.</summary>
    internal TimeSpan CallTimeout => _options.CallTimeout;

    /// <summary>The call that is served where a call is made now, if calls belong to it.</summary>
    internal GawCallContext? ServedCall => _options.ServedCall?.Invoke();

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

    /// <inheritdoc cref="PostOfficeClient.Dispose"/>
    public void Dispose()
    {
        // First: a call that fails with its connection must not be tried again on a client that it finds disposed.
        _disposing.CancelAsync().Forget();
        Array.ForEach(_servers.All, static server => server.Dispose());
    }

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
        where TArguments : ICallArguments => _options.ServedCall is not null || ClientSpan.IsWanted
            ? RelatedCall.Run(this, target, converter, arguments, options, cancellationToken)
            : Run(target, converter, arguments, options, cancellationToken);

    internal ValueTask<T> CallAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _options.ServedCall is not null || ClientSpan.IsWanted
            ? RelatedCall.RunAsync(this, target, converter, arguments, options, cancellationToken)
            : RunAsync(target, converter, arguments, options, cancellationToken);

    /// <summary>Makes a call through the filters, if there are any.</summary>
    internal T Run<T, TArguments>(CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _filters is null
            ? Send(target, converter, arguments, options, GetTimestamp(), cancellationToken)
            : new FilteredCall<T, TArguments>(this, target, converter, arguments, options, cancellationToken).Run(_filters);

    /// <inheritdoc cref="Run"/>
    internal ValueTask<T> RunAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments => _filters is null
            ? SendAsync(target, converter, arguments, options, GetTimestamp(), cancellationToken)
            : new FilteredCall<T, TArguments>(this, target, converter, arguments, options, cancellationToken).RunAsync(_filters);

    /// <summary>A time stamp of the client's clock.</summary>
    internal long GetTimestamp() => _options.TimeProvider.GetTimestamp();

    /// <summary>What is left of a call's time, never below zero; <see cref="Timeout.InfiniteTimeSpan"/> where there is no end.</summary>
    internal TimeSpan GetRest(TimeSpan timeout, long began) => Deadline.RestOf(timeout, _options.TimeProvider.GetElapsedTime(began));

    /// <summary>Makes a call, past the filters.</summary>
    /// <param name="target">What is called.</param>
    /// <param name="converter">Reads the result.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="options">What the call wants different from the client's options.</param>
    /// <param name="began">When the caller made the call: all attempts, connects and pauses end with its time-out from then on.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal T Send<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, long began, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        cancellationToken.ThrowIfCancellationRequested();
        long now = began;
        RetryState? failed = null;
        while (true)
        {
            RequestCarrier server = failed?.Server ?? _servers.Choose();
            JsonWebCall<T> call = Rent(target, converter, options, began, synchronous: true);
            Exception? error;
            try
            {
                call.SentAt = now;
                for (bool opened = false; !TrySend(server, call, arguments, options, failed);)
                {
                    using (BlockingWait.Enter())
                    {
                        (server, opened) = _servers.WaitForCapacityAsync(server, call, opened, failed?.Server is not null, GetConnectTime(began, failed), cancellationToken).GetAwaiter().GetResult();
                    }

                    call.SentAt = _options.TimeProvider.GetTimestamp();
                }

                using (Watch(call, cancellationToken))
                {
                    call.Wait(mayRead: !cancellationToken.CanBeCanceled);
                }

                error = call.Error;
            }
            catch (ObjectDisposedException) when (failed is not null)
            {
                // Disposed between the pause and the attempt.
                throw failed.ConcludeDisposed();
            }
            catch (Exception e) when (e is GawException or TimeoutException)
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

            TimeSpan pause = GetPauseOrThrow(error, call, server, options, ref failed);
            Pause(pause, cancellationToken);
            now = BeginNext(failed);
        }
    }

    /// <inheritdoc cref="Send"/>
    /// <remarks>A call that waits costs no allocation: its state is pooled, as the call itself is.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<T> SendAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, TArguments arguments, CallOptions? options, long began, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        cancellationToken.ThrowIfCancellationRequested();
        long now = began;
        RetryState? failed = null;
        while (true)
        {
            RequestCarrier server = failed?.Server ?? _servers.Choose();
            JsonWebCall<T> call = Rent(target, converter, options, began, synchronous: false);
            Exception? error = null;
            T? result = default;
            try
            {
                call.SentAt = now;
                for (bool opened = false; !TrySend(server, call, arguments, options, failed);)
                {
                    (server, opened) = await _servers.WaitForCapacityAsync(server, call, opened, failed?.Server is not null, GetConnectTime(began, failed), cancellationToken).ConfigureAwait(false);
                    call.SentAt = _options.TimeProvider.GetTimestamp();
                }

                using (Watch(call, cancellationToken))
                {
                    result = await call.Task.ConfigureAwait(false);
                }
            }
            catch (ObjectDisposedException) when (failed is not null)
            {
                // Disposed between the pause and the attempt.
                throw failed.ConcludeDisposed();
            }
            catch (Exception e) when (e is GawException or TimeoutException)
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

            TimeSpan pause = GetPauseOrThrow(error, call, server, options, ref failed);
            if (pause > TimeSpan.Zero)
            {
                await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
            }

            now = BeginNext(failed);
        }
    }

    private TcpCarrier Connect(string host, int port, int servers)
    {
        TcpCarrier carrier = null!;
        return carrier = new TcpCarrier(host, port, _options, ResponseReader.GetId, _ids, _logger)
        {
            ConnectTime = _options.ConnectTimeout == Timeout.InfiniteTimeSpan ? _options.ConnectTimeout : _options.ConnectTimeout / servers,

            // With others at hand, a server has to show that it answers before a call is entrusted to it.
            Introduce = _options.RetryWhen == RetryWhen.KeptReplies || servers > 1
                ? (route, rest) => CapabilityProbe.Make(route, carrier.EndPoint, rest, asksForReplies: _options.RetryWhen == RetryWhen.KeptReplies, _ids, _options.TimeProvider)
                : null,
        };
    }

    /// <summary>What is left of the time for connecting: of the call, or of the attempt after what was sent was lost.</summary>
    private TimeSpan GetConnectTime(long began, RetryState? failed)
    {
        if (_options.ConnectTimeout == Timeout.InfiniteTimeSpan)
        {
            return _options.ConnectTimeout;
        }

        TimeSpan rest = _options.ConnectTimeout - _options.TimeProvider.GetElapsedTime(failed?.LastSent ?? began);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <summary>Blocks, until the client is disposed or the token fires at most.</summary>
    private void Pause(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause > TimeSpan.Zero)
        {
            using BlockingWait wait = BlockingWait.Enter();
            WaitHandle.WaitAny([cancellationToken.WaitHandle, _disposing.Token.WaitHandle], pause);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc cref="Pause"/>
    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        await Task.Delay(pause, _options.TimeProvider, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Before a further attempt: where the client was disposed meanwhile, or the pause has outlasted the deadline, the call ends with what is known of it.</summary>
    /// <returns>The time stamp of now.</returns>
    private long BeginNext(RetryState failed)
    {
        if (_disposing.IsCancellationRequested)
        {
            throw failed.ConcludeDisposed();
        }

        long now = GetTimestamp();
        failed.ThrowIfOver(now);
        return now;
    }

    private static void HandOut(IReadOnlyDictionary<string, string>? metadata, CallOptions? options)
    {
        if (metadata is not null)
        {
            options?.OnResponseMetadata?.Invoke(metadata);
        }
    }

    private static CancellationTokenRegistration Watch(PendingCall call, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    PendingCall open = (PendingCall)state!;
                    open.Abandon(new OperationCanceledException($"{open.Path} was cancelled by its caller. It may still be running on the server.", token));
                },
                call)
            : default;

    private JsonWebCall<T> Rent<T>(CallTarget target, ValueConverter<T> converter, CallOptions? options, long began, bool synchronous) =>
        JsonWebCall<T>.Rent(target, converter, Serializer.Limits, _ids, options?.Timeout ?? _options.CallTimeout, began, synchronous);

    /// <summary>How long to wait after a failed attempt. Where no other is to come, throws what the call ends with.</summary>
    private TimeSpan GetPauseOrThrow<T>(Exception error, JsonWebCall<T> call, RequestCarrier server, CallOptions? options, [NotNull] ref RetryState? failed)
    {
        if (error is TimeoutException && call.MetSilence)
        {
            // One from which not a byte came meanwhile rests as one that cannot be connected.
            _servers.Failed(server);
        }

        // A call that was not run for want of a place for its reply has only to be sent again.
        if (failed?.Kept is null && call.Keep is not null && error is GawRemoteException { RemoteName: ReplyCacheKey.NotKept } notKept)
        {
            error = new GawConnectionException($"{notKept.Message}. It has not run.", server.EndPoint, CallExecution.NotRun, notKept);
        }

        if (error is GawRemoteException { RemoteName: Audience.Refused } refused && call.Told > 0 && !call.Audience.Includes(call.Told))
        {
            error = new GawConnectionException($"{call.Path} has not run: what answers at {server.EndPoint} is not the server that the request names. Where each attempt ends so, something in between spreads one connection over several servers.", server.EndPoint, CallExecution.NotRun, refused) { WasMisdirected = true };
        }

        if (error is GawConnectionException failure)
        {
            failed ??= new RetryState(_options, _servers, call.Began, call.Timeout, options is { Idempotent: true });
            if (failed.TryGoOn(failure, call, call.Keep, server, out TimeSpan pause))
            {
                _logger.TryingAgain(call.Path, pause, failure);
                ClientSpan.AttemptFailed(call.Path, failed.Attempts, failure);
                return pause;
            }
        }

        HandOut(call.ResponseMetadata, options);
        ExceptionDispatchInfo.Throw(failed?.Conclude(error) ?? error);
        throw error;
    }

    private bool TrySend<T, TArguments>(RequestCarrier server, JsonWebCall<T> call, in TArguments arguments, CallOptions? options, RetryState? failed)
        where TArguments : ICallArguments
    {
        bool asks = failed?.Kept is not null;
        CallRoute? next = _namesServers || _options.RetryWhen == RetryWhen.KeptReplies ? server.Next : null;
        KnownServer? known = next?.Server as KnownServer;
        call.Audience = _namesServers ? Audience.Choose(known, next is { IsSequential: true }, server.Server as KnownServer) : Audience.Unsaid;
        if (failed?.Kept is { } kept)
        {
            (call.IdPrefix, call.Key, call.Keep) = kept;
        }
        else
        {
            call.IdPrefix = _ids.Next(out int key);
            call.Key = key;
            call.Keep = options is { Idempotent: true } ? null : known?.Keeping?.Keep();
        }

        JsonWriter writer = server.RentWriter();
        CallRoute? route = null;
        try
        {
            RequestWriter.Write(writer, call.IdPrefix, call.Key, asks ? CallTarget.Repeat : call.Target, arguments, call.GetRest(_options.TimeProvider, call.SentAt), options?.Metadata, call.Keep, asks ? call.Path : null, call.Audience);
            route = server.TrySend(call, writer);
        }
        catch (GawSerializationException e) when (e.During(call.Path) || asks)
        {
            throw new RetryState.CannotAskException(e);
        }
        finally
        {
            if (route is null)
            {
                RequestCarrier.ReturnWriter(writer);
            }
        }

        if (call.Keep is { } keep && (route?.Server as KnownServer)?.Keeping?.Server != keep.Server)
        {
            // Another server has it, behind the same address: it keeps nothing that was meant for the first.
            call.Keep = null;
        }

        return route is not null;
    }
}
