namespace Gaw.Nats.Worker;

/// <summary>What the tests call.</summary>
[Service("shelf")]
public sealed class Shelf
{
    /// <summary>Notes that it runs, and takes its time.</summary>
    [Entrypoint]
    public static async Task<int> TakeAsync(int number, int milliseconds, CancellationToken cancellationToken)
    {
        RunLog.Write($"run {number}");
        await Task.Delay(milliseconds, cancellationToken);
        return number;
    }

    /// <summary>Notes each item that it takes.</summary>
    [Entrypoint]
    public static async Task<int> GatherAsync(IAsyncEnumerable<int> numbers)
    {
        int count = 0;
        await foreach (int number in numbers)
        {
            RunLog.Write($"run {number}");
            count++;
        }

        return count;
    }

    [Entrypoint]
    public static async IAsyncEnumerable<int> PourAsync()
    {
        for (int i = 0; ; i++)
        {
            RunLog.Write($"run {i}");
            await Task.Yield();
            yield return i;
        }
    }

    [Entrypoint]
    public static int ProcessId() => Environment.ProcessId;
}

/// <summary>What the tests read.</summary>
public static class RunLog
{
    private static readonly Lock Gate = new();

    public static void Write(string line)
    {
        lock (Gate)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
