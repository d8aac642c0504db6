using Gaw.JsonWeb.Envelopes;
using Gaw.Logging;
using Gaw.Proxies;
using Gaw.Scheduling;
using Gaw.Serialization;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Client.Filters;

/// <inheritdoc/>
internal sealed class FilteredCall<T, TArguments>(
    JsonWebClient client, CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
    : FilteredCall(client, target.Path, options, cancellationToken)
    where TArguments : ICallArguments
{
    private readonly JsonWebClient _client = client;
    private readonly CallOptions? _options = options;
    private readonly TArguments _given = arguments;
    private readonly FilterWait _wait = new(target.Path, options?.Timeout ?? client.CallTimeout, client.Lifetime, cancellationToken);
    private ReplaceableArguments? _seen;
    private bool _isSynchronous;
    private T? _result;

    /// <summary>Boxed with the first look: a call whose filters are not interested goes out as it would without them.</summary>
    public override GawArguments Arguments => ReplaceableArguments.Of(ref _seen, _client.Values, _given);

    public override object? Result
    {
        get => typeof(T) == typeof(NoResult) ? null : _result;
        set => _result = typeof(T) == typeof(NoResult) && value is null ? default : Fit<T>(value, "The result");
    }

    /// <summary>
    /// Makes the call on the caller's thread, as long as no filter leaves it. A filter that awaits does not come back to the caller's thread, which waits
    /// for it: neither through its <see cref="SynchronizationContext"/> nor through its <see cref="TaskScheduler"/>.
    /// </summary>
    /// <exception cref="TimeoutException">No filter went on for the call's time-out, while nothing of the call was under way.</exception>
    public T Run(GawFilterNext filters)
    {
        _isSynchronous = true;
        ClientSpan span = BeginSpan();
        using CallersContext context = CallersContext.Leave();
        try
        {
            Task running = CallersContext.RunHere(static call => call.Filters(call.Context).AsTask(), (Filters: filters, Context: this));
            if (!running.IsCompleted)
            {
                _wait.WaitFor(running);
            }

            running.GetAwaiter().GetResult();
            span.End(null);
            return _result!;
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
    }

    /// <summary>Makes the call.</summary>
    public async ValueTask<T> RunAsync(GawFilterNext filters)
    {
        ClientSpan span = BeginSpan();
        try
        {
            Task running = filters(this).AsTask();
            if (!running.IsCompleted)
            {
                await _wait.WaitForAsync(running).ConfigureAwait(false);
            }

            await running.ConfigureAwait(false);
            span.End(null);
            return _result!;
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
    }

    protected override async ValueTask SendAsync()
    {
        _wait.BeginSend();
        try
        {
            await SendOnceAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (_wait.Before.Join(e) is { } joined)
        {
            throw joined;
        }
        finally
        {
            _wait.EndSend();
        }
    }

    /// <summary>The filters are part of the call, for its caller.</summary>
    private ClientSpan BeginSpan() => _client.IsMeasured ? ClientSpan.Begin(target, _client.EndPoint) : default;

    private async ValueTask SendOnceAsync()
    {
        if (_wait.Rest == TimeSpan.Zero)
        {
            throw new TimeoutException($"The time of {Path} ({DurationText.Of(_wait.Limit)}: CallTimeout, or the call's own Timeout) was over when a filter went on, so it was not sent.");
        }

        CallOptions sent = (_options ?? new CallOptions()) with { Metadata = Metadata.Count == 0 ? null : Metadata, OnResponseMetadata = Receive };
        _result = (_seen, _isSynchronous) switch
        {
            (null, true) => _client.Send(target, converter, _given, sent, _wait.Began, isWithinSpan: true, CancellationToken),
            (null, false) => await _client.SendAsync(target, converter, _given, sent, _wait.Began, isWithinSpan: true, CancellationToken).ConfigureAwait(false),
            (_, true) => _client.Send(target, converter, _seen, sent, _wait.Began, isWithinSpan: true, CancellationToken),
            (_, false) => await _client.SendAsync(target, converter, _seen, sent, _wait.Began, isWithinSpan: true, CancellationToken).ConfigureAwait(false),
        };
    }

    private void Receive(IReadOnlyDictionary<string, string> metadata)
    {
        foreach ((string name, string value) in metadata)
        {
            ResponseMetadata[name] = value;
        }

        _options?.OnResponseMetadata?.Invoke(metadata);
    }
}
