namespace Gaw.JsonWeb.Streams;

/// <summary>How much of one stream: items since its beginning, and the bytes of their texts as the sender counts them. Both sides speak in totals, so that a message that comes twice, late or not at all does no harm.</summary>
/// <param name="Items">Items, 0 or more.</param>
/// <param name="Bytes">Bytes of UTF-8, 0 or more.</param>
internal readonly record struct StreamTotals(long Items, long Bytes)
{
    /// <summary>The window of a stream whose caller asks for no other: bytes bound the memory, and items only the work that is done ahead.</summary>
    public static StreamTotals DefaultWindow { get; } = new(1_000_000_000, 256 * 1024);

    public static StreamTotals operator +(StreamTotals left, StreamTotals right) => new(AddWithin(left.Items, right.Items), AddWithin(left.Bytes, right.Bytes));

    public static StreamTotals operator -(StreamTotals left, StreamTotals right) => new(left.Items - right.Items, left.Bytes - right.Bytes);

    /// <summary>The larger of each.</summary>
    public static StreamTotals Max(StreamTotals left, StreamTotals right) => new(Math.Max(left.Items, right.Items), Math.Max(left.Bytes, right.Bytes));

    /// <summary>A peer may name any figure: the sum stays the largest there is.</summary>
    private static long AddWithin(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
