using System.Text;

namespace Gaw.Tool.Shell;

/// <summary>Reads a line from a terminal, with a history (up, down) and completion (tab).</summary>
/// <param name="writer">The terminal.</param>
/// <param name="complete">The lines that a beginning may become.</param>
/// <param name="readKey">Reads one key; the console's by default.</param>
internal sealed class LineEditor(TextWriter writer, Func<string, IEnumerable<string>> complete, Func<ConsoleKeyInfo>? readKey = null)
{
    private readonly Func<ConsoleKeyInfo> _readKey = readKey ?? (static () => Console.ReadKey(intercept: true));
    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private string _prompt = "";
    private int _cursor;
    private int _recalled;

    /// <returns>The line; <see langword="null"/> for Ctrl+D on an empty one.</returns>
    public string? Read(string prompt)
    {
        _prompt = prompt;
        _recalled = _history.Count;
        Replace("");
        while (true)
        {
            ConsoleKeyInfo key = _readKey();
            bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return Finish();
                case ConsoleKey.D when control && _line.Length == 0:
                    writer.WriteLine();
                    return null;
                case ConsoleKey.Tab:
                    Complete();
                    break;
                case ConsoleKey.UpArrow:
                    Recall(-1);
                    break;
                case ConsoleKey.DownArrow:
                    Recall(1);
                    break;
                case ConsoleKey.LeftArrow:
                    _cursor = Math.Max(0, _cursor - 1);
                    break;
                case ConsoleKey.RightArrow:
                    _cursor = Math.Min(_line.Length, _cursor + 1);
                    break;
                case ConsoleKey.Home:
                case ConsoleKey.A when control:
                    _cursor = 0;
                    break;
                case ConsoleKey.End:
                case ConsoleKey.E when control:
                    _cursor = _line.Length;
                    break;
                case ConsoleKey.U when control:
                    _line.Remove(0, _cursor);
                    _cursor = 0;
                    break;
                case ConsoleKey.Backspace when _cursor > 0:
                    _line.Remove(--_cursor, 1);
                    break;
                case ConsoleKey.Delete when _cursor < _line.Length:
                    _line.Remove(_cursor, 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        _line.Insert(_cursor++, key.KeyChar);
                    }

                    break;
            }

            Draw();
        }
    }

    private string Finish()
    {
        writer.WriteLine();
        string line = _line.ToString();
        if (line.Length > 0 && _history.LastOrDefault() != line)
        {
            _history.Add(line);
        }

        return line;
    }

    private void Recall(int step)
    {
        int wanted = _recalled + step;
        if (wanted < 0 || wanted > _history.Count)
        {
            return;
        }

        _recalled = wanted;
        Replace(wanted == _history.Count ? "" : _history[wanted]);
    }

    private void Complete()
    {
        string start = _line.ToString(0, _cursor);
        string[] found = [.. complete(start)];
        if (found.Length == 0)
        {
            return;
        }

        string common = found.Aggregate(static (a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
        if (common.Length > start.Length)
        {
            string rest = _line.ToString(_cursor, _line.Length - _cursor);
            _line.Clear().Append(common).Append(rest);
            _cursor = common.Length;
        }
        else if (found.Length > 1)
        {
            writer.WriteLine();
            writer.WriteLine(string.Join("  ", found));
        }
    }

    private void Replace(string text)
    {
        _line.Clear().Append(text);
        _cursor = text.Length;
        Draw();
    }

    private void Draw()
    {
        int back = _line.Length - _cursor;
        writer.Write($"\r\u001b[K{_prompt}{_line}{(back > 0 ? $"\u001b[{back}D" : "")}");
        writer.Flush();
    }
}
