using System.Globalization;
using System.Text;
using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Scenarios;

namespace Gaw.Benchmarks.Reports;

/// <summary>The picture for the README: four panels with a bar for each peer.</summary>
internal static class SvgPlot
{
    private const int Width = 860;
    private const int PanelWidth = Width / 2;
    private const int LabelWidth = 160;
    private const int BarWidth = PanelWidth - LabelWidth - 80;
    private const int BarHeight = 16;
    private const int RowHeight = 22;
    private const int Head = 30;

    public static string Draw(Results results, string caption)
    {
        Panel[] panels =
        [
            new("One caller, one CPU, median, µs (less is better)", 1, Fastest(results, LatencyScenario.OneCpu)),
            new("64 callers on one client, calls/s (more is better)", 0, Medians(results, LoadScenario.TheName, LoadScenario.Throughput(64))),
            new("Allocated per call, client and server, bytes (less is better)", 0, Allocated(results)),
            new("Echo of 64 KiB of text, MB/s (more is better)", 0, Medians(results, EchoScenario.TheName, EchoScenario.Text(64 * 1024))),
        ];
        panels = [.. panels.Where(static panel => panel.Bars.Count > 0)];
        int rows = panels.Select(static panel => panel.Bars.Count).DefaultIfEmpty().Max();
        int panelHeight = Head + (rows * RowHeight) + 20;
        int height = (((panels.Length + 1) / 2) * panelHeight) + 30;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        for (int i = 0; i < panels.Length; i++)
        {
            Draw(svg, panels[i], i % 2 * PanelWidth, i / 2 * panelHeight);
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"10\" y=\"{height - 12}\" fill=\"#777777\">{Escape(caption)}</text>\n</svg>\n");
        return svg.ToString();
    }

    private static void Draw(StringBuilder svg, Panel panel, int left, int top)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 10}\" y=\"{top + 20}\" font-weight=\"bold\" fill=\"#222222\">{Escape(panel.Title)}</text>\n");
        double longest = panel.Bars.Max(static bar => bar.Value);
        int y = top + Head;
        foreach ((string peer, double value) in panel.Bars)
        {
            int width = Math.Max(1, (int)(BarWidth * value / longest));
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + LabelWidth - 6}\" y=\"{y + 13}\" text-anchor=\"end\" fill=\"#222222\">{Escape(peer)}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left + LabelWidth}\" y=\"{y}\" width=\"{width}\" height=\"{BarHeight}\" fill=\"{Colour(peer)}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + LabelWidth + width + 5}\" y=\"{y + 13}\" fill=\"#222222\">{TableReport.Number(value, panel.Decimals)}</text>\n");
            y += RowHeight;
        }
    }

    private static string Colour(string peer) => AllPeers.Find(peer).IsRival ? "#b9c4d0" : peer is AllPeers.Socket or AllPeers.Multiplexed ? "#dddddd" : "#2f6fb5";

    private static List<(string, double)> Fastest(Results results, string scenario) =>
        Bars(results, scenario, peer => Enum.GetValues<Way>().Min(way => results.Median(scenario, peer, LatencyScenario.Median(way))));

    private static List<(string, double)> Medians(Results results, string scenario, Figure figure) => Bars(results, scenario, peer => results.Median(scenario, peer, figure));

    private static List<(string, double)> Allocated(Results results) => Bars(results, LatencyScenario.Free, peer =>
        results.Median(LatencyScenario.Free, peer, LatencyScenario.AllocatedByClient) + results.Median(LatencyScenario.Free, peer, LatencyScenario.AllocatedByServer));

    private static List<(string, double)> Bars(Results results, string scenario, Func<string, double?> value) =>
        [.. results.Peers(scenario).Select(peer => (peer, Value: value(peer))).Where(static bar => bar.Value is not null).Select(static bar => (bar.peer, bar.Value!.Value))];

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private sealed record Panel(string Title, int Decimals, List<(string Peer, double Value)> Bars);
}
