using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Something that is measured of several peers.</summary>
internal abstract class Scenario
{
    private const int RoundsThatDoNotCount = 2;

    public static IReadOnlyList<string> Names { get; } =
        [LatencyScenario.OneCpu, LatencyScenario.Free, LoadScenario.TheName, EchoScenario.TheName, StreamScenario.TheName, IdleScenario.TheName, StartScenario.TheName, ToolScenario.TheName];

    public abstract string Name { get; }

    /// <summary>What the table is about, in a line.</summary>
    public abstract string Title { get; }

    public abstract Task RunAsync(Field field, CompareOptions options, Results results);

    /// <summary>
    /// Rounds in which every peer has its turn, so that whatever disturbs the machine meets all of them. The first two rounds do not
    /// count: they are the rest of the warm-up, as what is called often in one round may still be compiled in the next.
    /// </summary>
    private protected static async Task RoundsAsync<T>(CompareOptions options, IReadOnlyList<T> turns, Func<T, bool, Task> measure)
    {
        for (int round = options.Smoke ? 1 : 1 - RoundsThatDoNotCount; round <= options.Rounds; round++)
        {
            foreach (T turn in turns)
            {
                await measure(turn, round > 0);
            }
        }
    }
}
