using System.Diagnostics;

namespace ScaleOut;

/// <summary>Calls without a pause, and says every second who has answered. What a killed worker takes with it is asked again, as counting twice does no harm.</summary>
internal static class Caller
{
    public static async Task RunAsync(IStock stock, int calls)
    {
        SortedDictionary<int, int> byWorker = [];
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            Counted counted = await stock.CountAsync("nail");
            byWorker[counted.Worker] = byWorker.GetValueOrDefault(counted.Worker) + 1;
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(1) || i == calls - 1)
            {
                Console.WriteLine(string.Join(", ", byWorker.Select(static one => $"worker {one.Key}: {one.Value} calls")));
                byWorker.Clear();
                began = Stopwatch.GetTimestamp();
            }
        }
    }
}
