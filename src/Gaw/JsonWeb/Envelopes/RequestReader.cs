using Gaw.Json;
using Gaw.PostOffice.Replies;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>
/// A request's document, taken apart but not yet interpreted:
/// <c>{"_v": {"id": ID, "path": PATH, "payload": {"args": ARGS, "kwargs": KWARGS, "meta": META}}, "_t": "RequestDataType"}</c>.
/// The parts point into the document, which is well-formed from its first byte to its last: nothing runs on half a request.
/// </summary>
internal ref struct Request
{
    /// <summary>Any JSON value, to be sent back as it is; empty where none could be found.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>The path's text in UTF-8 where it needs no unescaping, else empty with the text in <see cref="UnescapedPath"/>.</summary>
    public ReadOnlySpan<byte> Path;

    public string? UnescapedPath;

    /// <summary>The list of positional arguments, brackets included.</summary>
    public ReadOnlySpan<byte> Args;

    /// <summary>The object of named arguments, braces included.</summary>
    public ReadOnlySpan<byte> Kwargs;

    /// <summary>The metadata of a .NET client, braces included; empty where there is none, as from an original client.</summary>
    public ReadOnlySpan<byte> Meta;

    public readonly string GetPath() => UnescapedPath ?? System.Text.Encoding.UTF8.GetString(Path);
}

/// <summary>Takes requests apart.</summary>
internal static class RequestReader
{
    private static readonly ErrorInfo NotARequest = new("ValueError", "the document is not a request: it needs _t \"RequestDataType\" and in _v exactly id, path and payload");
    private static readonly ErrorInfo BadArgs = new("TypeError", "args must be a tuple or a list");
    private static readonly ErrorInfo BadKwargs = new("TypeError", "kwargs must be a dict");

    /// <returns><see langword="null"/>: the request is whole. Otherwise what is wrong with it; the id is known where it could be found.</returns>
    /// <exception cref="JsonFormatException">The document is not JSON as Python reads it, or too deep, or too large in count.</exception>
    public static ErrorInfo? Read(ReadOnlySpan<byte> document, JsonLimits limits, out Request request)
    {
        request = default;
        return TryReadUsualForm(document, limits, ref request) ? null : ReadAnyForm(document, limits, ref request);
    }

    /// <summary>The id of a document that could not be read to its end, where it stands at its usual place; else empty.</summary>
    public static ReadOnlySpan<byte> FindId(ReadOnlySpan<byte> document)
    {
        ReadOnlySpan<byte> rest = document;
        return TryTakeId(ref rest, out ReadOnlySpan<byte> id) ? id : default;
    }

    /// <summary>The form that the original's client and ours write, recognised by its bytes. Everything else is left to the reader.</summary>
    private static bool TryReadUsualForm(ReadOnlySpan<byte> document, JsonLimits limits, ref Request request)
    {
        Request found = default;
        ReadOnlySpan<byte> rest = document;
        if (!TryTakeId(ref rest, out found.Id) || !TryTake(ref rest, " \"path\": \""u8))
        {
            return false;
        }

        int quote = rest.IndexOf((byte)'"');
        if (quote < 0 || rest[..quote].IndexOfAnyInRange((byte)0, (byte)0x1f) >= 0 || rest[..quote].Contains((byte)'\\'))
        {
            return false;
        }

        found.Path = rest[..quote];
        rest = rest[quote..];
        if (!TryTake(ref rest, "\", \"payload\": {\"args\": {\"_v\": "u8) || !TrySkip(ref rest, limits, JsonKind.Array, out found.Args)
            || !TryTake(ref rest, ", \"_t\": \"tuple\"}, \"kwargs\": "u8) || !TrySkip(ref rest, limits, JsonKind.Object, out found.Kwargs))
        {
            return false;
        }

        if (TryTake(ref rest, ", \"meta\": "u8) && !TrySkip(ref rest, limits, JsonKind.Object, out found.Meta))
        {
            return false;
        }

        if (!rest.SequenceEqual("}}, \"_t\": \"RequestDataType\"}"u8))
        {
            return false;
        }

        request = found;
        return true;
    }

    private static bool TryTakeId(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> id)
    {
        id = default;
        if (!TryTake(ref rest, "{\"_v\": {\"id\": "u8))
        {
            return false;
        }

        int digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > PostOffice.Client.CallIds.MaxDigits || rest[digits] != ',' || (rest[0] == '0' && digits > 1))
        {
            return false;
        }

