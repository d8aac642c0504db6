using System.Runtime.CompilerServices;
using Gaw.JsonWeb.Client.Retries;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.Scheduling;
using Gaw.Serialization;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb.Client;

/// <summary>The loop of attempts of a call, synchronous and asynchronous, and the only place that tries again.</summary>
internal sealed partial class CallSender
{
    private readonly JsonWebClientOptions _options;
    private readonly ServerPicker _servers;
    private readonly CallAttempts _attempts;
    private readonly ClientLifetime _lifetime;
    private readonly CallRetries _retries;
    private readonly SendWait _wait;

    public CallSender(JsonWebClientOptions options, ServerPicker servers, CallAttempts attempts, ClientLifetime lifetime, ILogger logger)
    {
        _options = options;
        _servers = servers;
        _attempts = attempts;
        _lifetime = lifetime;
        _retries = new CallRetries(options, servers, lifetime, logger);
        _wait = new SendWait(options, servers, attempts);
    }

    /// <summary>Makes a call, past the filters.</summary>
    /// <param name="target">What is called.</param>
    /// <param name="converter">Reads the result.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="options">What the call wants different from the client's options.</param>
    /// <param name="began">When the caller made the call: all attempts, connects and pauses end with its time-out from then on.</param>
    /// <param name="isWithinSpan">The call's span has begun before its filters.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public T Send<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, long began, bool isWithinSpan, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        ClientSpan span = BeginSpan(target, isWithinSpan);
        AttemptState attempt = new(began);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (true)
            {
                attempt.Choose(_servers);
                JsonWebCall<T> call = _attempts.Rent(target, converter, options, began, synchronous: true);
                Exception? error;
                try
                {
                    call.SentAt = attempt.Now;
                    while (!_attempts.TrySend(attempt.Server, call, arguments, options, attempt.Failed))
                    {
                        using (BlockingWait.Enter())
                        {
                            (attempt.Server, attempt.WasOpened) = _wait.WaitAsync(attempt, call, cancellationToken).GetAwaiter().GetResult();
                        }

                        call.SentAt = _options.TimeProvider.GetTimestamp();
                    }

                    using (Watch(call, cancellationToken))
                    {
                        call.Wait(mayRead: !cancellationToken.CanBeCanceled);
                    }

                    call.WaitForReports();
                    error = call.Error;
                }
                catch (Exception e) when (attempt.IsFailure(e))
                {
                    error = attempt.GetError(e);
                }
                finally
                {
                    call.EndStreams();
                }

                if (error is null)
                {
                    T result = call.Result;
                    Finish(call, options, span);
                    return result;
                }

                TimeSpan pause = _retries.GetPauseOrThrow(error, call, options, ref attempt);
                _lifetime.Pause(pause, cancellationToken);
                _retries.BeginNext(ref attempt);
            }
        }
        catch (Exception e) when (span.IsOpen)
        {
            span.End(e);
            throw;
        }
    }

    /// <inheritdoc cref="Send"/>
    /// <remarks>A call that waits costs no allocation: its state is pooled, as the call itself is.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> SendAsync<T, TArguments>(
        CallTarget target, ValueConverter<T> converter, TArguments arguments, CallOptions? options, long began, bool isWithinSpan, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        ClientSpan span = BeginSpan(target, isWithinSpan);
        AttemptState attempt = new(began);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (true)
            {
                attempt.Choose(_servers);
                JsonWebCall<T> call = _attempts.Rent(target, converter, options, began, synchronous: false);
                Exception? error = null;
                T? result = default;
                try
                {
                    call.SentAt = attempt.Now;
                    while (!_attempts.TrySend(attempt.Server, call, arguments, options, attempt.Failed))
                    {
                        (attempt.Server, attempt.WasOpened) = await _wait.WaitAsync(attempt, call, cancellationToken).ConfigureAwait(false);
                        call.SentAt = _options.TimeProvider.GetTimestamp();
                    }

                    using (Watch(call, cancellationToken))
                    {
                        result = await call.Task.ConfigureAwait(false);
                    }
                }
                catch (Exception e) when (attempt.IsFailure(e))
                {
                    error = attempt.GetError(e);
                }
                finally
                {
                    call.EndStreams();
                }

                if (error is null)
                {
                    Finish(call, options, span);
                    return result!;
                }

                TimeSpan pause = _retries.GetPauseOrThrow(error, call, options, ref attempt);
                await _lifetime.PauseAsync(pause, cancellationToken).ConfigureAwait(false);
                _retries.BeginNext(ref attempt);
            }
        }
        catch (Exception e) when (span.IsOpen)
        {
            span.End(e);
            throw;
        }
    }

    internal static void HandOut(IReadOnlyDictionary<string, string>? metadata, CallOptions? options)
    {
        if (metadata is not null)
        {
            options?.OnResponseMetadata?.Invoke(metadata);
        }
    }

    internal static CancellationTokenRegistration Watch(PendingCall call, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    PendingCall open = (PendingCall)state!;
                    open.Abandon(new OperationCanceledException($"{open.Path} was cancelled by its caller. It may still be running on the server.", token));
                },
                call)
            : default;

    private ClientSpan BeginSpan(CallTarget target, bool isWithinSpan) => isWithinSpan || !_options.IsMeasured ? default : ClientSpan.Begin(target, _servers.EndPoint);

    /// <summary>The call has its result, which the caller has taken.</summary>
    private static void Finish<T>(JsonWebCall<T> call, CallOptions? options, in ClientSpan span)
    {
        Dictionary<string, string>? metadata = call.ResponseMetadata;
        bool isStream = call.Streams is { AreLists: false };
        call.Return();
        HandOut(metadata, options);
        span.End(null, isStream);
    }
}
