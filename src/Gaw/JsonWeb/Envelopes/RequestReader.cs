using Gaw.Json;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>Takes requests apart. The usual form is recognised by its bytes; every other one is left to <see cref="AnyRequestForm"/>.</summary>
internal static class RequestReader
{
    /// <returns><see langword="null"/>: the request is whole. Otherwise its first problem; the id is known where it could be found.</returns>
    /// <exception cref="JsonFormatException">The document is not JSON as Python reads it, or too deep, or too large in count.</exception>
    public static ErrorInfo? Read(ReadOnlySpan<byte> document, JsonLimits limits, out Request request)
    {
        request = default;
        return TryReadUsualForm(document, limits, ref request) ? null : AnyRequestForm.Read(document, limits, ref request);
    }

    /// <summary>The id of a document that could not be read to its end, where it stands at its usual place; else empty.</summary>
    public static ReadOnlySpan<byte> FindId(ReadOnlySpan<byte> document)
    {
        ReadOnlySpan<byte> rest = document;
        return TryTakeId(ref rest, out ReadOnlySpan<byte> id) ? id : default;
    }

    /// <summary>The form that the original's client and ours write.</summary>
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
        if (digits is < 1 or > CallIds.MaxDigits || rest[digits] != ',' || (rest[0] == '0' && digits > 1))
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
}
