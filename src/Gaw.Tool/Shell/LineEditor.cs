using Gaw.Tool.Terminals;

namespace Gaw.Tool.Shell;

/// <summary>Reads a line from a terminal, with a history (up, down), completion (tab) and the keys of other line editors.</summary>
/// <param name="writer">The terminal.</param>
/// <param name="complete">What may stand at the cursor.</param>
/// <param name="history">The lines before.</param>
/// <param name="keys">The keyboard.</param>
/// <param name="getSize">Columns and rows of the terminal.</param>
internal sealed class LineEditor(TextWriter writer, Func<string, Completion> complete, History history, IKeys keys, Func<(int Width, int Height)> getSize)
{
    private readonly LineView _view = new(writer, getSize);
    private readonly LineBuffer _line = new();
    private string _prompt = "";
    private bool _listsNext;

    public EditedLine Read(string prompt)
    {
        keys.TakesInterrupts = true;
        try
        {
            return ReadLine(prompt);
        }
        finally
        {
            keys.TakesInterrupts = false;
        }
    }

    private EditedLine ReadLine(string prompt)
    {
        _prompt = prompt;
        history.Begin();
        _line.Set("");
        _view.Begin();
        Draw();
        while (true)
        {
            ConsoleKeyInfo key = keys.Read();
            if (Act(key) is { } end)
            {
                return end;
            }

            // A paste comes faster than it could be drawn key by key.
            if (!keys.HasMore)
            {
                Draw();
            }
        }
    }

    private EditedLine? Act(ConsoleKeyInfo key)
    {
        bool isTab = key.Key == ConsoleKey.Tab || key.KeyChar == '\t';
        bool lists = isTab && _listsNext;
        _listsNext = false;
        if (isTab)
        {
            Complete(lists);
            return null;
        }

        if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
        {
            return Finish();
        }

        return (key.Modifiers & (ConsoleModifiers.Control | ConsoleModifiers.Alt)) switch
        {
            ConsoleModifiers.Control => ActWithControl(key),
            ConsoleModifiers.Alt => ActWithAlt(key.Key),
            _ => ActPlain(key),
        };
    }

    private EditedLine? ActPlain(ConsoleKeyInfo key)
    {
        Action? action = key.Key switch
        {
            ConsoleKey.UpArrow => RecallOlder,
            ConsoleKey.DownArrow => RecallNewer,
            ConsoleKey.LeftArrow => _line.MoveLeft,
            ConsoleKey.RightArrow => _line.MoveRight,
            ConsoleKey.Home => _line.MoveHome,
            ConsoleKey.End => _line.MoveEnd,
            ConsoleKey.Backspace => _line.DeleteLeft,
            ConsoleKey.Delete => _line.DeleteRight,
            _ => null,
        };
        if (action is not null)
        {
            action();
        }
        else if (key.KeyChar != '\0' && !CleanText.IsOrder(key.KeyChar))
        {
            _line.Insert(key.KeyChar.ToString());
        }

        return null;
    }

    private EditedLine? ActWithControl(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.C:
                return End(new EditedLine(EditEnd.Abandoned));
            case ConsoleKey.D when _line.Text.Length == 0:
                return End(new EditedLine(EditEnd.Closed));
            case ConsoleKey.L:
                writer.Write("\u001b[H\u001b[2J");
                _view.Begin();
                return null;
        }

        Action? action = key.Key switch
        {
            ConsoleKey.A => _line.MoveHome,
            ConsoleKey.E => _line.MoveEnd,
            ConsoleKey.B => _line.MoveLeft,
            ConsoleKey.F => _line.MoveRight,
            ConsoleKey.D => _line.DeleteRight,
            ConsoleKey.H => _line.DeleteLeft,
            ConsoleKey.K => _line.DeleteToEnd,
            ConsoleKey.U => _line.DeleteToStart,
            ConsoleKey.W or ConsoleKey.Backspace => _line.DeleteWordLeft,
            ConsoleKey.P => RecallOlder,
            ConsoleKey.N => RecallNewer,
            ConsoleKey.LeftArrow => _line.MoveWordLeft,
            ConsoleKey.RightArrow => _line.MoveWordRight,
            _ => null,
        };
        action?.Invoke();
        return null;
    }

    private EditedLine? ActWithAlt(ConsoleKey key)
    {
        Action? action = key switch
        {
            ConsoleKey.B => _line.MoveWordLeft,
            ConsoleKey.F => _line.MoveWordRight,
            ConsoleKey.Backspace => _line.DeleteWordLeft,
            _ => null,
        };
        action?.Invoke();
        return null;
    }

    private EditedLine Finish()
    {
        history.Add(_line.Text);
        return End(new EditedLine(EditEnd.Entered, _line.Text));
    }

    private EditedLine End(EditedLine end)
    {
        _line.MoveEnd();
        Draw();
        if (end.Kind == EditEnd.Abandoned)
        {
            writer.Write("^C");
        }

        _view.End();
        return end;
    }

    private void RecallOlder() => Recall(history.Older(_line.Text));

    private void RecallNewer() => Recall(history.Newer());

    private void Recall(string? line)
    {
        if (line is not null)
        {
            _line.Set(line);
        }
    }

    /// <summary>Writes what all that may stand here have in common; a second tab lists them.</summary>
    private void Complete(bool lists)
    {
        (string start, IReadOnlyList<string> found) = complete(_line.Text[.._line.Cursor]);
        if (found.Count == 0)
        {
            return;
        }

        string common = found.Aggregate(static (a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
        if (common.Length > start.Length)
        {
            _line.Insert(common[start.Length..]);
        }
        else if (found.Count > 1 && lists)
        {
            _view.End();
            writer.Write(string.Join("  ", found.Select(CleanText.OneLine)) + "\r\n");
        }
        else
        {
            _listsNext = true;
        }
    }

    private void Draw() => _view.Draw(_prompt, _line.Text, _line.Cursor);
}
