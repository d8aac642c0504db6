using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Client.Filters;
using Gaw.JsonWeb.Envelopes;
using Gaw.Logging;
using Gaw.Scheduling;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>A client's call whose result is a stream, as its filters see it: going on completes when the stream has ended. They run when the first item is asked for.</summary>
internal sealed class FilteredStream<T, TArguments>(
    JsonWebClient client, CallTarget target, ItemsConverter<T> converter, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
    : FilteredCall(client, target.Path, options, cancellationToken)
    where TArguments : ICallArguments
{
    /// <summary>How long filters may take beyond the time of the call, to say what has become of it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly JsonWebClient _client = client;
    private readonly CallOptions? _options = options;
    private readonly TaskCompletionSource<StreamCall<T>> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReplaceableArguments? _seen;
    private Task _running = Task.CompletedTask;
    private List<T>? _instead;

    /// <summary>Boxed with the first look.</summary>
    public override GawArguments Arguments => ReplaceableArguments.Of(ref _seen, _client.Values, arguments);

    /// <summary>Always empty: items are not kept. A filter can give a list in place of going on.</summary>
    public override object? Result
    {
        get => null;
        set => _instead = value switch
        {
            _ when _opened.Task.IsCompleted => throw new InvalidOperationException("The items are given as they come, so a filter can give others only in place of going on."),
            null => null,
            IEnumerable<T> items => [.. items],
            _ => throw new ArgumentException($"The result is a stream of {TypeNames.Friendly(typeof(T))}, so a filter can give a list of them in its place, not a {TypeNames.Friendly(value.GetType())}.", nameof(value)),
        };
    }

    /// <summary>Runs the filters until the call is made.</summary>
    /// <returns><see langword="null"/>: they have ended without it.</returns>
    public async ValueTask<StreamCall<T>?> OpenAsync(GawFilterNext filters)
    {
        _running = filters(this).AsTask();
        TimeSpan limit = _options?.Timeout ?? _client.CallTimeout;
        Task either = Task.WhenAny(_opened.Task, _running);
        await either.WaitAsync(limit == Timeout.InfiniteTimeSpan ? limit : limit + Grace, _client.Lifetime.Time, CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_opened.Task.IsCompleted)
        {
            return await _opened.Task.ConfigureAwait(false);
        }

        CancellationToken.ThrowIfCancellationRequested();
        if (!_running.IsCompleted)
        {
            throw new TimeoutException($"The filters of {Path} did not go on within {DurationText.Of(limit)} (CallTimeout, or the call's own Timeout). What they wait for has not come; nothing of the call is under way.");
        }

        await _running.ConfigureAwait(false);
        return null;
    }

    /// <summary>The stream has ended, and the filters go on.</summary>
    /// <param name="error">What it has failed with.</param>
    /// <returns>The items that a filter has given instead; <see langword="null"/>: none.</returns>
    /// <exception cref="Exception">What a filter has thrown.</exception>
    public async ValueTask<List<T>?> EndAsync(Exception? error)
    {
        if (error is null)
        {
            _ended.TrySetResult();
        }
        else
        {
            _ended.TrySetException(error);
            _ = _ended.Task.Exception;
        }

        if (_opened.Task.IsCompleted || error is null)
        {
            await _running.ConfigureAwait(false);
        }
        else
        {
            _running.Forget();
        }

        return _instead;
    }

    /// <summary>The consumer has left.</summary>
    public void Leave()
    {
        _ended.TrySetResult();
        _running.Forget();
    }

    protected override async ValueTask SendAsync()
    {
        if (_opened.Task.IsCompleted)
        {
            throw new InvalidOperationException($"A filter of {Path} went on a second time, when items may have been given already. Make the call anew instead.");
        }

        CallOptions sent = (_options ?? new CallOptions()) with { Metadata = Metadata.Count == 0 ? null : Metadata, OnResponseMetadata = Receive };
        StreamCall<T> call = _seen is null
            ? await _client.OpenAsync(target, converter, arguments, sent, _client.GetTimestamp(), CancellationToken).ConfigureAwait(false)
            : await _client.OpenAsync(target, converter, _seen, sent, _client.GetTimestamp(), CancellationToken).ConfigureAwait(false);
        if (call.ResponseMetadata is { } metadata)
        {
            Receive(metadata);
        }

        _opened.TrySetResult(call);
        await _ended.Task.ConfigureAwait(false);
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
