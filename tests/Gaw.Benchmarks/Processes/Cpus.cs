namespace Gaw.Benchmarks.Processes;

/// <summary>How many CPUs the server and the client of a pair share.</summary>
/// <param name="Count">So many, both processes tied to the same ones; 0 for all that there are, tied to none.</param>
internal sealed record Cpus(int Count)
{
    public static readonly Cpus All = new(0);
    public static readonly Cpus One = new(1);
    public static readonly Cpus Two = new(2);

    /// <summary>What is measured when nothing is asked for: one and two CPUs where processes can be tied.</summary>
    public static IReadOnlyList<Cpus> Default => (Placement.CanTie, Environment.ProcessorCount) switch
    {
        (false, _) => [All],
        (true, 1) => [One],
        (true, _) => [One, Two],
    };

    public string Name => Count switch
    {
        0 => "all CPUs",
        1 => "one CPU",
        2 => "two CPUs",
        _ => $"{Count} CPUs",
    };

    /// <summary>The key of a scenario's results in this setting.</summary>
    public string Of(string scenario) => $"{scenario}, {Name}";

    /// <summary>Reads <c>1,2</c>; <see langword="null"/> if that many cannot be had here.</summary>
    public static IReadOnlyList<Cpus>? Parse(string list)
    {
        List<Cpus> settings = [];
        foreach (string word in list.Split(','))
        {
            if (!Placement.CanTie || !int.TryParse(word, out int count) || count < 1 || count > Environment.ProcessorCount)
            {
                return null;
            }

            settings.Add(new Cpus(count));
        }

        return settings;
    }
}
