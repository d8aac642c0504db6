using System.Text.Unicode;
using Gaw.Json;
using Gaw.PostOffice.Client;

namespace Gaw.PostOffice.Replies;

/// <summary>Finds the id in an answer's document; empty where there is none. Gets a document that may be cut off at its end.</summary>
internal delegate ReadOnlySpan<byte> ReplyIdReader(ReadOnlySpan<byte> document);

/// <summary>Reads an answer's frame: <c>{"succ": true, "data": DOCUMENT}</c>, or the failure of PROTOCOL section 8 in both of its forms.</summary>
internal static class ReplyReader
{
    /// <summary>Gives the answer to the call that it belongs to.</summary>
    /// <returns>The call, taken out of the connection's table and ready to be completed; <see langword="null"/>: nobody waits for it any more.</returns>
    /// <exception cref="GawProtocolException">What came is not an answer to a call of this connection.</exception>
    public static PendingCall? Read(ReadOnlySpan<byte> answer, ReplyIdReader? answerId, ClientConnection connection, out Exception? error)
    {
        error = null;
        if (!Utf8.IsValid(answer))
        {
            throw connection.IsPlain && IsProtected(answer)
                ? new GawAuthenticationException($"An answer from {connection.EndPoint} is signed or encrypted, and this client has no Secret.")
                : NotAnAnswer(null);
        }

        // The usual form needs no reader. A document with an id ends in a text; whatever does not, such as an answer with meta, is looked at closely.
        bool usual = answer.StartsWith(ReplyEnvelope.Head) && answer.EndsWith(answerId is null ? ReplyEnvelope.Tail : "\"}}"u8);
        ErrorFrame? failure = null;
        ReadOnlySpan<byte> meta = default;
        ReadOnlySpan<byte> document = usual ? answer[ReplyEnvelope.Head.Length..^ReplyEnvelope.Tail.Length] : Unwrap(answer, connection, out failure, out meta);
        if (failure is not null)
        {
            if (failure.Name == ErrorFrame.TooManyConnections.Name)
            {
                throw new GawConnectionException(
                    $"The server at {connection.EndPoint} has as many connections as it may have, so nothing that was sent on this one has run. Close clients that are not needed, or raise MaxConnections there.",
                    connection.EndPoint,
                    CallExecution.NotRun);
            }

            PendingCall? failed = connection.TakeFailedCall(failure);
            error = failed is null ? null
                : failure.Name == ErrorFrame.BadSignature.Name ? new GawAuthenticationException($"{connection.EndPoint} refused {failed.Path}: {failure.Message}.")
                : new GawRemoteException(failed.Path, failure.Name, failure.Message, failure.Trace);
            return failed;
        }

        bool stops = !meta.IsEmpty && SaysStopping(meta);
        if (stops)
        {
            connection.Retire();
            if (document.SequenceEqual("null"u8))
            {
                return null;
            }
        }

        ReadOnlySpan<byte> id = answerId is null ? default : answerId(document);
        if (answerId is not null && id.IsEmpty)
        {
            throw NotAnAnswer(null);
        }

        PendingCall? call = connection.TakeCall(id);
        try
        {
            if (call is null)
            {
                return null;
            }

            if (stops)
            {
                error = new GawConnectionException($"The server at {connection.EndPoint} stops and takes no further calls; {call.Path} has not run.", connection.EndPoint, CallExecution.NotRun);
                return call;
            }

            if (!meta.IsEmpty)
            {
                call.TakeMeta(meta);
            }

            // What stands behind the document is in the way of the usual form.
            if (!call.TryReadAnswer(document) && !(usual && call.TryReadAnswer(Unwrap(answer, connection, out _, out _))))
            {
                error = NotAnAnswer(null);
            }
        }
        catch (GawException e)
        {
            error = e;
        }
        catch (Exception e)
        {
            error = new GawSerializationException($"The result of {call!.Path} could not be read: {e.Message}", e);
        }

        return call;
    }

    /// <summary>The id in an answer of which only the beginning has come; empty where it cannot be told.</summary>
    public static ReadOnlySpan<byte> GetBegunId(ReadOnlySpan<byte> begun, ReplyIdReader? answerId) =>
        answerId is not null && begun.StartsWith(ReplyEnvelope.Head) ? answerId(begun[ReplyEnvelope.Head.Length..]) : default;

