using System.Globalization;
using Gaw.Json;

namespace Gaw.Nats.Wire;

/// <summary>
/// What clients and workers say to each other beside calls, sealed as those: the question <c>{"ask": [KEY, …]}</c>, and what a worker says of the calls that it has,
/// <c>{"worker": NAME, "runs": [KEY, …]}</c>. A key is that of a call's reply. Pure.
/// </summary>
internal static class ControlMessage
{
    /// <summary>So many keys stand in one message.</summary>
    public const int MaxKeys = 4096;

    private static ReadOnlySpan<byte> Ask => "ask"u8;

    private static ReadOnlySpan<byte> Worker => "worker"u8;

    private static ReadOnlySpan<byte> Runs => "runs"u8;

    public static void WriteQuestion(JsonWriter writer, IEnumerable<int> keys)
    {
        writer.BeginObject();
        WriteKeys(writer, Ask, keys);
        writer.EndObject();
    }

    public static void WriteRuns(JsonWriter writer, string worker, IEnumerable<int> keys)
    {
        writer.BeginObject();
        writer.Name(Worker);
        writer.String(worker);
        WriteKeys(writer, Runs, keys);
        writer.EndObject();
    }

    /// <summary>The document begins as a question. Every other document on the subject of a worker is a request.</summary>
    public static bool LooksLikeQuestion(ReadOnlySpan<byte> document) => document.StartsWith("{\"ask\""u8);

    /// <returns>The keys; <see langword="null"/>: the document is no question.</returns>
    public static List<int>? ReadQuestion(ReadOnlySpan<byte> document)
    {
        try
        {
            return Read(document, Ask, out _);
        }
        catch (JsonFormatException)
        {
            return null;
        }
    }

    /// <returns>The keys; <see langword="null"/>: the document is no such message.</returns>
    public static List<int>? ReadRuns(ReadOnlySpan<byte> document, out string worker)
    {
        worker = "";
        try
        {
            return Read(document, Runs, out worker) is { } keys && worker.Length > 0 ? keys : null;
        }
        catch (JsonFormatException)
        {
            return null;
        }
    }

    private static List<int>? Read(ReadOnlySpan<byte> document, ReadOnlySpan<byte> listName, out string worker)
    {
        worker = "";
        List<int>? keys = null;
        JsonReader reader = new(document, JsonLimits.Default);
        if (reader.Peek() != JsonKind.Object)
        {
            return null;
        }

        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(listName) && reader.Peek() == JsonKind.Array)
            {
                keys = ReadKeys(ref reader);
            }
            else if (name.Equals(Worker) && reader.Peek() == JsonKind.String)
            {
                worker = reader.ReadString();
            }
            else
            {
                reader.Skip();
            }
        }

        reader.ReadEnd();
        return keys;
    }

    private static List<int> ReadKeys(ref JsonReader reader)
    {
        List<int> keys = [];
        reader.BeginArray();
        while (reader.NextItem())
        {
            bool isNumber = reader.Peek() == JsonKind.Integer;
            ReadOnlySpan<byte> digits = reader.Skip();
            if (isNumber && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int key))
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    private static void WriteKeys(JsonWriter writer, ReadOnlySpan<byte> name, IEnumerable<int> keys)
    {
        writer.Name(name);
        writer.BeginArray();
        foreach (int key in keys)
        {
            writer.Integer(key);
        }

        writer.EndArray();
    }
}
