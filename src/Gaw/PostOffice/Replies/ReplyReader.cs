using System.Text.Unicode;
using Gaw.Json;
using Gaw.Shared;

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
            Unwrap(frame, ref reply);
        }
        catch (JsonFormatException e)
        {
            return new Reply { Kind = ReplyKind.Malformed, Fault = e };
        }

        if (reply.Kind == ReplyKind.Result && !reply.Meta.IsEmpty)
        {
            reply.Kind = ReadKind(reply.Meta, isEmpty: reply.Document.SequenceEqual("null"u8));
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

    private static void Unwrap(ReadOnlySpan<byte> frame, ref Reply reply)
    {
        bool succeeded = false;
        ErrorParts parts = default;
        JsonReader reader = new(frame, JsonLimits.Default);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText property))
        {
            if (property.Equals("succ"u8))
            {
                succeeded = PythonTruth.IsTrue(reader.Skip());
            }
            else if (property.Equals("data"u8))
            {
                reply.Document = reader.Skip();
            }
            else if (property.Equals("meta"u8))
            {
                bool isObject = reader.Peek() == JsonKind.Object;
                ReadOnlySpan<byte> meta = reader.Skip();
                reply.Meta = isObject ? meta : default;
            }
            else
            {
                parts.ReadMember(ref reader, property);
            }
        }

        reader.ReadEnd();
        if (!succeeded && !reply.Document.IsEmpty && reply.Document[0] == '{')
        {
            JsonReader inner = new(reply.Document, JsonLimits.Default);
            parts.ReadObject(ref inner);
        }

        if (!succeeded && parts.Name is not null)
        {
            reply.Kind = ReplyKind.Failure;
            reply.Failure = new ErrorInfo(parts.Name, parts.Message ?? "", parts.Trace);
        }
        else if (!succeeded || reply.Document.IsEmpty)
        {
            reply.Kind = ReplyKind.Malformed;
        }
    }

    /// <summary>What the <c>meta</c> of a reply makes of it. A stream that has sent something has run, whatever else is said of it.</summary>
    /// <param name="meta">The object.</param>
    /// <param name="isEmpty">The document is <c>null</c>.</param>
    private static ReplyKind ReadKind(ReadOnlySpan<byte> meta, bool isEmpty)
    {
        bool stops = false;
        bool isBusy = false;
        bool isPart = false;
        bool isStream = false;
        JsonReader reader = new(meta, JsonLimits.Default);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            bool isStop = name.Equals(ReplyEnvelope.StoppingName);
            bool isOther = name.Equals(ReplyEnvelope.BusyName);
            bool isMore = name.Equals(ReplyEnvelope.MoreName);
            isStream |= name.Equals(ReplyEnvelope.SentName);
            bool value = PythonTruth.IsTrue(reader.Skip());
            stops |= isStop && value;
            isBusy |= isOther && value;
            isPart |= isMore && value;
        }

        return isPart ? ReplyKind.Part
            : stops && isEmpty ? ReplyKind.Stopping
            : isStream ? ReplyKind.Result
            : stops ? ReplyKind.Rejected
            : isBusy ? ReplyKind.Busy
            : ReplyKind.Result;
    }

    /// <summary>Whether bytes that are no text have the form of a signed document (32 bytes, then JSON) or of an encrypted one (whole blocks, at least four).</summary>
    private static bool IsProtected(ReadOnlySpan<byte> frame) =>
        (frame.Length > 32 && frame[32] == '{' && frame[^1] == '}') || (frame.Length >= 64 && frame.Length % 16 == 0);
}
