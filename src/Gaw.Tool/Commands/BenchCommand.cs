using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Gaw.Tool.Measuring;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;
using Spectre.Console;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw bench</c>: calls a second and how long they take.</summary>
internal static class BenchCommand
{
    private const int MostCallers = 10_000;
    private const int HistogramRows = 12;
    private const int LongestBar = 50;
    private const int BesideBar = 22;

    private static readonly (string Name, double Share)[] Shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string> path = CallCommand.CreatePath();
        CallWords words = new();
        Option<int> callers = new("--callers", "-c") { HelpName = "count", Description = "Callers at once, each waiting for its answer. Default: 16.", DefaultValueFactory = static _ => 16 };
        Option<string> duration = new("--duration", "-d") { HelpName = "time", Description = "How long: 10s, 1m. Default: 10s.", DefaultValueFactory = static _ => "10s" };
        Option<string> warmup = new("--warmup") { HelpName = "time", Description = "How long before the measurement begins. Default: 1s.", DefaultValueFactory = static _ => "1s" };
        Option<bool> json = new("--json") { Description = ClientCommand.JsonDescription };
        Command command = ClientCommand.Create("bench", "Measures how many calls a second a method answers, and how long they take.", terminal, RunAsync, [path, .. words.Symbols, callers, duration, warmup, json]);
        return new(command, "gaw bench 127.0.0.1:5555 math_service/plus 10 20 -c 64 -d 10s");

        async Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            string target = CallCommand.CheckPath(server.Parsed.GetValue(path)!);
            int count = server.Parsed.GetValue(callers);
            if (count is < 1 or > MostCallers)
            {
                throw ToolException.Usage($"-c {count} is no number of callers. Give 1 to {MostCallers}.");
            }

            TimeSpan time = Connection.ParseTime(server.Parsed.GetValue(duration)!, "-d");
            TimeSpan before = Connection.ParseTime(server.Parsed.GetValue(warmup)!, "--warmup");
            CallArguments arguments = words.Read(server.Parsed, terminal);

            // What is wrong with the call shows once, and not a million times.
            await server.CallAsync<object?>(target, arguments.Args, arguments.Kwargs, cancellationToken).ConfigureAwait(false);

            using CancellationTokenSource interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                // What was measured so far is shown; a second Ctrl+C ends the tool.
                signal.Cancel = !interrupted.IsCancellationRequested;
                interrupted.Cancel();
            });
            await new Load(server, target, arguments, count).RunAsync(before, interrupted.Token).ConfigureAwait(false);
            Load load = new(server, target, arguments, count);
            Task<LoadResult> running = load.RunAsync(time, interrupted.Token);
            await ShowProgressAsync(load, running, time, terminal).ConfigureAwait(false);
            LoadResult result = await running.ConfigureAwait(false);
            if (server.Parsed.GetValue(json))
            {
                terminal.Out.WriteLine(GawSerializer.Serialize(ToJson(target, count, result)));
            }
            else
            {
                Write(target, count, result, terminal);
            }

            return result.FirstError is null ? ExitCodes.Ok : ToolException.Of(result.FirstError, server.Facts.UsesSecret).ExitCode;
        }
    }

    private static async Task ShowProgressAsync(Load load, Task running, TimeSpan time, Terminal terminal)
    {
        if (!terminal.ErrorIsTerminal)
        {
            return;
        }

        for (int second = 1; await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false) != running; second++)
        {
            await terminal.RawError.WriteAsync($"\r{second} of {time.TotalSeconds:0} s, {load.Calls / second:N0} calls/s ").ConfigureAwait(false);
        }

        await terminal.RawError.WriteAsync("\r\u001b[K").ConfigureAwait(false);
    }

    private static Dictionary<string, object?> ToJson(string path, int callers, LoadResult result)
    {
        Dictionary<string, object?> json = new()
        {
            ["path"] = path,
            ["callers"] = callers,
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
            ["calls"] = result.Latencies.Count,
            ["calls_per_second"] = Math.Round(result.Latencies.Count / result.Elapsed.TotalSeconds, 1),
            ["errors"] = result.Errors,
        };
        foreach ((string name, double share) in Shares)
        {
            json[name.Replace('.', '_') + "_us"] = Math.Round(result.Latencies.Percentile(share), 1);
        }

        json["max_us"] = Math.Round(result.Latencies.Max, 1);
        return json;
    }

    private static void Write(string path, int callers, LoadResult result, Terminal terminal)
    {
        LatencyHistogram latencies = result.Latencies;
        string rate = (latencies.Count / result.Elapsed.TotalSeconds).ToString("N0", CultureInfo.InvariantCulture);
        terminal.Out.WriteLine($"{path}: {rate} calls/s ({latencies.Count.ToString("N0", CultureInfo.InvariantCulture)} calls by {callers} caller{(callers == 1 ? "" : "s")} in {result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s)");
        terminal.Out.WriteLine($"{string.Join("   ", Shares.Select(s => $"{s.Name} {Time(latencies.Percentile(s.Share))}"))}   max {Time(latencies.Max)}");
        terminal.Out.WriteLine(result.FirstError is null ? "errors 0" : $"errors {result.Errors}, the first: {result.FirstError.Message}");
        if (terminal.OutIsTerminal && latencies.Count > 0)
        {
            Draw(latencies, terminal);
        }
    }

    /// <summary>Bars over durations that grow by a constant factor.</summary>
    private static void Draw(LatencyHistogram latencies, Terminal terminal)
    {
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

    private static string Time(double microseconds) => microseconds switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.0} µs"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000:0.00} s"),
    };
}
