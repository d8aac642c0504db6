using Gaw.Json;

namespace Gaw.PostOffice.Replies;

/// <summary>The wrapper of the post office around a reply: <c>{"succ": true, "data": DOCUMENT}</c>. <c>succ</c> says that the question could be read.</summary>
internal static class ReplyEnvelope
{
    /// <summary>The envelope's end with everything that a server announces, but without metadata.</summary>
    public const int MaxTailBytes = 192;

    public static ReadOnlySpan<byte> Head => "{\"succ\": true, \"data\": "u8;

    public static ReadOnlySpan<byte> Tail => "}"u8;

    /// <summary>The name of the member of <c>meta</c> that says that the server stops.</summary>
    public static ReadOnlySpan<byte> StoppingName => "stopping"u8;

    /// <summary>
    /// The member of a reply's <c>meta</c> that says: send nothing more on this connection, since the server stops or takes its peer for gone. Beside <c>null</c> in place
    /// of a document it belongs to no call; beside an error it rejects one, which has not run and will not.
    /// </summary>
    public static ReadOnlySpan<byte> Stopping => "\"stopping\": true"u8;

    /// <summary>The name of the member of <c>meta</c> that says that the server has no place for the call.</summary>
    public static ReadOnlySpan<byte> BusyName => "busy"u8;

    /// <summary>The name of the member of <c>meta</c> that says that the reply is not the last one to its request.</summary>
    public static ReadOnlySpan<byte> MoreName => "more"u8;

    /// <summary>The name of the member of <c>meta</c> that says how much of a stream was sent, its parts before this one included.</summary>
    public static ReadOnlySpan<byte> SentName => "sent"u8;

    /// <summary>The member of an error's <c>meta</c> that says: the server has no place for the call and cannot let it wait. The call has not run; another server may take it.</summary>
    public static ReadOnlySpan<byte> Busy => "\"busy\": true"u8;

    /// <summary>
    /// The end of a reply with <c>meta</c>, which only a client gets that has sent <c>meta</c> itself: <c>, "meta": {ANNOUNCEMENT, META}}</c>.
    /// With the first reply on a connection it says that replies come as soon as they are there, not in the order of the calls.
    /// </summary>
    /// <param name="writer">Where the document has been written.</param>
    /// <param name="announcement">Members of <c>meta</c>, written; may be empty.</param>
    /// <param name="meta">Further members; may be empty.</param>
    public static void EndWithMeta(JsonWriter writer, ReadOnlySpan<byte> announcement, ReadOnlySpan<byte> meta)
    {
        writer.Append(", \"meta\": {"u8);
        writer.Append(announcement);
        writer.Append(announcement.IsEmpty || meta.IsEmpty ? default : ", "u8);
        writer.Append(meta);
        writer.Append("}}"u8);
    }
}
