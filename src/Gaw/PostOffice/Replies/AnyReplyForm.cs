using Gaw.Json;
using Gaw.Shared;

namespace Gaw.PostOffice.Replies;

/// <summary>Takes apart the frame of a reply in any form that is allowed: members in any order, white space, what the original's client takes. Pure.</summary>
internal static class AnyReplyForm
{
    /// <exception cref="JsonFormatException">The frame is not JSON as Python writes it.</exception>
    public static void Unwrap(ReadOnlySpan<byte> frame, ref Reply reply)
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
    public static ReplyKind ReadKind(ReadOnlySpan<byte> meta, bool isEmpty)
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
}
