using System.Collections.Concurrent;
using System.Diagnostics;
using Gaw.Tests.Support;

namespace Gaw.Nats.Tests.Support;

/// <summary>Callers that call without a pause until they are told to stop. Each call has a number, so that runs can be told apart.</summary>
public sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _callers;
    private readonly GawClient _client;
    private readonly CallOptions? _options;
    private readonly int _milliseconds;
    private int _number;

    private Load(GawClient client, int callers, int milliseconds, CallOptions? options)
    {
        _client = client;
        _options = options;
        _milliseconds = milliseconds;
        _callers = [.. Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync))];
    }

    /// <summary>Numbers of the calls that were answered.</summary>
    public ConcurrentQueue<int> Answered { get; } = new();

    /// <summary>What the others ended with.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>The longest that a call took.</summary>
    public TimeSpan Longest { get; private set; }

    public static Load Start(GawClient client, int callers = 32, int milliseconds = 20, CallOptions? options = null) => new(client, callers, milliseconds, options);

    /// <summary>Waits until so many further calls were answered.</summary>
    public Task AnswersAsync(int count)
    {
        int wanted = Answered.Count + count;
        return Eventually.BecomesTrueAsync(() => Answered.Count >= wanted, ToString);
    }

    /// <summary>No further calls; those that are open end.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    public override string ToString() => $"{Answered.Count} answered, {Failures.Count} failed, the longest took {Longest.TotalSeconds:F1} s";

    private async Task CallAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            int number = Interlocked.Increment(ref _number);
            long began = Stopwatch.GetTimestamp();
            try
            {
                Answered.Enqueue(await _client.CallAsync<int>("shelf/take", [number, _milliseconds], options: _options));
            }
            catch (Exception e)
            {
                Failures.Enqueue(e);
            }

            lock (_stopping)
            {
                TimeSpan took = Stopwatch.GetElapsedTime(began);
                Longest = took > Longest ? took : Longest;
            }
        }
    }
}
