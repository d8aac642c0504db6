namespace Gaw.Benchmarks.Reports;

/// <summary>A thing that is measured of several peers.</summary>
/// <param name="Name">The column's name, unique in its scenario.</param>
/// <param name="Unit">The unit of its values.</param>
/// <param name="Decimals">Digits that mean something.</param>
internal sealed record Figure(string Name, string Unit, int Decimals = 0);

/// <summary>All values that were measured, by scenario, figure and peer, one for each round.</summary>
internal sealed class Results
{
    private readonly Dictionary<(string Scenario, string Peer, Figure Figure), List<double>> _values = [];

    public IEnumerable<string> Scenarios => _values.Keys.Select(static key => key.Scenario).Distinct();

    public void Add(string scenario, string peer, Figure figure, double value)
    {
        if (!_values.TryGetValue((scenario, peer, figure), out List<double>? values))
        {
            _values[(scenario, peer, figure)] = values = [];
        }

        values.Add(value);
    }

    public IEnumerable<string> Peers(string scenario) => _values.Keys.Where(key => key.Scenario == scenario).Select(static key => key.Peer).Distinct();

    public IEnumerable<Figure> Figures(string scenario) => _values.Keys.Where(key => key.Scenario == scenario).Select(static key => key.Figure).Distinct();

    public IReadOnlyList<double> Values(string scenario, string peer, Figure figure) => _values.GetValueOrDefault((scenario, peer, figure)) ?? [];

    /// <summary>The median of the rounds, or <see langword="null"/> where it was not measured.</summary>
    public double? Median(string scenario, string peer, Figure figure)
    {
        double[] sorted = [.. Values(scenario, peer, figure).Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
