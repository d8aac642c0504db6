using System.Globalization;
using System.Runtime.CompilerServices;
using Gaw.Tool.Shell;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Values;

/// <summary>What a method says of its progress, as one line: a bar where it says how much of the whole is done, its text otherwise. Pure.</summary>
/// <param name="Share">How much is done, 0 to 1; <see langword="null"/>: it does not say.</param>
/// <param name="Text">What stands behind the bar, or in its place.</param>
internal readonly record struct ProgressLine(double? Share, string Text)
{
    private const int LongestBar = 40;
    private const int ShortestBar = 5;

    /// <summary>The members of an object that say how much is done, and of how much.</summary>
    private static readonly (string Done, string Of)[] Pairs = [("done", "of"), ("done", "total"), ("current", "total"), ("completed", "total")];

    /// <summary>Reads a report: a share of 1, a whole number of per cent, a pair of numbers, an object with such members; anything else is a text.</summary>
    public static ProgressLine Of(object? report) => report switch
    {
        double share and >= 0 and <= 1 => Percent(share),
        int or long or double when Number(report) is >= 0 and <= 100 and double percent => Percent(percent / 100),
        object?[] { Length: 2 } pair => OfPair(pair[0], pair[1], report),
        ITuple { Length: 2 } pair => OfPair(pair[0], pair[1], report),
        GawObject made => OfMembers(made.Members.ToDictionary(), report),
        IDictionary<string, object?> members => OfMembers(members, report),
        _ => new ProgressLine(null, ShowPlain(report)),
    };

    /// <summary>The line, no wider than the terminal. The last column stays free: some terminals go on to the next line there.</summary>
    public string Render(int width)
    {
        int room = Math.Max(1, width - 1);
        string text = CleanText.OneLine(Text);
        int bar = Math.Min(LongestBar, room - Cells.WidthOfText(text) - "[] ".Length);
        if (Share is not { } share || bar < ShortestBar)
        {
            return Cut(text, room);
        }

        int filled = (int)Math.Floor(share * bar);
        return $"[{new string('#', filled)}{new string(' ', bar - filled)}] {text}";
    }

    private static ProgressLine Percent(double share) => new(share, Math.Floor(Math.Round(share * 100, 6)).ToString("0", CultureInfo.InvariantCulture).PadLeft(3) + " %");

    private static ProgressLine OfPair(object? done, object? of, object? report) => Number(done) is { } part && Number(of) is > 0 and { } whole && part >= 0 && part <= whole
        ? new ProgressLine(part / whole, $"{ValuePrinter.ShowInline(done)} of {ValuePrinter.ShowInline(of)}")
        : new ProgressLine(null, ShowPlain(report));

    /// <summary>What else the object has is shown behind.</summary>
    private static ProgressLine OfMembers(IDictionary<string, object?> members, object? report)
    {
        foreach ((string done, string of) in Pairs)
        {
            if (members.TryGetValue(done, out object? part) && members.TryGetValue(of, out object? whole) && OfPair(part, whole, report) is { Share: not null } line)
            {
                string rest = string.Join(", ", members.Where(member => member.Key != done && member.Key != of).Select(static member => ShowPlain(member.Value)));
                return rest.Length == 0 ? line : line with { Text = $"{line.Text}, {rest}" };
            }
        }

        return new ProgressLine(null, ShowPlain(report));
    }

    private static string ShowPlain(object? value) => value as string ?? ValuePrinter.ShowInline(value);

    private static double? Number(object? value) => value switch
    {
        int number => number,
        long number => number,
        double number when double.IsFinite(number) => number,
        _ => null,
    };

    private static string Cut(string text, int room)
    {
        if (Cells.WidthOfText(text) <= room)
        {
            return text;
        }

        int end = 0;
        for (int used = 0; end < text.Length;)
        {
            int length = StringInfo.GetNextTextElementLength(text, end);
            used += Cells.WidthOf(text.AsSpan(end, length));
            if (used >= room)
            {
                break;
            }

            end += length;
        }

        return text[..end] + "…";
    }
}
