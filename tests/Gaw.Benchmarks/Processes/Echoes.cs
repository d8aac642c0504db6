using System.Diagnostics;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>Larger values there and back, one call after the other; each one that comes back is checked.</summary>
internal static class Echoes
{
    public static Task<(long Calls, double Seconds)> RunAsync(PeerClient client, Order order) => order.Kind switch
    {
        EchoKind.Text => EchoTextAsync(client, order, Payloads.Text(order.Characters)),
        EchoKind.Thai => EchoTextAsync(client, order, Payloads.Thai(order.Characters)),
        EchoKind.Items => RepeatAsync(order, async () => await client.EchoItemsAsync() == Payloads.ItemsEnds),
        _ => RepeatAsync(order, async () =>
        {
            IReadOnlyDictionary<string, double> scores = await client.EchoScoresAsync(Payloads.Scores);
            return scores.Count == Payloads.Scores.Count && scores.TryGetValue(Payloads.LastScore.Key, out double last) && last == Payloads.LastScore.Value;
        }),
    };

    private static Task<(long Calls, double Seconds)> EchoTextAsync(PeerClient client, Order order, string text) =>
        RepeatAsync(order, async () => await client.EchoTextAsync(text) == text);

    private static async Task<(long Calls, double Seconds)> RepeatAsync(Order order, Func<Task<bool>> echo)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + CallTimes.ToTicks(order.Seconds);
        long now = start;
        int calls = 0;
        while (now < end && calls < order.Count)
        {
            if (!await echo())
            {
                throw new InvalidOperationException("What came back is not what was sent.");
            }

            calls++;
            now = Stopwatch.GetTimestamp();
        }

        return (calls, CallTimes.ToSeconds(now - start));
    }
}
