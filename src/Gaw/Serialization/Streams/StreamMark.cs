using Gaw.Json;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Streams;

/// <summary>The substitute of an argument whose items come later: <c>{"_v": NUMBER, "_t": "_gaw/stream"}</c>. Each type but a stream refuses it.</summary>
internal static class StreamMark
{
    /// <summary>The most streams of a call.</summary>
    public const int MostOfCall = 8;

    public static void Write(JsonWriter writer, int number)
    {
        Markers.Begin(writer);
        writer.Integer(number);
        Markers.End(writer, Markers.Stream);
    }

    /// <summary>Consumes a value, if it is such a mark.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="number">Its number; -1 where it is none from 0 to 7.</param>
    /// <returns><see langword="false"/>: it is none, and was not consumed.</returns>
    public static bool TryRead(ref JsonReader reader, out int number)
    {
        number = -1;
        if (reader.Peek() is not JsonKind.Object)
        {
            return false;
        }

        JsonReader ahead = reader;
        bool isMark = false;
        ahead.BeginObject();
        while (ahead.NextProperty(out JsonText name))
        {
            if (name.Equals(Markers.Tag) && ahead.Peek() is JsonKind.String)
            {
                isMark = ahead.ReadText().Equals(Markers.StreamTag);
            }
            else if (!name.Equals(Markers.Value) || !ahead.TryReadInt64(out long given))
            {
                ahead.Skip();
            }
            else
            {
                number = given is >= 0 and < MostOfCall ? (int)given : -1;
            }
        }

        if (isMark)
        {
            reader = ahead;
        }

        return isMark;
    }
}
