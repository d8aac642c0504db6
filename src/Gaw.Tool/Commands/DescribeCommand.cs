using System.CommandLine;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;
using Spectre.Console;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw describe</c>: signatures, documentation and types, and calls ready to paste.</summary>
internal static class DescribeCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string?> path = new("path") { Arity = ArgumentArity.ZeroOrOne, HelpName = "service[/method]", Description = "Only this service or method." };
        Option<bool> example = new("--example") { Description = "Show a call of each method, ready to paste." };
        Option<bool> json = new("--json") { Description = ClientCommand.JsonDescription };
        Command command = ClientCommand.Create("describe", "Shows signatures, documentation and types of a running server.", terminal, RunAsync, path, example, json);
        return new(command, "gaw describe 127.0.0.1:5555 math_service/plus --example");

        async Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            string? only = server.Parsed.GetValue(path);
            if (server.Parsed.GetValue(json))
            {
                terminal.Out.WriteLine(StrictJson.Write(await Description.DescribeAsync<object>(server, only, cancellationToken).ConfigureAwait(false)));
                return ExitCodes.Ok;
            }

            Description description = await Description.DescribeAsync<Description>(server, only, cancellationToken).ConfigureAwait(false);
            Write(description, server.Parsed.GetValue(example) ? server.Address : null, terminal);
            return ExitCodes.Ok;
        }
    }

    /// <summary>Writes the description.</summary>
    /// <param name="description">What is described.</param>
    /// <param name="exampleAddress">The server for examples; <see langword="null"/> for none.</param>
    /// <param name="terminal">Where to.</param>
    public static void Write(Description description, string? exampleAddress, Terminal terminal)
    {
        bool isFirst = true;
        foreach (MethodInfo method in description.Services.SelectMany(static s => s.Methods))
        {
            Separate(terminal, ref isFirst);
            Heading(terminal, ListCommand.FullSignature(method));
            Line(terminal, method.Doc);
            WriteRows(terminal, [
                .. method.Parameters!.Select(p => ($"{(p.Variadic ? "*" : "")}{p.Name}: {Type(p)}", p.Doc)),
                .. method.Progress is { } progress ? [("reports " + progress.Type, "its progress, while it runs")] : Array.Empty<(string, string?)>(),
                .. method.Result!.Doc is { } doc ? [("returns " + method.Result.Shown, doc)] : Array.Empty<(string, string?)>(),
            ]);
            if (exampleAddress is not null)
            {
                WriteExample(terminal, method, description.Types, exampleAddress);
            }
        }

        foreach ((string name, TypeShape shape) in description.Types)
        {
            Separate(terminal, ref isFirst);
            Heading(terminal, shape.Kind == "enum" ? $"{name} (enum)" : name);
            Line(terminal, shape.Doc);
            WriteRows(terminal, [.. shape.Members.Select(m => (m.Type is null ? $"\"{m.Name}\"" : $"{m.Name}: {m.Type}{(m.Required ? "" : $" = {ValuePrinter.ShowInline(m.Default)}")}", m.Doc))]);
        }
    }

    private static string Type(ParameterInfo parameter) =>
        parameter.Variadic ? parameter.Type[..^"[]".Length] : parameter.Optional ? $"{parameter.Type} = {ValuePrinter.ShowInline(parameter.Default)}" : parameter.Type;

    private static void Separate(Terminal terminal, ref bool isFirst)
    {
        if (!isFirst)
        {
            terminal.Out.WriteLine();
        }

        isFirst = false;
    }

    private static void Heading(Terminal terminal, string text)
    {
        if (terminal.OutIsTerminal)
        {
            terminal.Ansi.Write(new Markup($"[bold aqua]{Terminal.Escape(text)}[/]\n"));
        }
        else
        {
            terminal.Out.WriteLine(text);
        }
    }

    private static void Line(Terminal terminal, string? text)
    {
        if (text is not null)
        {
            terminal.Out.WriteLine("    " + text);
        }
    }

    private static void WriteRows(Terminal terminal, List<(string Name, string? Doc)> rows)
    {
        int width = rows.Count == 0 ? 0 : Math.Min(40, rows.Max(static r => r.Name.Length));
        foreach ((string name, string? doc) in rows)
        {
            terminal.Out.WriteLine($"    {(doc is null ? name : $"{name.PadRight(width)}  {doc}")}");
        }
    }

    /// <summary>A call as a command line and as a line of <c>gaw shell</c>; and for PowerShell, where that quotes in another way.</summary>
    private static void WriteExample(Terminal terminal, MethodInfo method, Dictionary<string, TypeShape> types, string address)
    {
        Examples examples = new(types);
        object?[] values = [.. method.Parameters!.Where(static p => !p.Optional || p.Variadic).Select(p => examples.Make(p.Variadic ? p.Type[..^2] : p.Type))];
        string[] words = ["gaw", "call", address, method.Path, .. values.Select(Examples.ToWord)];
        terminal.Out.WriteLine();
        if (!Array.TrueForAll(words, ShellWords.CanBePasted) || method.Path.StartsWith('-'))
        {
            terminal.Out.WriteLine("    (no line to paste: the name of the method would be taken for something else)");
            return;
        }

        string posix = string.Join(' ', words.Select(ShellWords.Posix));
        string powerShell = string.Join(' ', words.Select(ShellWords.PowerShell));
        terminal.Out.WriteLine("    " + posix);
        if (powerShell != posix)
        {
            terminal.Out.WriteLine($"    {powerShell}  # PowerShell");
        }

        if (PythonLiteral.IsCallable(method.Path))
        {
            terminal.Out.WriteLine($"    {method.Path.Replace('/', '.')}({string.Join(", ", values.Select(Examples.ToPython))})");
        }
    }
}
