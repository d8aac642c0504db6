using System.Globalization;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Values;

/// <summary>
/// The CPU time that values cost, in microseconds an operation: the median of rounds in which each row has its turn. Two builds are compared by running them in turns.
/// </summary>
internal static class ValueCosts
{
    public const string Command = "values";

    private const double WarmUp = 150_000;
    private const double OneMeasurement = 10_000;

    public static int Run(IReadOnlyList<string> arguments)
    {
#if DEBUG
        Console.Error.WriteLine("This is a Debug build, whose figures mean nothing. Use: dotnet run -c Release --project tests/Gaw.Benchmarks -- values");
#endif
        string text = arguments.ElementAtOrDefault(0) ?? "";
        int rounds = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 15;
        List<ValueRow> rows = [.. ValueRows.All.Where(row => row.Name.Contains(text, StringComparison.Ordinal))];
        rows.ForEach(static row => row.WarmUp(WarmUp));
        rows.ForEach(static row => row.WarmUp(WarmUp));
        rows.ForEach(static row => row.Calibrate(OneMeasurement));
        for (int round = 0; round < rounds; round++)
        {
            rows.ForEach(static row => row.Count());
        }

        Console.Write(TableReport.Align([["value", "CPU, µs"], .. rows.Select(static row => new[] { row.Name, TableReport.Number(row.Median, 3) })]));
        return 0;
    }
}
