using System.Text;
using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>The messages for values that cannot be read: the expected type, and the value, cut to a short length.</summary>
internal static class ReadErrors
{
    private const int LongestExcerpt = 40;

    /// <summary>The value ahead does not fit the type.</summary>
    /// <param name="expected">What was expected: <c>int</c>, <c>Point</c>.</param>
    /// <param name="reader">Stands before the value; nothing is consumed.</param>
    /// <param name="advice">What to do about it.</param>
    public static GawSerializationException Mismatch(string expected, ref JsonReader reader, string? advice = null) =>
        Mismatch(expected, Describe(reader), advice);

    /// <summary>The value does not fit the type.</summary>
    public static GawSerializationException Mismatch(string expected, string came, string? advice = null) =>
        new($"Expected {expected}, but got {came}.{(advice is null ? "" : " " + advice)}");

    /// <summary>The type's own code refused the values.</summary>
    public static GawSerializationException CannotMake(Type type, Exception cause) =>
        new($"{TypeNames.Friendly(type)} cannot be made of these values: {cause.GetType().Name}: {cause.Message}", cause);

    /// <summary>Whether an exception comes from the code of the type that is being made, and not from reading.</summary>
    public static bool IsOfTheType(Exception exception) => exception is not (GawException or JsonFormatException or OutOfMemoryException);

    /// <summary>The text in quotes, cut to a short length.</summary>
    public static string Excerpt(string text) => $"the text \"{Cut(text)}\"";

    /// <summary>The text, cut to a short length.</summary>
    public static string Cut(string text) => text.Length <= LongestExcerpt ? text : string.Concat(text.AsSpan(0, LongestExcerpt), "...");

    /// <summary>What is ahead, in words.</summary>
    /// <exception cref="JsonFormatException">Nothing that could be a value is ahead.</exception>
    private static string Describe(JsonReader reader)
    {
        switch (reader.Peek())
        {
            case JsonKind.Object:
                reader.BeginObject();
                return Markers.TagAhead(ref reader, beforeValue: false) is { } tag ? $"a {Cut(tag)}" : "a dict";
            case JsonKind.Array:
                return "a list";
            case JsonKind.String:
                return Excerpt(reader.ReadString());
            case JsonKind.Integer:
                return $"the integer {Cut(Encoding.ASCII.GetString(reader.ReadNumber()))}";
            case JsonKind.Float:
                return $"the float {Cut(Encoding.ASCII.GetString(reader.ReadNumber()))}";
            default:
                return Encoding.ASCII.GetString(reader.Skip());
        }
    }
}
