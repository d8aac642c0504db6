using System.Diagnostics.CodeAnalysis;

namespace Gaw.Json;

/// <summary>The bytes are not a document of Python's JSON dialect, or one above the limits. Never repeats what it read.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Made by the reader alone, always with a fault and a position.")]
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "The layers above turn it into an exception of their own.")]
internal sealed class JsonFormatException(JsonFault fault, int position, string problem)
    : Exception($"Byte {position} of the document: {problem}")
{
    /// <summary>What kind of fault it is.</summary>
    public JsonFault Fault { get; } = fault;

    /// <summary>The offset in bytes where reading stopped.</summary>
    public int Position { get; } = position;

    /// <summary>Other bytes came than those that the place allows.</summary>
    public static JsonFormatException Unexpected(ReadOnlySpan<byte> json, int position, string expected) =>
        new(JsonFault.Syntax, position, $"met {Met(json, position)} where {expected} was expected.");

    private static string Met(ReadOnlySpan<byte> json, int position) => position >= json.Length ? "the end of the document" : json[position] switch
    {
        (byte)'"' => "a quote",
        (byte)',' => "a comma",
        (byte)':' => "a colon",
        (byte)'{' or (byte)'[' => "an opening bracket",
        (byte)'}' or (byte)']' => "a closing bracket",
        >= (byte)'0' and <= (byte)'9' => "a digit",
        0xEF when position == 0 => "a byte order mark",
        byte other when char.IsAsciiLetter((char)other) => "a letter",
        _ => "a character",
    };
}
