using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Gaw.Shared;
using Gaw.Tool.Commands;
using Gaw.Tool.Terminals;

namespace Gaw.Tool;

/// <summary>The command line: what was typed becomes a command, what goes wrong becomes one line and an exit code.</summary>
internal static class GawTool
{
    private const string Description =
        "Runs, lists, describes and calls Gaw services. A target is an assembly (.dll), a project (.csproj or its folder), or either with :ClassName.";

    private const string RootExamples = """
        gaw MyServices.dll --port 5555             serve its services
        gaw list 127.0.0.1:5555                    what is there to call
        gaw call 127.0.0.1:5555 math_service/plus 10 20
        """;

    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        string[] options = [.. args.TakeWhile(static a => a != "--")];
        bool showsTrace = options.Contains("--trace");
        terminal.ComplainsInJson = options.Contains("--json");
        try
        {
            string[] completed = InsertRun(args);
            RootCommand root = CreateRoot(completed, terminal);
            ParseResult parsed = root.Parse(completed, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (completed[0].StartsWith("[suggest", StringComparison.Ordinal))
            {
                Suggestions.For(root, completed).ToList().ForEach(terminal.Out.WriteLine);
                return ExitCodes.Ok;
            }

            // The parser takes -hello for -h.
            if (parsed.Action is not { ClearsParseErrors: true } || !completed.Any(IsHelpOrVersion))
            {
                RejectUnknownOptions(completed, parsed.CommandResult.Command);
            }

            if (parsed.Action is { ClearsParseErrors: true })
            {
                return await InvokeAsync(parsed, terminal).ConfigureAwait(false);
            }

            return parsed.Errors.Count > 0
                ? throw ToolException.Usage(Explain(parsed))
                : await InvokeAsync(parsed, terminal).ConfigureAwait(false);
        }
        catch (IOException e) when (ClosedOutput.Explains(e))
        {
            // Who has read has all he wanted.
            return ExitCodes.Ok;
        }
        catch (Exception e)
        {
            ToolException known = ToolException.Of(e, usesSecret: false);
            if (terminal.ComplainsInJson)
            {
                terminal.Error.WriteLine(known.ToJson(showsTrace));
            }
            else
            {
                terminal.Complain(known.Message);
                terminal.Error.Write(showsTrace ? (known.InnerException ?? known) + terminal.Error.NewLine : "");
            }

            return known.ExitCode;
        }
    }

    private static bool IsHelpOrVersion(string arg) => arg is "-h" or "--help" or "-?" or "/?" or "/h" or "--version";

    /// <summary>The root with the command that is called; with all of them where none is: for the help, and for completions.</summary>
    private static RootCommand CreateRoot(string[] args, Terminal terminal)
    {
        RootCommand root = new(Description);
        Dictionary<Command, string> examples = new() { [root] = RootExamples };
        IEnumerable<Func<Terminal, ToolCommand>> needed = ToolCommand.All.TryGetValue(args[0], out Func<Terminal, ToolCommand>? called) ? [called] : ToolCommand.All.Values;
        foreach (Func<Terminal, ToolCommand> create in needed)
        {
            ToolCommand made = create(terminal);
            root.Add(made.Command);
            examples.Add(made.Command, made.Examples);
        }

        root.Add(GlobalOptions.Verbose);
        root.Add(GlobalOptions.Trace);
        foreach (Option option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Description = "Show what this command takes.";
                help.Action = new ShowHelp(terminal, examples);
            }
            else if (option is VersionOption version)
            {
                version.Description = "Show the version.";
                version.Action = new ShowVersion(terminal);
            }
        }

