using Gaw.Json;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>The pieces of a request's usual form, each taken from the front of what is left. Pure: spans in, spans out.</summary>
internal static class RequestForm
{
    /// <summary>What stands in front of the positional arguments.</summary>
    public static bool TryTakeHead(scoped ref ReadOnlySpan<byte> rest, ref Request request)
    {
        if (!TryTakeId(ref rest, out request.Id) || !TryTake(ref rest, " \"path\": \""u8))
        {
            return false;
        }

        int quote = rest.IndexOf((byte)'"');
        if (quote < 0 || rest[..quote].IndexOfAnyInRange((byte)0, (byte)0x1f) >= 0 || rest[..quote].Contains((byte)'\\'))
        {
            return false;
        }

        request.Path = rest[..quote];
        rest = rest[quote..];
        return TryTake(ref rest, "\", \"payload\": {\"args\": {\"_v\": "u8);
    }

    /// <summary>The id, and the comma behind it.</summary>
    public static bool TryTakeId(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> id)
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

    /// <summary>These bytes and no others.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected))
        {
            return false;
        }

        rest = rest[expected.Length..];
        return true;
    }

    /// <summary>A value of this kind, whatever is in it.</summary>
    public static bool TrySkip(scoped ref ReadOnlySpan<byte> rest, JsonLimits limits, JsonKind kind, out ReadOnlySpan<byte> value)
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
