using Gaw.Tool.Terminals;

namespace Gaw.Tool.Shell;

/// <summary>What may stand at the cursor.</summary>
/// <param name="Start">The part of it that stands there already.</param>
/// <param name="Found">All that begin so.</param>
internal sealed record Completion(string Start, IReadOnlyList<string> Found);

/// <summary>Completes commands, services, methods and the names of parameters. Pure: a description in, names out.</summary>
/// <param name="commands">The words that are no calls.</param>
/// <param name="services">What the server has said of itself.</param>
internal sealed class Completer(IReadOnlyList<string> commands, IReadOnlyList<ServiceInfo> services)
{
    /// <summary>Completes the end of a line.</summary>
    public Completion Complete(string line)
    {
        int open = line.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            return CompleteArgument(line, open);
        }

        foreach (string command in new[] { "list ", "describe " })
        {
            if (line.StartsWith(command, StringComparison.Ordinal))
            {
                IEnumerable<string> names = services.Select(static s => s.Name);
                return Find(line[command.Length..].TrimStart(), command == "list " ? names : names.Concat(Paths()));
            }
        }

        return Find(line.TrimStart(), commands.Concat(Paths().Select(static path => path + "(")));
    }

    /// <summary>The names of the parameters that are not given yet.</summary>
    private Completion CompleteArgument(string line, int open)
    {
        int start = open + 1;
        int depth = 0;
        List<string> given = [];
        char? quote = null;
        for (int at = open + 1; at < line.Length; at++)
        {
            char c = line[at];
            if (quote is not null)
            {
                at += c == '\\' ? 1 : 0;
                quote = c == quote ? null : quote;
                continue;
            }

            quote = c is '\'' or '"' ? c : null;
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            if (c == ',' && depth == 0)
            {
                given.Add(NameIn(line[start..at]));
                start = at + 1;
            }
        }

        string wanted = line[open..] is "(" ? "" : line[Math.Min(start, line.Length)..].TrimStart();
        MethodInfo? method = services.SelectMany(static s => s.Methods).FirstOrDefault(m => Dotted(m.Path) == line[..open].Trim() || m.Path == line[..open].Trim());
        return method?.Parameters is not { } parameters || depth != 0 || quote is not null
            ? new Completion("", [])
            : Find(wanted, parameters.Where(p => !p.Variadic && !given.Contains(p.Name)).Select(static p => p.Name + "="));
    }

    /// <summary>The name of an argument in front of its value; empty where it has none. A text that looks like one begins with its quote.</summary>
    private static string NameIn(string argument) => argument.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals ? argument[..equals].Trim() : "";

    private IEnumerable<string> Paths() => services.SelectMany(static s => s.Methods).Select(static m => Dotted(m.Path));

    private static string Dotted(string path) => path.LastIndexOf('/') is > 0 and int slash ? $"{path[..slash]}.{path[(slash + 1)..]}" : path;

    /// <summary>What a server is called by is shown, and becomes a part of the line: a name that gives orders to the terminal is none.</summary>
    private static Completion Find(string start, IEnumerable<string> names) => new(start, [.. names.Where(name => name.StartsWith(start, StringComparison.Ordinal) && !name.Any(CleanText.IsOrder)).Distinct()]);
}