    /// <summary>The document of an answer in any form that is allowed, or the failure that stands in its place.</summary>
    private static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> answer, ClientConnection connection, out ErrorFrame? failure, out ReadOnlySpan<byte> meta)
    {
        meta = default;
        bool succeeded = false;
        ReadOnlySpan<byte> document = default;
        string? name = null;
        string? message = null;
        string? trace = null;
        try
        {
            JsonReader reader = new(answer, JsonLimits.Default);
            reader.BeginObject();
            while (reader.NextProperty(out JsonText property))
            {
                if (property.Equals("succ"u8))
                {
                    succeeded = IsTrue(reader.Skip());
                }
                else if (property.Equals("data"u8))
                {
                    document = reader.Skip();
                }
                else if (property.Equals("meta"u8))
                {
                    meta = reader.Peek() == JsonKind.Object ? reader.Skip() : default;
                    if (meta.IsEmpty)
                    {
                        reader.Skip();
                    }
                    else
                    {
                        connection.TakeForMultiplexed();
                    }
                }
                else
                {
                    ReadFailurePart(ref reader, property, ref name, ref message, ref trace);
                }
            }

            reader.ReadEnd();
            if (!succeeded && !document.IsEmpty && document[0] == '{')
            {
                JsonReader inner = new(document, JsonLimits.Default);
                inner.BeginObject();
                while (inner.NextProperty(out JsonText property))
                {
                    ReadFailurePart(ref inner, property, ref name, ref message, ref trace);
                }
            }
        }
        catch (JsonFormatException e)
        {
            throw NotAnAnswer(e);
        }

        failure = succeeded || name is null ? null : new ErrorFrame(name, message ?? "", trace);
        return failure is null && (document.IsEmpty || !succeeded) ? throw NotAnAnswer(null) : document;
    }

    /// <summary>See <see cref="ReplyEnvelope.Stopping"/>.</summary>
    private static bool SaysStopping(ReadOnlySpan<byte> meta)
    {
        bool stops = false;
        JsonReader reader = new(meta, JsonLimits.Default);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            bool isMeant = name.Equals(ReplyEnvelope.StoppingName);
            ReadOnlySpan<byte> value = reader.Skip();
            stops |= isMeant && IsTrue(value);
        }

        return stops;
    }

    private static void ReadFailurePart(ref JsonReader reader, JsonText property, ref string? name, ref string? message, ref string? trace)
    {
        ref string? part = ref name;
        if (property.Equals("message"u8))
        {
            part = ref message;
        }
        else if (property.Equals("trace"u8))
        {
            part = ref trace;
        }
        else if (!property.Equals("name"u8))
        {
            reader.Skip();
            return;
        }

        if (reader.Peek() == JsonKind.String)
        {
            part = reader.ReadString();
        }
        else
        {
            reader.Skip();
        }
    }

    /// <summary>Python's idea of truth: everything but null, false, zero and what is empty.</summary>
    internal static bool IsTrue(ReadOnlySpan<byte> json)
    {
        switch (json[0])
        {
            case (byte)'f' or (byte)'n':
                return false;
            case (byte)'"' or (byte)'[' or (byte)'{':
                // The two signs that enclose nothing, or white space.
                return json[0] == (byte)'"' ? json.Length > 2 : json[1..^1].IndexOfAnyExcept(" \t\r\n"u8) >= 0;
            default:
                // Zero in any of its forms, such as -0.0e5, has no other digit in front of the exponent; NaN and Infinity are true.
                int exponent = json.IndexOfAny((byte)'e', (byte)'E');
                ReadOnlySpan<byte> digits = exponent < 0 ? json : json[..exponent];
                return digits.IndexOfAnyExcept("-0."u8) >= 0;
        }
    }

    /// <summary>Whether bytes that are no text have the form of a signed document (32 bytes, then JSON) or of an encrypted one (whole blocks, at least four).</summary>
    private static bool IsProtected(ReadOnlySpan<byte> answer) =>
        (answer.Length > 32 && answer[32] == '{' && answer[^1] == '}') || (answer.Length >= 64 && answer.Length % 16 == 0);

    private static GawProtocolException NotAnAnswer(Exception? inner) =>
        new("What came from the server is not an answer. Is it a Gaw server, and does it use the same Secret and Encrypt?", inner);
}
