using System.Globalization;

namespace Gaw.Tool.Shell;

/// <summary>A line while it is written, and the place where the next character goes. Moves by what a reader takes for one character.</summary>
internal sealed class LineBuffer
{
    /// <summary>Longer than any line that somebody types; a paste beyond it is cut.</summary>
    private const int MaxLength = 100_000;

    public string Text { get; private set; } = "";

    /// <summary>An index into <see cref="Text"/>, at the edge of a character.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text)
    {
        if (Text.Length + text.Length <= MaxLength)
        {
            Text = Text.Insert(Cursor, text);
            Cursor += text.Length;
        }
    }

    public void MoveLeft() => Cursor = Previous(Cursor);

    public void MoveRight() => Cursor = Next(Cursor);

    public void MoveHome() => Cursor = 0;

    public void MoveEnd() => Cursor = Text.Length;

    public void MoveWordLeft() => Cursor = WordStart();

    public void MoveWordRight()
    {
        while (Cursor < Text.Length && !char.IsLetterOrDigit(Text[Cursor]))
        {
            Cursor = Next(Cursor);
        }

        while (Cursor < Text.Length && char.IsLetterOrDigit(Text[Cursor]))
        {
            Cursor = Next(Cursor);
        }
    }

    public void DeleteLeft() => Remove(Previous(Cursor), Cursor);

    public void DeleteRight() => Remove(Cursor, Next(Cursor));

    public void DeleteWordLeft() => Remove(WordStart(), Cursor);

    public void DeleteToStart() => Remove(0, Cursor);

    public void DeleteToEnd() => Remove(Cursor, Text.Length);

    private int Next(int at) => at < Text.Length ? at + StringInfo.GetNextTextElementLength(Text, at) : at;

    private int Previous(int at)
    {
        int previous = 0;
        for (int next = 0; next < at; next = Next(next))
        {
            previous = next;
        }

        return previous;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && !char.IsLetterOrDigit(Text[Previous(at)]))
        {
            at = Previous(at);
        }

        while (at > 0 && char.IsLetterOrDigit(Text[Previous(at)]))
        {
            at = Previous(at);
        }

        return at;
    }

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }
}
