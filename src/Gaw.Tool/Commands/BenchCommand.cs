using System.CommandLine;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Tool.Measuring;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw bench</c>: calls a second and how long they take; of streams, items a second.</summary>
internal static class BenchCommand
{
    private const int MostCallers = 10_000;

    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string> path = CallCommand.CreatePath();
        CallWords words = new();
        Option<int> callers = new("--callers", "-c") { HelpName = "count", Description = "Callers at once, each waiting for its answer. Default: 16.", DefaultValueFactory = static _ => 16 };
        Option<string> duration = new("--duration", "-d") { HelpName = "time", Description = "How long: 10s, 1m. Default: 10s.", DefaultValueFactory = static _ => "10s" };
        Option<string> warmup = new("--warmup") { HelpName = "time", Description = "How long before the measurement begins. Default: 1s.", DefaultValueFactory = static _ => "1s" };
        Option<bool> json = new("--json") { Description = ClientCommand.JsonDescription };
        Command command = ClientCommand.Create(
            "bench",
            "Measures how many calls a second a method answers, and how long they take. Of a method that gives a stream: how many items a second, and how long the first takes.",
            terminal,
            RunAsync,
            [path, .. words.Symbols, callers, duration, warmup, json]);
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

            // What was measured so far is shown; a second Ctrl+C ends the tool.
            using Interruption interruption = new(cancellationToken);
            bool isStream = await TryAsync(server, target, arguments, interruption.Token).ConfigureAwait(false);
            await CreateLoad().RunAsync(before, interruption.Token).ConfigureAwait(false);
            Load load = CreateLoad();
            Task<LoadResult> running = load.RunAsync(time, interruption.Token);
            await ShowProgressAsync(load, running, time, terminal).ConfigureAwait(false);
            LoadResult result = await running.ConfigureAwait(false);
            LoadReport report = new(target, count, isStream, result);
            if (server.Parsed.GetValue(json))
            {
                terminal.Out.WriteLine(GawSerializer.Serialize(report.ToJson()));
            }
            else
            {
                report.Write(terminal);
            }

            return result.FirstError is null ? ExitCodes.Ok : ToolException.Of(result.FirstError, server.Facts.UsesSecret).ExitCode;

            Load CreateLoad() => isStream ? new StreamLoad(server, target, arguments, count) : new CallLoad(server, target, arguments, count);
        }
    }

    /// <summary>What is wrong with the call shows once, and not a million times.</summary>
    /// <returns>Whether it gives a stream.</returns>
    private static async Task<bool> TryAsync(ServerAccess server, string path, CallArguments arguments, CancellationToken cancellationToken)
    {
        using AnyResult result = await server.OpenAsync(path, arguments, server.Calls, cancellationToken).ConfigureAwait(false);
        return result.IsStream;
    }

    private static async Task ShowProgressAsync(Load load, Task running, TimeSpan time, Terminal terminal)
    {
        if (!terminal.ErrorIsTerminal)
        {
            return;
        }

        for (int second = 1; await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false) != running; second++)
        {
            await terminal.RawError.WriteAsync($"\r{second} of {time.TotalSeconds:0} s, {load.Count / second:N0} {load.Unit}/s ").ConfigureAwait(false);
        }

        await terminal.RawError.WriteAsync("\r\u001b[K").ConfigureAwait(false);
    }
}
