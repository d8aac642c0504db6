using System.Collections.Concurrent;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
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
    private readonly PostOfficeClient _postOffice;
    private readonly PostOfficeClientOptions _options;
    private readonly ConcurrentDictionary<string, CallTarget> _targets = new(StringComparer.Ordinal);
    private readonly ILogger _logger;

    /// <summary>Connects with the first request.</summary>
    /// <param name="host">The server's IPv4 or IPv6 address, or its name.</param>
    /// <param name="port">The server's TCP port, 1 to 65535.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="types">The user types that values are read as; none by default.</param>
    public JsonWebClient(string host, int port, PostOfficeClientOptions? options = null, GawTypes? types = null)
        : this(host, port, options ?? new PostOfficeClientOptions(), new ValueSerializer(types), "Gaw.JsonWeb")
    {
    }

    internal JsonWebClient(string host, int port, PostOfficeClientOptions options, ValueSerializer serializer, string logCategory)
    {
        _options = options;
        Serializer = serializer;
        _logger = SafeLogger.Create(options.LoggerFactory, logCategory);
        _postOffice = new PostOfficeClient(host, port, options, ResponseReader.GetId, logCategory);
    }

    /// <inheritdoc cref="PostOfficeClient.EndPoint"/>
    public EndPoint EndPoint => _postOffice.EndPoint;

    internal ValueSerializer Serializer { get; }

    /// <summary>Requests a path and waits for the result.</summary>
    /// <param name="path">The whole path, for example <c>math_service/plus</c>.</param>
    /// <param name="args">The positional arguments.</param>
    /// <param name="kwargs">The named arguments.</param>
    /// <exception cref="GawRemoteException">The request failed on the server.</exception>
    /// <exception cref="GawConnectionException">The server was not reached, or the connection was lost before the answer came.</exception>
    /// <exception cref="GawSerializationException">An argument cannot be written, or the result is no <typeparamref name="T"/>.</exception>
    /// <exception cref="GawProtocolException">What answers is not a Gaw server, or uses another secret.</exception>
    /// <exception cref="TimeoutException">No answer came within <see cref="PostOfficeClientOptions.CallTimeout"/>.</exception>
    public T Request<T>(string path, IReadOnlyList<object?>? args = null, IReadOnlyDictionary<string, object?>? kwargs = null) =>
        Call(GetTarget(path), Serializer.Get<T>(), new BoxedArguments(Serializer, args, kwargs), CancellationToken.None);

    /// <inheritdoc cref="Request{T}"/>
    /// <exception cref="OperationCanceledException">The token was cancelled; the method may still run on the server.</exception>
    public Task<T> RequestAsync<T>(
        string path, IReadOnlyList<object?>? args = null, IReadOnlyDictionary<string, object?>? kwargs = null, CancellationToken cancellationToken = default) =>
        CallAsync(GetTarget(path), Serializer.Get<T>(), new BoxedArguments(Serializer, args, kwargs), cancellationToken);

    /// <inheritdoc cref="PostOfficeClient.Dispose"/>
    public void Dispose() => _postOffice.Dispose();

    /// <inheritdoc cref="PostOfficeClient.Dispose"/>
    public ValueTask DisposeAsync() => _postOffice.DisposeAsync();

    internal CallTarget GetTarget(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return _targets.GetOrAdd(path, static p => new CallTarget(p));
    }

    internal T Call<T, TArguments>(CallTarget target, ValueConverter<T> converter, in TArguments arguments, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        cancellationToken.ThrowIfCancellationRequested();
        RetryPolicy policy = CreatePolicy();
        while (true)
        {
            JsonWebCall<T> call = JsonWebCall<T>.Rent(target, converter, Serializer.Limits, _options.CallTimeout, synchronous: true);
            try
            {
                ClientConnection connection = _postOffice.GetConnection() ?? _postOffice.Connect(cancellationToken);
                Send(connection, call, target, arguments);
                using (Watch(connection, call, cancellationToken))
                {
                    connection.Wait(call, mayRead: !cancellationToken.CanBeCanceled);
                }

                if (call.Error is null)
                {
                    T result = call.Result;
                    call.Return();
                    return result;
                }

                ExceptionDispatchInfo.Throw(call.Error);
            }
            catch (GawConnectionException e) when (MayBeTriedAgain(e) && policy.TryGetPause(out TimeSpan pause))
            {
                _logger.TryingAgain(target.Path, pause, e);
                cancellationToken.WaitHandle.WaitOne(pause);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    internal async Task<T> CallAsync<T, TArguments>(CallTarget target, ValueConverter<T> converter, TArguments arguments, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        cancellationToken.ThrowIfCancellationRequested();
        RetryPolicy policy = CreatePolicy();
        while (true)
        {
            JsonWebCall<T> call = JsonWebCall<T>.Rent(target, converter, Serializer.Limits, _options.CallTimeout, synchronous: false);
            TimeSpan pause;
            try
            {
                ClientConnection connection = _postOffice.GetConnection() ?? await _postOffice.ConnectAsync(cancellationToken).ConfigureAwait(false);
                Send(connection, call, target, arguments);
                T result;
                using (Watch(connection, call, cancellationToken))
                {
                    result = await call.Task.ConfigureAwait(false);
                }

                call.Return();
                return result;
            }
            catch (GawConnectionException e) when (MayBeTriedAgain(e) && policy.TryGetPause(out pause))
            {
                _logger.TryingAgain(target.Path, pause, e);
            }

            await Task.Delay(pause, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Nothing ran, and the next attempt may go better: who does not trust the other's certificate now will not in a second either.</summary>
    private static bool MayBeTriedAgain(GawConnectionException failure) =>
        failure.Execution == CallExecution.NotRun && failure.InnerException is not AuthenticationException;

    private RetryPolicy CreatePolicy() => new(_options.Retries, _options.ConnectTimeout, _options.TimeProvider);

    private void Send<TArguments>(ClientConnection connection, OutboundCall call, CallTarget target, in TArguments arguments)
        where TArguments : ICallArguments
    {
        call.IdPrefix = _postOffice.Ids.Next(out int key);
        call.Key = key;
        JsonWriter writer = MessageWriter.Rent(_options.MaxFrameBytes);
        try
        {
            RequestWriter.Write(writer, call.IdPrefix, key, target, arguments);
            if (connection.TrySend(call, writer))
            {
                return;
            }
        }
        catch
        {
            MessageWriter.Return(writer);
            throw;
        }

        MessageWriter.Return(writer);
        throw new GawConnectionException(
            $"The connection to {EndPoint} was lost before {target.Path} was sent.", EndPoint, CallExecution.NotRun);
    }
}
