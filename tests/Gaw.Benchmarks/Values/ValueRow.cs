namespace Gaw.Benchmarks.Values;

/// <summary>One line of the table.</summary>
/// <param name="Name">What is done with what.</param>
/// <param name="Operate">Does it so many times.</param>
internal sealed record ValueRow(string Name, Action<int> Operate)
{
    /// <summary>How many operations one measurement has.</summary>
    public int Operations { get; private set; } = 1;

    public List<double> Microseconds { get; } = [];

    public double Median
    {
        get
        {
            List<double> sorted = [.. Microseconds.Order()];
            return sorted[sorted.Count / 2];
        }
    }

    /// <summary>Works for so long.</summary>
    public void WarmUp(double microseconds)
    {
        for (double taken = 0; taken < microseconds;)
        {
            taken += Measure();
            Operations = taken < microseconds / 10 ? Operations * 2 : Operations;
        }
    }

    /// <summary>Finds how many operations a measurement of that length has.</summary>
    public void Calibrate(double microseconds) => Operations = Math.Max(1, (int)(Operations * microseconds / Measure()));

    public void Count() => Microseconds.Add(Measure() / Operations);

    private double Measure()
    {
        double began = ThreadClock.Microseconds;
        Operate(Operations);
        return ThreadClock.Microseconds - began;
    }
}
