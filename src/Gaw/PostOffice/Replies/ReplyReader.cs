using System.Text.Unicode;
using Gaw.Json;

namespace Gaw.PostOffice.Replies;

/// <summary>Finds the id in a reply's document; empty where there is none. Gets a document that may be cut off at its end.</summary>
internal delegate ReadOnlySpan<byte> ReplyIdReader(ReadOnlySpan<byte> document);

/// <summary>Reads a reply's frame: <c>{"succ": true, "data": DOCUMENT}</c>, or the failure of PROTOCOL section 8 in both of its forms. Pure: bytes in, parts out.</summary>
internal static class ReplyReader
{
    /// <param name="frame">What the frame held.</param>
    /// <param name="replyId">Finds the id; <see langword="null"/>: replies carry none.</param>
    public static Reply Read(ReadOnlySpan<byte> frame, ReplyIdReader? replyId)
    {
        if (!Utf8.IsValid(frame))
        {
            return new Reply { Kind = IsProtected(frame) ? ReplyKind.Protected : ReplyKind.Malformed };
        }

        // The usual form needs no reader. A document with an id ends in a text; other ends, such as that of a reply with meta, are looked at closely.
        if (!frame.StartsWith(ReplyEnvelope.Head) || !frame.EndsWith(replyId is null ? ReplyEnvelope.Tail : "\"}}"u8))
        {
            return ReadAnyForm(frame, replyId);
        }

        Reply reply = new() { IsUsual = true, Document = frame[ReplyEnvelope.Head.Length..^ReplyEnvelope.Tail.Length] };
        FindId(ref reply, replyId);
        return reply;
    }

    /// <summary>Reads a reply in any form that is allowed.</summary>
    /// <inheritdoc cref="Read"/>
    public static Reply ReadAnyForm(ReadOnlySpan<byte> frame, ReplyIdReader? replyId)
    {
        Reply reply = default;
        try
        {
            AnyReplyForm.Unwrap(frame, ref reply);
        }
        catch (JsonFormatException e)
        {
            return new Reply { Kind = ReplyKind.Malformed, Fault = e };
        }

        if (reply.Kind == ReplyKind.Result && !reply.Meta.IsEmpty)
        {
            reply.Kind = AnyReplyForm.ReadKind(reply.Meta, isEmpty: reply.Document.SequenceEqual("null"u8));
        }

        if (reply.Kind is ReplyKind.Result or ReplyKind.Part or ReplyKind.Rejected or ReplyKind.Busy)
        {
            FindId(ref reply, replyId);
        }

        return reply;
    }

    /// <summary>The id in a reply of which only the beginning has come; empty where it cannot be told.</summary>
    public static ReadOnlySpan<byte> GetBegunId(ReadOnlySpan<byte> begun, ReplyIdReader? replyId) =>
        replyId is not null && begun.StartsWith(ReplyEnvelope.Head) ? replyId(begun[ReplyEnvelope.Head.Length..]) : default;

    public static GawProtocolException NotReply(Exception? inner) =>
        new("What came from the server is not an answer. Is it a Gaw server, and does it use the same Secret and Encrypt?", inner);

    private static void FindId(ref Reply reply, ReplyIdReader? replyId)
    {
        if (replyId is not null)
        {
            reply.Id = replyId(reply.Document);
            reply.Kind = reply.Id.IsEmpty ? ReplyKind.Malformed : reply.Kind;
        }
    }

    /// <summary>Whether bytes that are no text have the form of a signed document (32 bytes, then JSON) or of an encrypted one (whole blocks, at least four).</summary>
    private static bool IsProtected(ReadOnlySpan<byte> frame) =>
        (frame.Length > 32 && frame[32] == '{' && frame[^1] == '}') || (frame.Length >= 64 && frame.Length % 16 == 0);
}
