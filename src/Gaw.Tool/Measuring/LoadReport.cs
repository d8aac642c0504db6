using System.Globalization;
using Gaw.Tool.Terminals;
using Spectre.Console;

namespace Gaw.Tool.Measuring;

/// <summary>Says what a load came to.</summary>
/// <param name="path">What was called.</param>
/// <param name="callers">By how many at once.</param>
/// <param name="isStream">Items are counted, and the times are those until the first of each stream.</param>
/// <param name="result">What it came to.</param>
internal sealed class LoadReport(string path, int callers, bool isStream, LoadResult result)
{
    private const int HistogramRows = 12;
    private const int LongestBar = 50;
    private const int BesideBar = 22;

    private static readonly (string Name, double Share)[] Shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    public Dictionary<string, object?> ToJson()
    {
        Dictionary<string, object?> json = new()
        {
            ["path"] = path,
            ["callers"] = callers,
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
        };
        if (isStream)
        {
            json["items"] = result.Count;
            json["items_per_second"] = Math.Round(result.PerSecond(result.Count), 1);
        }

        json["calls"] = result.Calls;
        json["calls_per_second"] = Math.Round(result.PerSecond(result.Calls), 1);
        json["errors"] = result.Errors;
        string first = isStream ? "first_" : "";
        foreach ((string name, double share) in Shares)
        {
            json[first + name.Replace('.', '_') + "_us"] = Math.Round(result.Latencies.Percentile(share), 1);
        }

        json[first + "max_us"] = Math.Round(result.Latencies.Max, 1);
        return json;
    }

    public void Write(Terminal terminal)
    {
        string by = $"by {callers} caller{(callers == 1 ? "" : "s")} in {result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
        terminal.Out.WriteLine(isStream
            ? $"{path}: {Number(result.PerSecond(result.Count))} items/s ({Number(result.Count)} items, {Number(result.Calls)} streams to their end, {by})"
            : $"{path}: {Number(result.PerSecond(result.Calls))} calls/s ({Number(result.Calls)} calls {by})");
        terminal.Out.WriteLine($"{(isStream ? "first item after " : "")}{string.Join("   ", Shares.Select(s => $"{s.Name} {Time(result.Latencies.Percentile(s.Share))}"))}   max {Time(result.Latencies.Max)}");
        terminal.Out.WriteLine(result.FirstError is null ? "errors 0" : $"errors {result.Errors}, the first: {result.FirstError.Message}");
        if (terminal.OutIsTerminal && result.Latencies.Count > 0)
        {
            Draw(terminal);
        }
    }

    /// <summary>Bars over durations that grow by a constant factor.</summary>
    private void Draw(Terminal terminal)
    {
        LatencyHistogram latencies = result.Latencies;
        double from = Math.Max(1, latencies.Percentile(0.001));
        double factor = Math.Pow(Math.Max(2, latencies.Percentile(0.999) / from), 1.0 / HistogramRows);
        List<(double To, long Count)> rows = [.. Enumerable.Range(1, HistogramRows).Select(i =>
        {
            double to = i == HistogramRows ? double.MaxValue : from * Math.Pow(factor, i);
            return (from * Math.Pow(factor, i), latencies.CountBetween(i == 1 ? -1 : from * Math.Pow(factor, i - 1), to));
        })];
        long most = rows.Max(static r => r.Count);
        int width = Math.Min(LongestBar, terminal.Width - BesideBar);
        terminal.Out.WriteLine();
        foreach ((double to, long count) in rows)
        {
            string bar = new('█', (int)Math.Ceiling((double)count / most * width));
            terminal.Ansi.Write(new Markup($"[grey]{Time(to),10}[/] [aqua]{bar}[/] [grey]{100.0 * count / latencies.Count:0.0} %[/]\n"));
        }
    }

    private static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(double microseconds) => microseconds switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.0} µs"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000:0.00} s"),
    };
}
