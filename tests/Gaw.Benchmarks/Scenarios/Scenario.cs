using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Something that is measured of several peers.</summary>
internal abstract class Scenario
{
    /// <summary>In this order. Larger values come before many callers, whose code the runtime still compiles for a while (<see cref="AfterScenario"/> measures that).</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new LatencyScenario(), new EchoScenario(), new LoadScenario(), new StreamScenario(), new ThreadScenario(), new OwnClientsScenario(),
        new AfterScenario(), new IdleScenario(), new StartScenario(), new ToolScenario(),
    ];

    public static IEnumerable<string> Names => All.Select(static scenario => scenario.Name);

    public abstract string Name { get; }

    /// <summary>What the table is about, in a line.</summary>
    public abstract string Title { get; }

    /// <summary>Measured once for each number of CPUs; otherwise once, with the processes free.</summary>
    public virtual bool IsPlaced => true;

    /// <summary>What its results are kept under.</summary>
    public string KeyOn(Cpus cpus) => IsPlaced ? cpus.Of(Name) : Name;

    public abstract Task RunAsync(Field field, Results results);

    /// <summary>
    /// Rounds in which every peer has its turn, so that whatever disturbs the machine meets all of them. The first round does not count: it is the
    /// rest of the warm-up, as what is called often in one round may still be compiled in the next.
    /// </summary>
    private protected static async Task RoundsAsync<T>(CompareOptions options, IReadOnlyList<T> turns, Func<T, bool, Task> measure)
    {
        for (int round = options.Smoke ? 1 : 0; round <= options.Rounds; round++)
        {
            foreach (T turn in turns)
            {
                await measure(turn, round > 0);
            }
        }
    }
}
