using System.Runtime.CompilerServices;

namespace Gaw.Tests.Support;

/// <summary>How long a test helper waits before it says what did not happen.</summary>
public static class TestTimeouts
{
    /// <summary>Far above what any awaited event needs, so that only a hang meets it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">With the message <paramref name="what"/> has for it.</exception>
    public static async Task<T> WithinAsync<T>(this Task<T> task, TimeSpan limit, Func<string> what)
    {
        try
        {
            return await task.WaitAsync(limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Within {limit.TotalSeconds:0.###} s {what()}");
        }
    }

    /// <inheritdoc cref="WithinAsync{T}"/>
    public static async Task WithinAsync(this Task task, TimeSpan limit, Func<string> what)
    {
        try
        {
            await task.WaitAsync(limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Within {limit.TotalSeconds:0.###} s {what()}");
        }
    }
}

/// <summary>A count that can be waited for.</summary>
public sealed class Tally(string what)
{
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiting = [];
    private long _count;

    public long Value
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <returns>The count before.</returns>
    public long Add(long more = 1)
    {
        lock (_gate)
        {
            long before = _count;
            _count += more;
            foreach ((long _, TaskCompletionSource reached) in _waiting.Where(waiting => waiting.Count <= _count))
            {
                reached.TrySetResult();
            }

            _waiting.RemoveAll(waiting => waiting.Count <= _count);
            return before;
        }
    }

    /// <summary>Waits until the token fires, and adds. Not by a registration: a method that ends takes it back, perhaps before it fires.</summary>
    /// <exception cref="OperationCanceledException">Always, in the end.</exception>
    public async Task AddWhenCancelledAsync(CancellationToken cancellationToken, long more = 1)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Add(more);
            throw;
        }
    }

    /// <summary>Completes once the count is <paramref name="count"/> or more.</summary>
    public Task WaitForAsync(long count, [CallerMemberName] string? caller = null)
    {
        TaskCompletionSource reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            _waiting.Add((count, reached));
        }

        return reached.Task.WithinAsync(TestTimeouts.Limit, () => $"only {Value} of {count} {what} came ({caller}).");
    }
}
