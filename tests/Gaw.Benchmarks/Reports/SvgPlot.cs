using System.Globalization;
using System.Text;
using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Scenarios;

namespace Gaw.Benchmarks.Reports;

/// <summary>The picture for the documents: a row of panels for each figure, a column for each number of CPUs, a bar for each peer. Of the libraries, the best one's name is bold.</summary>
internal static class SvgPlot
{
    private const int PanelWidth = 430;
    private const int LabelWidth = 165;
    private const int BarWidth = PanelWidth - LabelWidth - 80;
    private const int BarHeight = 14;
    private const int RowHeight = 19;
    private const int Head = 30;

    private static readonly Drawn[] Figures =
    [
        new("One caller, median, µs", 1, MoreIsBetter: false, LatencyScenario.TheName, static (measured, peer) => measured.Fastest(peer)),
        new("64 callers on one client, thousand calls/s", 0, MoreIsBetter: true, LoadScenario.TheName, static (measured, peer) => measured.Load(peer) / 1000),
        new("Echo of 64 KiB of text, µs", 0, MoreIsBetter: false, EchoScenario.TheName, static (measured, peer) => measured.Echo(peer, EchoScenario.Text)),
        new("Echo of 1,000 objects, µs", 0, MoreIsBetter: false, EchoScenario.TheName, static (measured, peer) => measured.Echo(peer, EchoScenario.Items)),
        new("Streamed records, thousand/s", 0, MoreIsBetter: true, StreamScenario.TheName, static (measured, peer) => measured.Records(peer)),
    ];

    public static string Draw(Results results, IReadOnlyList<Cpus> settings, string caption)
    {
        List<Panel[]> rows = [.. Figures.Select(figure => settings.Select(cpus => MakePanel(figure, results, cpus)).ToArray()).Where(static row => row.Any(static panel => panel.Bars.Count > 0))];
        int width = Math.Max(2, settings.Count) * PanelWidth;
        int height = rows.Sum(HeightOf) + 30;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        int top = 0;
        foreach (Panel[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                Draw(svg, row[i], i * PanelWidth, top);
            }

            top += HeightOf(row);
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"10\" y=\"{height - 12}\" fill=\"#777777\">{Escape(caption)}</text>\n</svg>\n");
        return svg.ToString();
    }

    private static Panel MakePanel(Drawn figure, Results results, Cpus cpus)
    {
        Measured measured = new(results, cpus);
        List<Bar> bars = [];
        foreach (string peer in results.Peers(cpus.Of(figure.Scenario)))
        {
            if (figure.Value(measured, peer) is { } value)
            {
                bars.Add(new Bar(peer, value));
            }
        }

        IEnumerable<Bar> libraries = bars.Where(static bar => !IsBare(bar.Peer));
        Bar? best = figure.MoreIsBetter ? libraries.MaxBy(static bar => bar.Value) : libraries.MinBy(static bar => bar.Value);
        return new Panel($"{figure.Title}, {cpus.Name} ({(figure.MoreIsBetter ? "more" : "less")} is better)", figure.Decimals, bars, best);
    }

    private static int HeightOf(Panel[] row) => Head + (row.Max(static panel => panel.Bars.Count) * RowHeight) + 20;

    private static void Draw(StringBuilder svg, Panel panel, int left, int top)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 10}\" y=\"{top + 20}\" font-weight=\"bold\" fill=\"#222222\">{Escape(panel.Title)}</text>\n");
        double longest = panel.Bars.Max(static bar => (double?)bar.Value) ?? 1;
        int y = top + Head;
        foreach (Bar bar in panel.Bars)
        {
            int width = Math.Max(1, (int)(BarWidth * bar.Value / longest));
            string weight = bar == panel.Best ? " font-weight=\"bold\"" : "";
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + LabelWidth - 6}\" y=\"{y + 11}\" text-anchor=\"end\" fill=\"#222222\"{weight}>{Escape(bar.Peer)}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left + LabelWidth}\" y=\"{y}\" width=\"{width}\" height=\"{BarHeight}\" fill=\"{Colour(bar.Peer)}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + LabelWidth + width + 5}\" y=\"{y + 11}\" fill=\"#222222\"{weight}>{TableReport.Number(bar.Value, panel.Decimals)}</text>\n");
            y += RowHeight;
        }
    }

    private static bool IsBare(string peer) => peer is AllPeers.Socket or AllPeers.Multiplexed;

    private static string Colour(string peer) => AllPeers.IsRival(peer) ? "#b9c4d0" : IsBare(peer) ? "#dddddd" : "#2f6fb5";

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private sealed record Drawn(string Title, int Decimals, bool MoreIsBetter, string Scenario, Func<Measured, string, double?> Value);

    private sealed record Bar(string Peer, double Value);

    private sealed record Panel(string Title, int Decimals, List<Bar> Bars, Bar? Best);
}
