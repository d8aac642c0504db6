using System.CommandLine;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw call</c>: one call from the command line.</summary>
internal static class CallCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string> path = CreatePath();
        CallWords words = new();
        Option<bool> json = new("--json") { Description = "Write the result as JSON on one line, for programs; NaN and infinities as texts. Failures as well, on stderr." };
        Command command = ClientCommand.Create("call", "Calls a method once and shows its result.", terminal, RunAsync, [path, .. words.Symbols, json]);
        return new(command, """
            gaw call 127.0.0.1:5555 math_service/plus 10 b=20
            gaw call 5555 math_service.plus --data '{"a": 10, "b": 20}'
            gaw call 5555 math_service/divide 17 5 --json | jq .rest
            gaw call 5555 notes/add -- "a=b is text here" 123
            """);

        Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            string target = CheckPath(server.Parsed.GetValue(path)!);
            CallArguments arguments = words.Read(server.Parsed, terminal);
            try
            {
                // The caller's own thread is the fastest there is, and it has nothing else to do.
                object? result = server.Client.Call<object?>(target, arguments.Args, arguments.Kwargs, server.Calls);
                terminal.Out.WriteLine(server.Parsed.GetValue(json) ? StrictJson.Write(result) : ValuePrinter.Show(result, terminal.Width));
                return Task.FromResult(ExitCodes.Ok);
            }
            catch (GawRemoteException e) when (arguments.HintAt(e) is { Length: > 0 } hint)
            {
                throw new ToolException(ExitCodes.RemoteError, $"{e.Message.TrimEnd('.')}.{hint}", e);
            }
        }
    }

    public static Argument<string> CreatePath() => new("service/method") { Description = "What to call." };

    /// <summary><c>service/method</c>; a dot between the two does as well.</summary>
    public static string CheckPath(string path)
    {
        int dot = path.LastIndexOf('.');
        string slashed = path.Contains('/', StringComparison.Ordinal) || dot <= 0 ? path : $"{path[..dot]}/{path[(dot + 1)..]}";
        return slashed.Contains('/', StringComparison.Ordinal) ? slashed : throw ToolException.Usage($"\"{path}\" is no service and method. Write service/method, for example math_service/plus.");
    }
}
