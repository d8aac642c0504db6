using Gaw.Json;

namespace Gaw.Serialization.Marking;

/// <summary>Takes the markers out of a document written by this library, where a marked object always starts with <c>_v</c>.</summary>
internal static class MarkerStripper
{
    /// <summary>Copies a document without its markers.</summary>
    public static void Strip(ReadOnlySpan<byte> marked, JsonWriter writer)
    {
        JsonReader reader = new JsonReader(marked, new JsonLimits { MaxDepth = JsonLimits.LargestDepth, MaxValues = int.MaxValue });
        Copy(ref reader, writer);
    }

    private static void Copy(ref JsonReader reader, JsonWriter writer)
    {
        switch (reader.Peek())
        {
            case JsonKind.Array:
                reader.BeginArray();
                writer.BeginArray();
                while (reader.NextItem())
                {
                    Copy(ref reader, writer);
                }

                writer.EndArray();
                break;
            case JsonKind.Object:
                CopyObject(ref reader, writer);
                break;
            default:
                writer.Raw(reader.Skip());
                break;
        }
    }

    private static void CopyObject(ref JsonReader reader, JsonWriter writer)
    {
        JsonReader start = reader;
        reader.BeginObject();
        bool isMarked = reader.NextProperty(out JsonText first) && first.Equals(Markers.Value) && reader.Peek() is not JsonKind.Null;
        if (!isMarked)
        {
            reader = start;
            CopyMembers(ref reader, writer);
            return;
        }

        // The members of a typed object may themselves be called _v and _t.
        if (reader.Peek() is JsonKind.Object)
        {
            CopyMembers(ref reader, writer);
        }
        else
        {
            Copy(ref reader, writer);
        }

        while (reader.NextProperty(out _))
        {
            reader.Skip();
        }
    }

    private static void CopyMembers(ref JsonReader reader, JsonWriter writer)
    {
        reader.BeginObject();
        writer.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            writer.Name(name.Raw);
            Copy(ref reader, writer);
        }

        writer.EndObject();
    }
}
