namespace Gaw.Benchmarks.Scenarios;

internal enum WarmUpStep
{
    /// <summary>Another window of calls.</summary>
    Continue,

    /// <summary>What follows can be measured.</summary>
    Steady,

    /// <summary>It was not steady in the time there is: measured all the same, and said.</summary>
    OutOfTime,
}

/// <summary>A short run of calls.</summary>
/// <param name="Rate">Calls a second.</param>
/// <param name="Compiled">How often the two processes compiled a method meanwhile.</param>
internal readonly record struct WarmUpWindow(double Rate, long Compiled);

/// <summary>
/// When a pair of processes is warm. The runtime compiles what is called often once or twice more with what it has learned, on a thread in the background, for
/// seconds; until then a figure is that of a half-warm process. So the rate has to stand still, and the compilers too. Pure: windows in, decision out.
/// </summary>
internal static class WarmUpPolicy
{
    public const double SecondsOfAWindow = 0.1;

    /// <summary>The medians of the last so many windows and of as many before them are compared; so nothing is steady within a second.</summary>
    public const int Group = 5;

    /// <summary>The difference between two groups that is noise.</summary>
    public const double Tolerance = 0.05;

    /// <summary>What both processes may still compile in a group: a few methods that are not part of a call.</summary>
    public const int FewMethods = 15;

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    public static WarmUpStep Decide(IReadOnlyList<WarmUpWindow> windows, TimeSpan elapsed) =>
        IsSteady(windows) ? WarmUpStep.Steady : elapsed >= Limit ? WarmUpStep.OutOfTime : WarmUpStep.Continue;

    private static bool IsSteady(IReadOnlyList<WarmUpWindow> windows)
    {
        if (windows.Count < 2 * Group)
        {
            return false;
        }

        double last = MedianRate(windows.Skip(windows.Count - Group));
        double before = MedianRate(windows.Skip(windows.Count - (2 * Group)).Take(Group));
        return before > 0 && windows.Skip(windows.Count - Group).Sum(static window => window.Compiled) <= FewMethods && Math.Abs(last - before) <= Tolerance * before;
    }

    private static double MedianRate(IEnumerable<WarmUpWindow> group) => group.Select(static window => window.Rate).Order().ElementAt(Group / 2);
}
