using Gaw.Json;

namespace Gaw.Serialization.Marking;

/// <summary>The bytes around the content of a marked value, as Python and this library write them: <c>{"_v": </c> and <c>, "_t": NAME}</c>. Written and recognised as two runs.</summary>
internal sealed class MarkRuns
{
    private static readonly NameRun Value = new(Markers.ValueKey);

    private readonly byte[] _end;

    /// <param name="tag">The name of the type.</param>
    public MarkRuns(string tag)
    {
        using JsonWriter writer = new();
        writer.Append(new NameRun(Markers.TagKey).Bytes);
        writer.String(tag);
        writer.Append("}"u8);
        _end = writer.Written.ToArray();
    }

    /// <summary>Opens a marked value; its content comes next.</summary>
    public static void Begin(JsonWriter writer)
    {
        writer.BeginObject();
        writer.Name(Value);
    }

    /// <summary>Closes a marked value.</summary>
    public void End(JsonWriter writer) => writer.EndObject(_end);

    /// <summary>Consumes the brace and the name of the content, where that is an object, too.</summary>
    /// <returns><see langword="false"/>: something else is ahead. Nothing was consumed.</returns>
    public static bool TryBegin(ref JsonReader reader) => reader.TryBeginObject("{\"_v\": {"u8);

    /// <summary>Consumes the tag and the closing brace, if they are all that comes and the tag is this one.</summary>
    public bool TryEnd(ref JsonReader reader) => reader.TryEndObject(_end);
}