        return root;
    }

    private static Task<int> InvokeAsync(ParseResult parsed, Terminal terminal) =>
        parsed.InvokeAsync(
            new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            terminal.Stopping);

    /// <summary><c>gaw target</c> stands for <c>gaw run target</c>, <c>gaw help call</c> for <c>gaw call --help</c>.</summary>
    private static string[] InsertRun(string[] args)
    {
        if (args.Length == 0)
        {
            return ["--help"];
        }

        if (args[0] == "help")
        {
            return args.Length == 1 || ToolCommand.All.ContainsKey(args[1]) ? [.. args[1..], "--help"] : throw NoCommand(args[1]);
        }

        string? first = args.FirstOrDefault(static a => !a.StartsWith('-'));
        if (first is null || args[0].StartsWith('[') || ToolCommand.All.ContainsKey(first))
        {
            return args;
        }

        if (args[0] == first && !Path.Exists(first) && first.AsSpan().IndexOfAny("./\\:") < 0)
        {
            throw NoCommand(first);
        }

        return ["run", .. args];
    }

    private static ToolException NoCommand(string name)
    {
        string? near = NameSuggestion.FindNearest(name, ToolCommand.All.Keys);
        return ToolException.Usage($"There is no command \"{name}\", nor a file or folder of that name.{(near is null ? " See gaw --help." : $" Did you mean gaw {near}?")}");
    }

    /// <summary>The parser takes what looks like an option, and is none, for an argument; a misspelt option would end up as a value.</summary>
    private static void RejectUnknownOptions(string[] args, Command command)
    {
        List<string> known = [.. HelpWriter.OptionsOf(command).SelectMany(static o => o.Aliases.Append(o.Name))];
        foreach (string arg in args.TakeWhile(static a => a != "--"))
        {
            string name = arg.Split('=', ':')[0];
            bool isGlued = name.Length > 2 && name[1] != '-' && !name.AsSpan(2).ContainsAnyExceptInRange('0', '9');
            name = isGlued ? name[..2] : name;
            if (name.Length > 1 && name[0] == '-' && (char.IsAsciiLetter(name[1]) || name[1] == '-') && !known.Contains(name, StringComparer.Ordinal))
            {
                string? near = NameSuggestion.FindNearest(name, known.Where(static k => k.StartsWith("--", StringComparison.Ordinal)));
                string path = HelpWriter.PathOf(command);
                throw ToolException.Usage($"{path} has no option {name}.{(near is null ? $" See {path} --help; behind -- words are texts." : $" Did you mean {near}?")}");
            }
        }
    }

    private static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = HelpWriter.PathOf(command);
        Argument? missing = command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 });
        if (missing is not null)
        {
            return $"{path} needs <{missing.HelpName ?? missing.Name}>. See {path} --help.";
        }

        if (command.Subcommands.Count > 0)
        {
            string? given = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
            string? near = given is null ? null : NameSuggestion.FindNearest(given, command.Subcommands.Select(static c => c.Name));
            return near is null ? $"{path} needs one of: {string.Join(", ", command.Subcommands.Select(static c => c.Name))}." : $"{path} has no \"{given}\". Did you mean {near}?";
        }

        OptionResult? unreadable = parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(static o => o.Option.ValueType == typeof(int) && o.Tokens.Count > 0 && o.Errors.Any());
        if (unreadable is not null)
        {
            return $"{unreadable.Option.Name} {unreadable.Tokens[0].Value} is no whole number. See {path} --help.";
        }

        OptionResult? empty = parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(static o => !o.Implicit && o.Tokens.Count < o.Option.Arity.MinimumNumberOfValues);
        if (empty is not null)
        {
            return $"{empty.Option.Name} needs <{empty.Option.HelpName ?? "value"}>. See {path} --help.";
        }

        return parsed.UnmatchedTokens.Count > 0
            ? $"{path} takes no further argument, but got \"{parsed.UnmatchedTokens[0]}\". See {path} --help."
            : $"{parsed.Errors[0].Message.TrimEnd('.')}. See {path} --help.";
    }

    private sealed class ShowHelp(Terminal terminal, Dictionary<Command, string> examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Command command = parseResult.CommandResult.Command;
            HelpWriter.Write(command, examples.GetValueOrDefault(command), terminal.Out, Math.Min(terminal.Width, 120));
            return ExitCodes.Ok;
        }
    }

    private sealed class ShowVersion(Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            terminal.Out.WriteLine(typeof(GawTool).Assembly.GetName().Version!.ToString(3));
            return ExitCodes.Ok;
        }
    }
}
