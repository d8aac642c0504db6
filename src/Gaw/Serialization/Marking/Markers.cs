using Gaw.Json;

namespace Gaw.Serialization.Marking;

/// <summary>The pair of keys that marks a type which JSON does not have: <c>{"_v": VALUE, "_t": NAME}</c>.</summary>
internal static class Markers
{
    /// <summary>The tag of an immutable sequence.</summary>
    public const string Tuple = "tuple";

    /// <summary>The tag of a set.</summary>
    public const string Set = "set";

    /// <summary>The tag of a date and time.</summary>
    public const string DateTime = "datetime";

    /// <summary>The tag of a UUID.</summary>
    public const string Uuid = "uuid";

    /// <summary>The tag of an argument whose items come later, in other messages: its value is a number by which they name it. No class has such a name, so that it is read as nothing else.</summary>
    public const string Stream = "_gaw/stream";

    /// <summary>The key of the value, as text.</summary>
    public const string ValueKey = "_v";

    /// <summary>The key of the tag, as text.</summary>
    public const string TagKey = "_t";

    /// <summary>The key of the value.</summary>
    public static ReadOnlySpan<byte> Value => "_v"u8;

    /// <summary>The key of the tag.</summary>
    public static ReadOnlySpan<byte> Tag => "_t"u8;

    /// <summary>The tag <see cref="Stream"/>, as it stands on the wire.</summary>
    public static ReadOnlySpan<byte> StreamTag => "_gaw/stream"u8;

    /// <summary>Whether a tag is one of the two of a list of values: a reader that wants a list takes either.</summary>
    public static bool IsSequence(JsonText tag) => tag.Equals("tuple"u8) || tag.Equals("set"u8);

    /// <summary>Whether a tag is one of the four that every peer knows.</summary>
    public static bool IsBuiltIn(string tag) => tag is Tuple or Set or DateTime or Uuid;

    /// <summary>Whether a key is one of the two that an ordinary dictionary may hold only with the value <see langword="null"/>.</summary>
    public static bool IsMarkerKey(string key) => key is ValueKey or TagKey;

    /// <summary>Opens a marked value; its value comes next.</summary>
    public static void Begin(JsonWriter writer)
    {
        writer.BeginObject();
        writer.Name(Value);
    }

    /// <summary>Closes a marked value.</summary>
    public static void End(JsonWriter writer, string tag)
    {
        writer.Name(Tag);
        writer.String(tag);
        writer.EndObject();
    }

    /// <summary>Whether a tag is among the keys of the object ahead. Nothing is consumed.</summary>
    public static bool IsTagInside(ref JsonReader reader)
    {
        reader.RememberSkips();
        JsonReader ahead = reader;
        ahead.BeginObject();
        return TagAhead(ref ahead, beforeValue: false) is not null;
    }

    /// <summary>
    /// The tag of an object, for a reader that stands inside it, before a value or before a name. Nothing is consumed.
    /// </summary>
    /// <param name="original">The reader. If it has been copied to come back to, <see cref="JsonReader.RememberSkips"/> was called before.</param>
    /// <param name="beforeValue">Whether the value of a name is ahead.</param>
    /// <returns>The last tag of the object; <see langword="null"/> when there is none, or none that is a text.</returns>
    public static string? TagAhead(ref JsonReader original, bool beforeValue)
    {
        original.RememberSkips();
        JsonReader reader = original;
        if (beforeValue)
        {
            reader.Skip();
        }

        string? tag = null;
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(Tag) && reader.Peek() is JsonKind.String)
            {
                tag = reader.ReadString();
            }
            else
            {
                reader.Skip();
            }
        }

        return tag;
    }
}