        id = rest[..digits];
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected))
        {
            return false;
        }

        rest = rest[expected.Length..];
        return true;
    }

    private static bool TrySkip(scoped ref ReadOnlySpan<byte> rest, JsonLimits limits, JsonKind kind, out ReadOnlySpan<byte> value)
    {
        JsonReader reader = new(rest, limits);
        value = default;
        if (reader.Peek() != kind)
        {
            return false;
        }

        value = reader.Skip();
        rest = rest[reader.Position..];
        return true;
    }

    private static ErrorInfo? ReadAnyForm(ReadOnlySpan<byte> document, JsonLimits limits, ref Request request)
    {
        ReadOnlySpan<byte> value = default;
        bool typed = false;
        JsonReader reader = new(document, limits);
        if (reader.Peek() != JsonKind.Object)
        {
            reader.Skip();
            reader.ReadEnd();
            return NotARequest;
        }

        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals("_t"u8))
            {
                typed = reader.Peek() == JsonKind.String ? reader.ReadText().Equals("RequestDataType"u8) : SkipAndDeny(ref reader);
            }
            else
            {
                bool isValue = name.Equals("_v"u8);
                ReadOnlySpan<byte> skipped = reader.Skip();
                value = isValue ? skipped : value;
            }
        }

        reader.ReadEnd();
        if (value.IsEmpty || value[0] != '{')
        {
            return NotARequest;
        }

        ErrorInfo? fault = ReadParts(value, limits, ref request);
        return typed ? fault : NotARequest;
    }

    private static bool SkipAndDeny(ref JsonReader reader)
    {
        reader.Skip();
        return false;
    }

    private static ErrorInfo? ReadParts(ReadOnlySpan<byte> parts, JsonLimits limits, ref Request request)
    {
        ErrorInfo? fault = null;
        ReadOnlySpan<byte> payload = default;
        bool hasPath = false;
        JsonReader reader = new(parts, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals("id"u8))
            {
                request.Id = reader.Skip();
            }
            else if (name.Equals("path"u8))
            {
                hasPath = true;
                fault = ReadPath(ref reader, ref request) ?? fault;
            }
            else if (name.Equals("payload"u8))
            {
                payload = reader.Skip();
            }
            else
            {
                reader.Skip();
                fault = NotARequest;
            }
        }

        if (request.Id.IsEmpty || !hasPath || payload.IsEmpty)
        {
            return NotARequest;
        }

        return fault ?? ReadPayload(payload, limits, ref request);
    }

    private static ErrorInfo? ReadPath(ref JsonReader reader, ref Request request)
    {
        switch (reader.Peek())
        {
            case JsonKind.String:
                JsonText text = reader.ReadText();
                request.Path = text.HasEscapes ? default : text.Raw;
                request.UnescapedPath = text.HasEscapes ? text.ToString() : null;
                return null;
            case JsonKind.Array or JsonKind.Object:
                reader.Skip();
                return new ErrorInfo("TypeError", "path must be a text");
            default:
                // Python looks up whatever it is and does not find it.
                ReadOnlySpan<byte> json = reader.Skip();
                request.UnescapedPath = json.SequenceEqual("null"u8) ? "None" : System.Text.Encoding.UTF8.GetString(json);
                return null;
        }
    }

    private static ErrorInfo? ReadPayload(ReadOnlySpan<byte> payload, JsonLimits limits, ref Request request)
    {
        JsonReader reader = new(payload, limits);
        if (reader.Peek() != JsonKind.Object)
        {
            return new ErrorInfo("AssertionError", "request payload must be a dict of the function arguments");
        }

        ReadOnlySpan<byte> args = default;
        ReadOnlySpan<byte> kwargs = default;
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals("args"u8))
            {
                args = reader.Skip();
            }
            else if (name.Equals("kwargs"u8))
            {
                kwargs = reader.Skip();
            }
            else if (name.Equals("meta"u8) && reader.Peek() == JsonKind.Object)
            {
                request.Meta = reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (args.IsEmpty || kwargs.IsEmpty)
        {
            return new ErrorInfo("KeyError", args.IsEmpty ? "'args'" : "'kwargs'");
        }

        request.Args = UnwrapTuple(args, limits);
        request.Kwargs = kwargs;
        return request.Args.IsEmpty ? BadArgs : kwargs[0] != '{' ? BadKwargs : null;
    }

    /// <summary>The list in <c>{"_v": [...], "_t": "tuple"}</c>, in a set's marker, or the list itself; empty for anything else.</summary>
    private static ReadOnlySpan<byte> UnwrapTuple(ReadOnlySpan<byte> args, JsonLimits limits)
    {
        if (args[0] == '[')
        {
            return args;
        }

        ReadOnlySpan<byte> items = default;
        bool isTuple = false;
        if (args[0] == '{')
        {
            JsonReader reader = new(args, limits);
            reader.BeginObject();
            while (reader.NextProperty(out JsonText name))
            {
                if (name.Equals("_v"u8))
                {
                    items = reader.Skip();
                }
                else if (name.Equals("_t"u8) && reader.Peek() == JsonKind.String)
                {
                    JsonText type = reader.ReadText();
                    isTuple = type.Equals("tuple"u8) || type.Equals("set"u8);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return isTuple && !items.IsEmpty && items[0] == '[' ? items : default;
    }
}
