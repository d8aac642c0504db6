using System.Text;

namespace Gaw;

/// <summary>
/// The way that leads to a part of a value, written short: long names are cut, and a way that goes round in a circle is shown once, with its end
/// left open. What a peer sends cannot make it large.
/// </summary>
internal sealed class ValuePath
{
    private const int LongestSegment = 60;
    private const int LongestWay = 24;
    private const int LeastRounds = 3;

    /// <summary>The innermost first.</summary>
    private readonly List<string> _segments = [];

    /// <summary>Adds the place that encloses the one known so far: <c>name</c>, <c>[3]</c>, <c>["key"]</c>.</summary>
    public void Enclose(string segment)
    {
        if (segment.Length > 0)
        {
            _segments.Add(segment.Length <= LongestSegment ? segment : string.Concat(segment.AsSpan(0, LongestSegment), segment[0] == '[' ? "...\"]" : "..."));
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string[] way = [.. Enumerable.Reverse(_segments)];
        if (way.Length <= LongestWay)
        {
            return Join(way);
        }

        (int start, int length) = FindCircle(way);
        return length > 0 ? Join(way.AsSpan(0, start + length)) + "..." : $"{Join(way.AsSpan(0, LongestWay / 2))}...{Join(way.AsSpan(way.Length - (LongestWay / 2)))}";
    }

    /// <summary>Where the way begins to repeat itself, and after how many steps; 0 steps when it does not.</summary>
    private static (int Start, int Length) FindCircle(string[] way)
    {
        for (int length = 1; length * LeastRounds <= way.Length; length++)
        {
            int start = way.Length - length;
            while (start > 0 && way[start - 1] == way[start - 1 + length])
            {
                start--;
            }

            if (start + (length * LeastRounds) <= way.Length)
            {
                return (start, length);
            }
        }

        return (0, 0);
    }

    private static string Join(ReadOnlySpan<string> way)
    {
        StringBuilder text = new StringBuilder();
        foreach (string segment in way)
        {
            text.Append(text.Length > 0 && segment[0] != '[' ? "." : "").Append(segment);
        }

        return text.ToString();
    }
}
