using System.CommandLine;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw call</c>: one call from the command line.</summary>
internal static class CallCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string> path = CreatePath();
        Argument<string[]> words = CreateWords();
        Option<string?> data = CreateData();
        Option<bool> json = new("--json") { Description = "Write the result as JSON on one line, for programs." };
        Command command = ClientCommand.Create("call", "Calls a method once and shows its result.", terminal, RunAsync, path, words, data, json);
        return new(command, """
            gaw call 127.0.0.1:5555 math_service/plus 10 b=20
            gaw call 5555 math_service.plus --data '{"a": 10, "b": 20}'
            gaw call 5555 math_service/divide 17 5 --json | jq .rest
            """);

        Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            string target = CheckPath(server.Parsed.GetValue(path)!);
            CallArguments arguments = CallArguments.Parse(server.Parsed.GetValue(words)!, server.Parsed.GetValue(data), terminal);

            // The caller's own thread is the fastest there is, and it has nothing else to do.
            object? result = server.Client.Call<object?>(target, arguments.Args, arguments.Kwargs);
            terminal.Out.WriteLine(server.Parsed.GetValue(json) ? GawSerializer.ToJson(result) : ValuePrinter.Show(result, terminal.Width));
            return Task.FromResult(ExitCodes.Ok);
        }
    }

    public static Argument<string> CreatePath() => new("service/method") { Description = "What to call." };

    public static Argument<string[]> CreateWords() => new("args")
    {
        HelpName = "arg|name=arg",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The arguments by position or by name. Each is JSON if it parses as JSON, else text; after -- one may begin with a dash.",
    };

    public static Option<string?> CreateData() => new("--data")
    {
        HelpName = "json|@file|-",
        Description = "All arguments as one JSON list (by position) or object (by name); from a file or stdin as well.",
    };

    /// <summary><c>service/method</c>; a dot between the two does as well.</summary>
    public static string CheckPath(string path)
    {
        int dot = path.LastIndexOf('.');
        string slashed = path.Contains('/', StringComparison.Ordinal) || dot <= 0 ? path : $"{path[..dot]}/{path[(dot + 1)..]}";
        return slashed.Contains('/', StringComparison.Ordinal) ? slashed : throw ToolException.Usage($"\"{path}\" is no service and method. Write service/method, for example math_service/plus.");
    }
}
