using System.Buffers.Text;
using System.Text;
using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>The text of a UUID: written in lower case with hyphens, read with or without hyphens, braces and <c>urn:uuid:</c>.</summary>
internal static class UuidText
{
    /// <summary>The bytes of a quoted text.</summary>
    public const int QuotedLength = 38;

    private const int Digits = 32;
    private const int LongestText = 64;

    /// <summary>Writes the text with its quotes.</summary>
    public static ReadOnlySpan<byte> Quoted(Guid value, Span<byte> room)
    {
        room[0] = room[QuotedLength - 1] = (byte)'"';
        value.TryFormat(room[1..], out _);
        return room;
    }

    /// <summary>Reads the text; anything but 32 hexadecimal digits with the usual trimmings is refused.</summary>
    public static bool TryParse(JsonText text, out Guid value) => TryParse(text.HasEscapes ? Encoding.UTF8.GetBytes(text.ToString()) : text.Raw, out value);

    /// <summary>Reads the text; anything but 32 hexadecimal digits with the usual trimmings is refused.</summary>
    public static bool TryParse(string text, out Guid value) => TryParse(Encoding.UTF8.GetBytes(text), out value);

    private static bool TryParse(ReadOnlySpan<byte> text, out Guid value)
    {
        ReadOnlySpan<byte> rest = text;
        if (Utf8Parser.TryParse(rest, out value, out int consumed) && consumed == rest.Length)
        {
            return true;
        }

        if (rest.Length > LongestText)
        {
            return false;
        }

        rest = rest.StartsWith("urn:"u8) ? rest[4..] : rest;
        rest = rest.StartsWith("uuid:"u8) ? rest[5..] : rest;
        rest = rest is [(byte)'{', .., (byte)'}'] ? rest[1..^1] : rest;
        Span<byte> digits = stackalloc byte[LongestText];
        int count = 0;
        foreach (byte character in rest)
        {
            if (character != '-')
            {
                digits[count++] = character;
            }
        }

        return Guid.TryParseExact(Encoding.ASCII.GetString(digits[..count]), "N", out value) && count == Digits;
    }
}
