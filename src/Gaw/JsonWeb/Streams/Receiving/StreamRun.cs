using System.Runtime.CompilerServices;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Envelopes;
using Gaw.Serialization.Streams;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>One enumeration of a <see cref="RemoteStream{T, TArguments}"/>: makes the call, gives its items, and ends it however the enumeration ends.</summary>
internal sealed class StreamRun<T, TArguments>(
    JsonWebClient client, CallTarget target, ItemsConverter<T> converter, TArguments arguments, CallOptions? given, CancellationToken cancellationToken) : IDisposable
    where TArguments : ICallArguments
{
    private readonly StreamLease<T> _lease = new();
    private CallOptions? _options = given;
    private CancellationToken _token = cancellationToken;
    private CancellationTokenRegistration _watch;
    private CallLink _link;
    private ClientSpan _span;
    private FilteredStream<T, TArguments>? _filtered;
    private StreamTotals? _taken;
    private long _count;
    private bool _hasBegun;
    private bool _isOver;
    private bool _hasHeaders;

    /// <summary>Ends the enumeration.</summary>
    public CancellationToken Token => _token;

    /// <summary>The server gives the result in parts: known with the first items, or the end.</summary>
    public bool IsInParts => _lease.Call is { IsInParts: true };

    /// <summary>The next items; <see langword="null"/>: there are no more.</summary>
    /// <exception cref="Exception">What the call has failed with, after all its items.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<List<T>?> NextAsync()
    {
        try
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                await BeginAsync().ConfigureAwait(false);
            }

            if (_lease.Call is { } call)
            {
                while (true)
                {
                    _token.ThrowIfCancellationRequested();
                    if (call.TryTake(ref _taken) is { } items)
                    {
                        HandOut(call);
                        _count += items.Count;
                        return items;
                    }

                    if (call.IsOver)
                    {
                        HandOut(call);
                        call.ThrowIfFailed();
                        break;
                    }

                    await call.WhenMoreAsync().ConfigureAwait(false);
                }
            }

            return await EndAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await FailAsync(e).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The enumeration is over: a call that goes on is cancelled. Waits for nothing.</summary>
    public void Dispose()
    {
        _watch.Dispose();
        _lease.Dispose();
        Close(error: null);
        _filtered?.Leave();
    }

    private async ValueTask BeginAsync()
    {
        _link = CallLink.To(client.ServedCall, Timeout.InfiniteTimeSpan, ref _options, ref _token);
        _span = client.IsMeasured ? ClientSpan.Begin(target, client.EndPoint) : default;
        StreamCall<T>? call;
        if (client.Filters is { } filters)
        {
            _filtered = new FilteredStream<T, TArguments>(client, target, converter, arguments, _options, _token);
            call = await _filtered.OpenAsync(filters).ConfigureAwait(false);
        }
        else
        {
            call = await client.OpenAsync(target, converter, arguments, _options, client.GetTimestamp(), _token).ConfigureAwait(false);
        }

        if (call is not null)
        {
            _lease.Call = call;
            _watch = CallSender.Watch(call, _token);
        }
    }

    private async ValueTask<List<T>?> EndAsync()
    {
        if (_isOver)
        {
            return null;
        }

        _isOver = true;
        List<T>? instead = _filtered is null ? null : await _filtered.EndAsync(null).ConfigureAwait(false);
        Close(error: null);
        return instead;
    }

    private async ValueTask FailAsync(Exception error)
    {
        _isOver = true;
        try
        {
            if (_filtered is not null)
            {
                await _filtered.EndAsync(error).ConfigureAwait(false);
            }
        }
        finally
        {
            Close(error);
        }
    }

    /// <summary>Once: the metadata come with the first items, or with the end. Filters have been given theirs.</summary>
    private void HandOut(StreamCall<T> call)
    {
        if (!_hasHeaders && call.ResponseMetadata is { } metadata)
        {
            _hasHeaders = true;
            if (_filtered is null)
            {
                CallSender.HandOut(metadata, _options);
            }
        }
    }

    private void Close(Exception? error)
    {
        _span.End(error, isStream: true, _count);
        _span = default;
        _link.Dispose();
        _link = default;
    }
}
