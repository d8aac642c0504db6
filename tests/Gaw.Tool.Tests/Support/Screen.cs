using System.Globalization;
using System.Text;
using Gaw.Tool.Shell;

namespace Gaw.Tool.Tests.Support;

/// <summary>A terminal's screen: what stands on it after what was written, with the orders that the line editor uses.</summary>
public sealed class Screen(int width, int height)
{
    private readonly List<string[]> _rows = [.. Enumerable.Range(0, height).Select(_ => Blank(width))];
    private bool _isPending;

    public int Width => width;

    public int Height => height;

    public int Row { get; private set; }

    public int Column { get; private set; }

    /// <summary>The rows that hold something, without blanks at their ends.</summary>
    public string Text => string.Join('\n', _rows.Select(static row => string.Concat(row).TrimEnd())).TrimEnd('\n');

    public void Write(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == '\u001b' && at + 1 < text.Length && text[at + 1] == '[')
            {
                int end = at + 2;
                while (end < text.Length && !char.IsAsciiLetter(text[end]))
                {
                    end++;
                }

                if (end < text.Length)
                {
                    Obey(text[(at + 2)..end], text[end]);
                }

                at = end + 1;
            }
            else if (text[at] == '\u001b')
            {
                // Settings of the keyboard, two characters.
                at += 2;
            }
            else
            {
                int length = StringInfo.GetNextTextElementLength(text, at);
                string element = text.Substring(at, text[at] == '\r' ? 1 : length);
                at += element.Length;
                Put(element);
            }
        }
    }

    private static string[] Blank(int width) => [.. Enumerable.Repeat(" ", width)];

    private void Obey(string parameters, char order)
    {
        int count = int.TryParse(parameters, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 1;
        _isPending = false;
        switch (order)
        {
            case 'A':
                Row = Math.Max(0, Row - count);
                break;
            case 'B':
                Row = Math.Min(height - 1, Row + count);
                break;
            case 'C':
                Column = Math.Min(width - 1, Column + count);
                break;
            case 'D':
                Column = Math.Max(0, Column - count);
                break;
            case 'H':
                (Row, Column) = (0, 0);
                break;
            case 'J':
                for (int row = parameters == "2" ? 0 : Row; row < height; row++)
                {
                    Array.Fill(_rows[row], " ", row == Row && parameters != "2" ? Column : 0, width - (row == Row && parameters != "2" ? Column : 0));
                }

                break;
            case 'K':
                Array.Fill(_rows[Row], " ", Column, width - Column);
                break;
        }
    }

    private void Put(string element)
    {
        switch (element)
        {
            case "\r":
                (Column, _isPending) = (0, false);
                return;
            case "\n" or "\r\n":
                Column = element.Length == 2 ? 0 : Column;
                Feed();
                return;
            case "\a":
                return;
        }

        int cells = Cells.WidthOf(element);
        if (_isPending || Column + cells > width)
        {
            Column = 0;
            Feed();
        }

        if (cells == 0)
        {
            return;
        }

        _rows[Row][Column] = element;
        if (cells == 2)
        {
            _rows[Row][Column + 1] = "";
        }

        Column += cells;
        if (Column >= width)
        {
            (Column, _isPending) = (width - 1, true);
        }
    }

    private void Feed()
    {
        _isPending = false;
        if (++Row == height)
        {
            Row--;
            _rows.RemoveAt(0);
            _rows.Add(Blank(width));
        }
    }
}

/// <summary>Writes onto a screen.</summary>
public sealed class ScreenWriter(Screen screen) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => screen.Write(value.ToString());

    public override void Write(string? value) => screen.Write(value ?? "");
}
