namespace Gaw.PostOffice;

/// <summary>The wrapper of the post office around an answer: <c>{"succ": true, "data": DOCUMENT}</c>. <c>succ</c> says that the question could be read.</summary>
internal static class ReplyEnvelope
{
    public static ReadOnlySpan<byte> Head => "{\"succ\": true, \"data\": "u8;

    public static ReadOnlySpan<byte> Tail => "}"u8;

    /// <summary>
    /// The end of a .NET server's first answer on a connection, to a client that has sent <c>meta</c>: it says that answers come as soon as
    /// they are there, not in the order of the calls. An original client never gets it.
    /// </summary>
    public static ReadOnlySpan<byte> AnnouncingTail => ", \"meta\": {}}"u8;
}
