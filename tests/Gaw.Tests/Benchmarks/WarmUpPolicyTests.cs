using Gaw.Benchmarks.Scenarios;

namespace Gaw.Tests.Benchmarks;

/// <summary>When the benchmark begins to measure.</summary>
public class WarmUpPolicyTests
{
    private const long Busy = 40;

    [Theory]
    [InlineData("no window yet", new double[0], 0, 0, nameof(WarmUpStep.Continue))]
    [InlineData("a second is the least", new double[] { 100, 100, 100, 100, 100, 100, 100, 100, 100 }, 0, 0.9, nameof(WarmUpStep.Continue))]
    [InlineData("the rate stands still", new double[] { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 }, 0, 1, nameof(WarmUpStep.Steady))]
    [InlineData("what was before the last two groups is forgotten", new double[] { 1, 1, 1, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 }, 0, 1.3, nameof(WarmUpStep.Steady))]
    [InlineData("noise within the tolerance", new double[] { 100, 100, 100, 100, 100, 104, 104, 104, 104, 104 }, 0, 1, nameof(WarmUpStep.Steady))]
    [InlineData("it still rises", new double[] { 100, 100, 100, 100, 100, 106, 106, 106, 106, 106 }, 0, 1, nameof(WarmUpStep.Continue))]
    [InlineData("it falls: whoever disturbs has come", new double[] { 100, 100, 100, 100, 100, 94, 94, 94, 94, 94 }, 0, 1, nameof(WarmUpStep.Continue))]
    [InlineData("two disturbed windows of a group do not count", new double[] { 100, 100, 20, 100, 30, 100, 100, 10, 100, 300 }, 0, 1, nameof(WarmUpStep.Steady))]
    [InlineData("three do", new double[] { 100, 100, 100, 100, 100, 100, 20, 10, 100, 30 }, 0, 1, nameof(WarmUpStep.Continue))]
    [InlineData("the rate stands still, the compilers do not", new double[] { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 }, Busy, 1, nameof(WarmUpStep.Continue))]
    [InlineData("out of time, still rising", new double[] { 100, 100, 100, 100, 100, 200, 200, 200, 200, 200 }, 0, 8, nameof(WarmUpStep.OutOfTime))]
    [InlineData("out of time, still compiling", new double[] { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 }, Busy, 9, nameof(WarmUpStep.OutOfTime))]
    [InlineData("out of time before two groups: each window was long", new double[] { 100, 100 }, 0, 8, nameof(WarmUpStep.OutOfTime))]
    [InlineData("steady at the last moment is steady", new double[] { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 }, 0, 8, nameof(WarmUpStep.Steady))]
    [InlineData("no call at all is not steady", new double[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0, 1, nameof(WarmUpStep.Continue))]
    public void A_pair_is_warm_when_rate_and_compilers_stand_still(string reason, double[] rates, long compiledInTheLast, double seconds, string expected)
    {
        WarmUpWindow[] windows = [.. rates.Select((rate, i) => new WarmUpWindow(rate, i == rates.Length - 1 ? compiledInTheLast : Busy * (i < rates.Length - WarmUpPolicy.Group ? 1 : 0)))];

        WarmUpPolicy.Decide(windows, TimeSpan.FromSeconds(seconds)).ToString().Should().Be(expected, reason);
    }
}
