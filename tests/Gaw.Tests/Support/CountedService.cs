using System.Collections.Concurrent;
using Gaw.Services;

namespace Gaw.Tests.Support;

/// <summary>How a call ended, in one word, for tables.</summary>
[Flags]
public enum Ending
{
    None = 0,

    /// <summary>With its own result.</summary>
    Result = 1,

    /// <summary><see cref="GawConnectionException"/> with <see cref="CallExecution.NotRun"/>.</summary>
    NotRun = 2,

    /// <summary><see cref="GawConnectionException"/> with <see cref="CallExecution.Unknown"/>.</summary>
    Unknown = 4,

    /// <summary><see cref="GawConnectionException"/> with <see cref="CallExecution.Ran"/>.</summary>
    Ran = 8,

    /// <summary><see cref="TimeoutException"/> of a call that was sent.</summary>
    Timeout = 16,

    /// <summary><see cref="GawRemoteException"/>.</summary>
    Remote = 32,

    /// <summary><see cref="GawProtocolException"/>.</summary>
    Protocol = 64,

    /// <summary><see cref="GawSerializationException"/>.</summary>
    Serialization = 128,

    /// <summary><see cref="TimeoutException"/> of a call for which no connection was to be had in time: a busy machine, where the time is short.</summary>
    TooLate = 256,
}

/// <summary>How often each call ran: a call is known by the number it carries.</summary>
public sealed class Runs
{
    private readonly ConcurrentDictionary<int, int> _runs = new();
    private int _calls;

    /// <summary>All runs of all calls.</summary>
    public long Total => _runs.Values.Sum(static count => (long)count);

    /// <summary>The most that any call ran.</summary>
    public int Most => _runs.Values.DefaultIfEmpty().Max();

    /// <summary>A number of nine digits that no other call carries, so that all requests are equally long.</summary>
    public int NewCall() => 100_000_000 + Interlocked.Increment(ref _calls);

    /// <summary>How often the call with this number ran.</summary>
    public int Of(int number) => _runs.GetValueOrDefault(number);

    public void Add(int number) => _runs.AddOrUpdate(number, 1, static (_, before) => before + 1);
}

/// <summary>Gives back the number it was called with, and counts.</summary>
[Service("counted")]
public sealed class CountedService(Runs runs)
{
    [Entrypoint]
    public int Same(int number)
    {
        runs.Add(number);
        return number;
    }

    [Entrypoint]
    public async Task<int> LaterAsync(int number)
    {
        runs.Add(number);
        await Task.Yield();
        return number;
    }
}

/// <summary>Calls for tests that look at how they end.</summary>
public static class Endings
{
    /// <summary>Calls and says how it ended. A call that does not end fails the test, as does a result that is not the call's own.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="number">What the call carries.</param>
    /// <param name="synchronous">It blocks a thread.</param>
    /// <param name="options">The call's.</param>
    /// <param name="path">The method.</param>
    /// <param name="failed">Is told of the exception that the call ended with.</param>
    public static async Task<Ending> CallAsync(
        GawClient client, int number, bool synchronous, CallOptions? options = null, string path = "counted/same", Action<Exception>? failed = null)
    {
        try
        {
            Task<int> call = synchronous
                ? DedicatedThread.RunAsync(() => client.Call<int>(path, [number], options: options))
                : client.CallAsync<int>(path, [number], cancellationToken: TestContext.Current.CancellationToken, options: options);
            (await call.WithinAsync(TestTimeouts.Limit, () => $"call {number} did not end")).Should().Be(number, "an answer belongs to its own call");
            return Ending.Result;
        }
        catch (Exception e) when (Of(e) is var ending and not Ending.None)
        {
            failed?.Invoke(e);
            return ending;
        }
    }

    /// <returns><see cref="Ending.None"/>: no call should end so.</returns>
    public static Ending Of(Exception exception) => exception switch
    {
        GawConnectionException { Execution: CallExecution.NotRun } => Ending.NotRun,
        GawConnectionException { Execution: CallExecution.Unknown } => Ending.Unknown,
        GawConnectionException { Execution: CallExecution.Ran } => Ending.Ran,
        GawRemoteException => Ending.Remote,
        GawProtocolException => Ending.Protocol,
        GawSerializationException => Ending.Serialization,
        TimeoutException timeout when timeout.Message.Contains("gave no answer within", StringComparison.Ordinal) => Ending.Timeout,
        TimeoutException timeout when timeout.Message.Contains("was not sent", StringComparison.Ordinal) => Ending.TooLate,
        _ => Ending.None,
    };
}
