namespace Gaw.Serialization;

/// <summary>A part of a type that can be written but never read.</summary>
/// <param name="Path">The way that leads to it: <c>lines[].price</c>; empty for the type itself.</param>
/// <param name="Reason">A sentence that names the type and the remedy.</param>
internal readonly record struct UnreadablePart(string Path, string Reason)
{
    private const int MostParts = 5;
    private const int LongestPath = 100;

    /// <summary>The reason as a sentence, with the path in front.</summary>
    public override string ToString() => Path.Length == 0 ? Reason : $"{Path}: {Reason}";

    /// <summary>The parts of a type that holds others: those of each, with its name in front.</summary>
    public static IReadOnlyList<UnreadablePart> Of(IEnumerable<(string Segment, ValueConverter Part)> parts) =>
        [.. parts.SelectMany(static each => each.Part.Unreadable.Select(part => part.Within(each.Segment))).DistinctBy(static part => part.Reason).Take(MostParts)];

    private UnreadablePart Within(string segment) =>
        Path.Length > LongestPath ? this : this with { Path = Path.Length == 0 || Path[0] == '[' ? segment + Path : $"{segment}.{Path}" };
}
