using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Shell;

/// <summary>The lines that were entered, the last ones also in a file that only its owner can read. A line that begins with a space is not kept.</summary>
/// <param name="file">The file; <see langword="null"/> for none. One that cannot be read or written is no reason to stop.</param>
internal sealed class History(string? file)
{
    private const int MostKept = 1000;

    private readonly List<string> _lines = Load(file);
    private string _draft = "";
    private int _at;

    /// <summary>Where the lines are kept: <c>GAW_HISTORY</c>, or in the user's folder for such things. An empty variable keeps none.</summary>
    public static string? FileIn(Func<string, string?> getVariable)
    {
        if (getVariable("GAW_HISTORY") is { } given)
        {
            return given.Length == 0 ? null : given;
        }

        string? folder = OperatingSystem.IsWindows() ? getVariable("LOCALAPPDATA")
            : getVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state
            : getVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state") : null;
        return string.IsNullOrEmpty(folder) ? null : Path.Combine(folder, "gaw", "history");
    }

    /// <summary>Begins at the end, with a new line.</summary>
    public void Begin() => _at = _lines.Count;

    /// <summary>The line before; <see langword="null"/> at the first.</summary>
    /// <param name="current">What stands there now; it comes back at the end.</param>
    public string? Older(string current)
    {
        if (_at == 0)
        {
            return null;
        }

        _draft = _at == _lines.Count ? current : _draft;
        return _lines[--_at];
    }

    /// <summary>The line after; what was being written after the last.</summary>
    public string? Newer() => _at >= _lines.Count ? null : ++_at == _lines.Count ? _draft : _lines[_at];

    public void Add(string line)
    {
        if (line.Length == 0 || line[0] == ' ' || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        Attempt(() =>
        {
            if (file is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
                using StreamWriter writer = new(file, System.Text.Encoding.UTF8, Options(FileMode.Append));
                writer.Write(line + "\n");
            }
        });
    }

    private static List<string> Load(string? file)
    {
        List<string> lines = [];
        Attempt(() =>
        {
            if (File.Exists(file))
            {
                lines.AddRange(File.ReadLines(file).Where(static line => line.Length > 0 && !line.Any(CleanText.IsOrder)));
                if (lines.Count > MostKept)
                {
                    lines.RemoveRange(0, lines.Count - MostKept);
                    using StreamWriter writer = new(file, System.Text.Encoding.UTF8, Options(FileMode.Create));
                    writer.Write(string.Concat(lines.Select(static line => line + "\n")));
                }
            }
        });
        return lines;
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (TextFile.Explains(e))
        {
            // Without its file the history lasts as long as the shell.
        }
    }
}
