using System.Globalization;
using System.Text;

namespace Gaw.Tool.Shell;

/// <summary>Shows a prompt and a line on as many rows as they take, and the cursor in its place. Counts columns, not characters.</summary>
/// <param name="writer">The terminal.</param>
/// <param name="getSize">Its columns and rows, as they are now.</param>
internal sealed class LineView(TextWriter writer, Func<(int Width, int Height)> getSize)
{
    private int _cursorRow;
    private int _rows = 1;

    /// <summary>Begins below what has been shown so far.</summary>
    public void Begin() => (_cursorRow, _rows) = (0, 1);

    /// <summary>Shows the line in place of what this view showed before.</summary>
    public void Draw(string prompt, string text, int cursor)
    {
        (int width, int height) = getSize();
        Layout layout = Layout.Of(prompt + text, prompt.Length + cursor, Math.Max(2, width));

        // Of a line that is higher than the screen, the part around the cursor.
        int shown = Math.Min(layout.Rows.Count, Math.Max(1, height));
        int first = Math.Clamp(layout.CursorRow - shown + 1, 0, layout.Rows.Count - shown);
        StringBuilder output = new();
        output.Append('\r').Append(Move(_cursorRow, 'A')).Append("\u001b[J").AppendJoin("\r\n", layout.Rows.Skip(first).Take(shown));
        _cursorRow = layout.CursorRow - first;
        _rows = shown;
        output.Append('\r').Append(Move(shown - 1 - _cursorRow, 'A')).Append(Move(layout.CursorColumn, 'C'));
        writer.Write(output.ToString());
        writer.Flush();
    }

    /// <summary>Goes on below the line.</summary>
    public void End()
    {
        writer.Write($"{Move(_rows - 1 - _cursorRow, 'B')}\r\n");
        writer.Flush();
        Begin();
    }

    private static string Move(int count, char direction) => count > 0 ? string.Create(CultureInfo.InvariantCulture, $"\u001b[{count}{direction}") : "";

    /// <summary>Where each character of a text stands. Pure.</summary>
    private sealed record Layout(List<string> Rows, int CursorRow, int CursorColumn)
    {
        public static Layout Of(string text, int cursor, int width)
        {
            List<string> rows = [];
            StringBuilder row = new();
            int column = 0;
            (int Row, int Column)? place = null;
            for (int at = 0; at < text.Length;)
            {
                int length = StringInfo.GetNextTextElementLength(text, at);
                int cells = Cells.WidthOf(text.AsSpan(at, length));
                if (column + cells > width)
                {
                    Break();
                }

                place ??= at >= cursor ? (rows.Count, column) : null;
                row.Append(text, at, length);
                column += cells;
                at += length;
            }

            // Behind the last column there is no place for a cursor.
            if (place is null && column >= width)
            {
                Break();
            }

            place ??= (rows.Count, column);
            rows.Add(row.ToString());
            return new Layout(rows, place.Value.Row, place.Value.Column);

            void Break()
            {
                rows.Add(row.ToString());
                row.Clear();
                column = 0;
            }
        }
    }
}
