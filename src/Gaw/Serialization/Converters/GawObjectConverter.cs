using Gaw.Json;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Converters;

/// <summary>Objects of classes that are not known here.</summary>
internal sealed class GawObjectConverter(ValueConverter<object> values) : ValueConverter<GawObject>
{
    /// <inheritdoc/>
    public override GawObject? Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() switch
        {
            JsonKind.Null => (GawObject?)values.Read(ref reader),
            JsonKind.Object when values.Read(ref reader) is GawObject value => value,
            _ => throw Mismatch(ref start),
        };
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, GawObject? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        string current = "";
        Markers.Begin(writer);
        writer.BeginObject();
        try
        {
            foreach ((string name, object? member) in value.Members)
            {
                current = name;
                writer.Name(name);
                values.Write(writer, member);
            }
        }
        catch (GawSerializationException e) when (e.Within(current))
        {
            throw;
        }

        writer.EndObject();
        Markers.End(writer, value.TypeName);
    }
}
