using System.CommandLine;
using System.Globalization;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw call</c>: one call from the command line. A stream is shown item by item.</summary>
internal static class CallCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string> path = CreatePath();
        CallWords words = new();
        StreamOptions streams = new();
        Option<bool> json = new("--json") { Description = "Write the result as JSON on one line, for programs; NaN and infinities as texts. Failures as well, on stderr. The items of a stream are lines of JSON even without it, unless they go to a terminal." };
        Command command = ClientCommand.Create("call", "Calls a method once and shows its result; of a stream each item as it comes.", terminal, RunAsync, [path, .. words.Symbols, .. streams.Symbols, json]);
        return new(command, """
            gaw call 127.0.0.1:5555 math_service/plus 10 b=20
            gaw call 5555 math_service.plus --data '{"a": 10, "b": 20}'
            gaw call 5555 math_service/divide 17 5 --json | jq .rest
            gaw call 5555 notes/add -- "a=b is text here" 123
            gaw call 5555 stock/watch nail --limit 10
            gaw call 5555 stock/import items=@- < items.ndjson
            """);

        async Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            string target = CheckPath(server.Parsed.GetValue(path)!);
            StreamLimits limits = streams.Read(server.Parsed);
            CallArguments arguments = words.Read(server.Parsed, terminal, streams: true);
            bool asJson = server.Parsed.GetValue(json);
            using Interruption interruption = new(cancellationToken);
            try
            {
                using ProgressView? progress = ProgressView.For(terminal);
                using AnyResult result = await server.OpenAsync(target, arguments, limits.ApplyTo(server.Calls) with { Progress = progress }, interruption.Token).ConfigureAwait(false);
                if (result.IsStream)
                {
                    await ShowItemsAsync(server, result, limits, progress, asJson, interruption.Token).ConfigureAwait(false);
                    return ExitCodes.Ok;
                }

                progress?.Dispose();
                terminal.Out.WriteLine(asJson ? StrictJson.Write(result.Value) : ValuePrinter.Show(result.Value, terminal.Width));
                if (limits.AreGiven)
                {
                    terminal.Complain($"{target} gives one value and no stream, so {limits.Names} changed nothing.");
                }

                return ExitCodes.Ok;
            }
            catch (GawRemoteException e) when (arguments.HintAt(e) is { Length: > 0 } hint)
            {
                throw new ToolException(ExitCodes.RemoteError, $"{e.Message.TrimEnd('.')}.{hint}", e);
            }
        }

        async Task ShowItemsAsync(ServerAccess server, AnyResult result, StreamLimits limits, ProgressView? progress, bool asJson, CancellationToken cancellationToken)
        {
            ItemPrinter printer = new(terminal, asJson || !terminal.OutIsTerminal, progress);
            try
            {
                bool hasEnded = await printer.PrintAsync(result, limits.MostItems, cancellationToken).ConfigureAwait(false);
                progress?.Dispose();
                if (!hasEnded)
                {
                    terminal.Complain($"Ended the stream after {Items(printer.Count)} (--limit).");
                }
                else if (printer.Count == 0 && terminal.ErrorIsTerminal)
                {
                    terminal.Complain("The stream has ended without an item.");
                }
            }
            catch (Exception e) when (printer.Count > 0 && !ClosedOutput.Explains(e))
            {
                ToolException known = await server.ExplainAsync(e).ConfigureAwait(false);
                throw new ToolException(known.ExitCode, $"{known.Message.TrimEnd('.')}. Before that came {Items(printer.Count)}.", known.InnerException);
            }
        }
    }

    public static Argument<string> CreatePath() => new("service/method") { Description = "What to call." };

    /// <summary><c>service/method</c>; a dot between the two does as well.</summary>
    public static string CheckPath(string path)
    {
        string slashed = MethodPath.Slashed(path);
        return slashed.Contains('/', StringComparison.Ordinal) ? slashed : throw ToolException.Usage($"\"{path}\" is no service and method. Write service/method, for example math_service/plus.");
    }

    private static string Items(long count) => count == 1 ? "1 item" : string.Create(CultureInfo.InvariantCulture, $"{count} items");
}
