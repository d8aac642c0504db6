using System.Reflection;
using Gaw.JsonWeb.Envelopes;
using Gaw.Logging;
using Gaw.Proxies;
using Gaw.Scheduling;
using Gaw.Serialization;

namespace Gaw.JsonWeb.Client;

/// <summary>A client's call as its filters see it.</summary>
internal abstract class FilteredCall(JsonWebClient client, string path, CallOptions? options, CancellationToken cancellationToken)
    : GawFilterContext(path, options?.Metadata ?? NoMetadata, client.EndPoint, null, cancellationToken)
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public override MethodInfo? Method => null;

    /// <summary>The end of the filters' chain.</summary>
    public static ValueTask SendAsync(GawFilterContext context) => ((FilteredCall)context).SendAsync();

    protected abstract ValueTask SendAsync();
}

/// <inheritdoc/>
internal sealed class FilteredCall<T, TArguments>(
    JsonWebClient client, CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
    : FilteredCall(client, target.Path, options, cancellationToken)
    where TArguments : ICallArguments
{
    /// <summary>In place of how many are under way: its caller waits for the call no more, so none begins any more.</summary>
    private const int GivenUp = int.MinValue;

    /// <summary>How long the filters of a synchronous call may take to go on after its deadline, to log its end for example.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly JsonWebClient _client = client;
    private readonly CallOptions? _options = options;
    private readonly long _began = client.GetTimestamp();
    private readonly TArguments _given = arguments;
    private ReplaceableArguments? _seen;
    private bool _isSynchronous;

    /// <summary>How often the call, or a repetition of it by a filter, has begun, and how many are under way. The increment pairs with the two reads in <see cref="WaitFor"/>: a send that begins while the caller looks is seen.</summary>
    private int _sends;

    /// <summary>The increment in <see cref="SendAsync"/> pairs with the exchange in <see cref="WaitFor"/>: of a send that begins and a caller that gives up, one finds the other.</summary>
    private int _underWay;

    private T? _result;

    /// <summary>What is known of the call where an attempt before was lost that may have run.</summary>
    private GawConnectionException? _mayHaveRun;

    private TimeSpan Limit => _options?.Timeout ?? _client.CallTimeout;

    /// <summary>Boxed with the first look: a call whose filters are not interested goes out as it would without them.</summary>
    public override GawArguments Arguments
    {
        get
        {
            if (_seen is null)
            {
                _seen = new ReplaceableArguments(_client.Values);
                _given.CopyTo(_seen);
            }

            return _seen;
        }
    }

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
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Task running = TaskScheduler.Current == TaskScheduler.Default ? filters(this).AsTask() : RunUnscheduled(filters);
            if (!running.IsCompleted)
            {
                WaitFor(running);
            }

            running.GetAwaiter().GetResult();
            return _result!;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Makes the call.</summary>
    public async ValueTask<T> RunAsync(GawFilterNext filters)
    {
        await filters(this).ConfigureAwait(false);
        return _result!;
    }

    /// <summary>On this thread, inside a task of the default scheduler: that is the one which an <c>await</c> then sees.</summary>
    private Task RunUnscheduled(GawFilterNext filters)
    {
        Task<Task> first = new(() => filters(this).AsTask());
        first.RunSynchronously(TaskScheduler.Default);
        return first.GetAwaiter().GetResult();
    }

    private void WaitFor(Task running)
    {
        TimeSpan limit = Limit;
        using BlockingWait wait = BlockingWait.Enter();
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _sends);

                // What is under way ends with the deadline by itself; then the filters have a little time to go on.
                TimeSpan rest = _client.GetRest(limit, _began);
                if (Task.WaitAny([running], (int)(rest == TimeSpan.Zero ? Grace : rest).TotalMilliseconds, CancellationToken) == 0)
                {
                    return;
                }
            }
            while (Volatile.Read(ref _sends) != seen || Interlocked.CompareExchange(ref _underWay, GivenUp, 0) != 0);
        }
        catch (OperationCanceledException)
        {
            IgnoreFailure(running);
            throw;
        }

        IgnoreFailure(running);
        throw new TimeoutException($"The filters of {Path} did not go on within {DurationText.Of(limit)} (CallTimeout, or the call's own Timeout). What they wait for has not come; nothing of the call is under way.");

        static void IgnoreFailure(Task running) =>
            running.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    protected override async ValueTask SendAsync()
    {
        Interlocked.Increment(ref _sends);
        if (Interlocked.Increment(ref _underWay) < 0)
        {
            throw new TimeoutException($"A filter of {Path} went on after the call had ended with its time-out. The call was not sent.");
        }

        try
        {
            await SendOnceAsync().ConfigureAwait(false);
        }
        catch (GawConnectionException e) when (e.Execution != CallExecution.NotRun)
        {
            _mayHaveRun = e;
            throw;
        }
        catch (GawConnectionException e) when (_mayHaveRun is { } lost)
        {
            throw RetryState.Join(e, lost);
        }
        catch (TimeoutException e) when (_mayHaveRun is { } lost && e.InnerException is null)
        {
            throw RetryState.Join(e, lost);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async ValueTask SendOnceAsync()
    {
        if (_client.GetRest(Limit, _began) == TimeSpan.Zero)
        {
            throw new TimeoutException($"The time of {Path} ({DurationText.Of(Limit)}: CallTimeout, or the call's own Timeout) was over when a filter went on, so it was not sent.");
        }

        CallOptions sent = (_options ?? new CallOptions()) with { Metadata = Metadata.Count == 0 ? null : Metadata, OnResponseMetadata = Receive };
        _result = (_seen, _isSynchronous) switch
        {
            (null, true) => _client.Send(target, converter, _given, sent, _began, CancellationToken),
            (null, false) => await _client.SendAsync(target, converter, _given, sent, _began, CancellationToken).ConfigureAwait(false),
            (_, true) => _client.Send(target, converter, _seen, sent, _began, CancellationToken),
            (_, false) => await _client.SendAsync(target, converter, _seen, sent, _began, CancellationToken).ConfigureAwait(false),
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
