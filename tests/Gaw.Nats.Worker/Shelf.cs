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
