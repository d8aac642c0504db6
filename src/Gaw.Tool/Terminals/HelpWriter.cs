using System.CommandLine;

namespace Gaw.Tool.Terminals;

/// <summary>The text of <c>--help</c>: usage, arguments, options, commands, examples. Never a value that somebody gave.</summary>
internal static class HelpWriter
{
    private const int MaxFirstColumn = 30;

    public static void Write(Command command, string? examples, TextWriter writer, int width)
    {
        bool isRoot = command is RootCommand;
        WriteWrapped(writer, command.Description ?? "", 0, width);
        writer.WriteLine();
        writer.WriteLine("Usage:");
        if (isRoot)
        {
            writer.WriteLine("  gaw <target> [options]");
            writer.WriteLine("  gaw <command> [arguments] [options]");
        }
        else
        {
            writer.WriteLine($"  {PathOf(command)}{string.Concat(command.Arguments.Select(static a => " " + Show(a)))}{(command.Subcommands.Count > 0 ? " <command>" : "")} [options]");
        }

        if (!isRoot)
        {
            WriteRows(writer, "Arguments", command.Arguments.Where(static a => !a.Hidden).Select(static a => new Row(Show(a), a.Description ?? "")), width);
        }

        WriteRows(writer, "Commands", command.Subcommands.Where(static c => !c.Hidden).Select(static c => new Row(c.Name, FirstSentence(c.Description))), width);
        WriteRows(writer, "Options", OptionsOf(command).Where(static o => !o.Hidden).Select(static o => new Row(Show(o), Describe(o))), width);
        if (OptionsOf(command).Any(static o => o is ISetting))
        {
            writer.WriteLine();
            WriteWrapped(writer, "A name in [brackets] is a variable of the environment that gives the option, too; the command line goes first.", 0, width);
        }

        if (examples is not null)
        {
            writer.WriteLine();
            writer.WriteLine("Examples:");
            foreach (string line in examples.Split('\n'))
            {
                writer.WriteLine("  " + line);
            }
        }
    }

    /// <summary>The command's own options, then those of all commands.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(static o => o.Recursive)).Distinct();

    /// <summary><c>gaw generate csharp</c>.</summary>
    public static string PathOf(Command command) =>
        command is RootCommand ? "gaw" : $"{string.Concat(command.Parents.OfType<Command>().Select(PathOf))} {command.Name}";

    private static string Show(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name;
        string shown = argument.Arity.MaximumNumberOfValues > 1 ? $"<{name}>..." : $"<{name}>";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{shown}]" : shown;
    }

    private static string Show(Option option)
    {
        string names = string.Join(", ", option.Aliases.Append(option.Name).Distinct().Where(static n => n is not ("/?" or "/h" or "-?")).OrderBy(static n => n.Length));
        return option.ValueType == typeof(bool) || option.HelpName is null ? names : $"{names} <{option.HelpName}>";
    }

    /// <summary>The option's text, and the variable that gives it as well.</summary>
    private static string Describe(Option option) => option is ISetting setting ? $"{option.Description} [{setting.Variable}]" : option.Description ?? "";

    private static string FirstSentence(string? text)
    {
        int end = text?.IndexOf(". ", StringComparison.Ordinal) ?? -1;
        return end < 0 ? text ?? "" : text![..(end + 1)];
    }

    private static void WriteRows(TextWriter writer, string title, IEnumerable<Row> all, int width)
    {
        List<Row> rows = [.. all];
        if (rows.Count == 0)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine(title + ":");
        int column = Math.Min(MaxFirstColumn, rows.Max(static r => r.Name.Length)) + 4;
        foreach ((string name, string text) in rows)
        {
            writer.Write("  " + name);
            if (name.Length + 4 > column)
            {
                writer.WriteLine();
                writer.Write(new string(' ', column));
            }
            else
            {
                writer.Write(new string(' ', column - name.Length - 2));
            }

            WriteWrapped(writer, text, column, width);
        }
    }

    private static void WriteWrapped(TextWriter writer, string text, int indent, int width)
    {
        int at = indent;
        foreach (string word in text.Split(' '))
        {
            if (at > indent && at + 1 + word.Length > width)
            {
                writer.WriteLine();
                writer.Write(new string(' ', indent));
                at = indent;
            }

            writer.Write(at > indent ? " " + word : word);
            at += word.Length + (at > indent ? 1 : 0);
        }

        writer.WriteLine();
    }

    private sealed record Row(string Name, string Text);
}
