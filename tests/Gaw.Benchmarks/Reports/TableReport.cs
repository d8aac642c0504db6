using System.Globalization;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Reports;

/// <summary>Tables of the medians, a row for each peer, with each value's ratio to that of plain typed Gaw.</summary>
internal static class TableReport
{
    public static string Format(string title, string scenario, Results results)
    {
        IReadOnlyList<Figure> figures = [.. results.Figures(scenario)];
        List<string[]> rows = [["", .. figures.Select(static figure => figure.Unit.Length == 0 ? figure.Name : $"{figure.Name}, {figure.Unit}")]];
        foreach (string peer in results.Peers(scenario))
        {
            rows.Add([peer, .. figures.Select(figure => Cell(results, scenario, peer, figure))]);
        }

        string note = results.Peers(scenario).Contains(AllPeers.Gaw) ? $" (in brackets: times that of {AllPeers.Gaw})" : "";
        return $"\n{title}{note}\n{Align(rows)}";
    }

    public static string Format(IReadOnlyList<Goal> goals)
    {
        List<string[]> rows = [["goal", "measured", "wanted", ""]];
        rows.AddRange(goals.Where(static goal => goal.Value is not null).Select(static goal => new[]
        {
            goal.Name,
            $"{Number(goal.Value!.Value, goal.Unit.Length == 0 ? 2 : 1)} {goal.Unit}".TrimEnd(),
            $"{(goal.AtLeast ? "≥" : "≤")} {goal.Limit.ToString(CultureInfo.InvariantCulture)} {goal.Unit}".TrimEnd(),
            goal.IsMet == true ? "met" : "not met",
        }));
        return rows.Count == 1 ? "" : $"\nGoals (ratios of medians of this run)\n{Align(rows)}";
    }

    public static string Number(double value, int decimals) => value.ToString($"N{decimals}", CultureInfo.InvariantCulture);

    /// <summary>Columns of one width, in Markdown's form.</summary>
    public static string Align(List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        rows.Insert(1, [.. widths.Select(static (width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":")]);
        return string.Concat(rows.Select(row =>
            $"| {string.Join(" | ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))} |\n"));
    }

    private static string Cell(Results results, string scenario, string peer, Figure figure)
    {
        if (results.Median(scenario, peer, figure) is not { } median)
        {
            return "";
        }

        string ratio = peer != AllPeers.Gaw && results.Median(scenario, AllPeers.Gaw, figure) is { } own and > 0 ? $" ({Number(median / own, 2)})" : "";
        return Number(median, figure.Decimals) + ratio;
    }
}
