using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Types;

namespace Gaw;

/// <summary>
/// Writes and reads single values in the form they have on the wire, for logs, files and tests. The JSON is Python's dialect: <c>NaN</c> and
/// <c>Infinity</c> stand bare, integers have any size, and what JSON cannot say is marked by <c>_v</c> and <c>_t</c>.
/// </summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple overloads with optional parameters", Justification = "The overloads are told apart by their first parameter, and came together.")]
public static class GawSerializer
{
    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">Its declared type; <see cref="object"/> for a value of any type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="types">Types that are written under names of their own.</param>
    /// <returns>The JSON, ASCII only.</returns>
    /// <exception cref="GawSerializationException">The value cannot be written; the message says which part.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public static string Serialize<T>(T value, GawTypes? types = null)
    {
        using JsonWriter writer = SingleSerializers.Write(value, types);
        return Encoding.ASCII.GetString(writer.Written);
    }

    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">Its declared type; <see cref="object"/> for a value of any type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="types">Types that are written under names of their own.</param>
    /// <returns>The JSON as bytes, ASCII only.</returns>
    /// <exception cref="GawSerializationException">The value cannot be written; the message says which part.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public static byte[] SerializeToUtf8Bytes<T>(T value, GawTypes? types = null)
    {
        using JsonWriter writer = SingleSerializers.Write(value, types);
        return writer.Written.ToArray();
    }

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">Its type; <see cref="object"/> for the natural type of whatever is there.</typeparam>
    /// <param name="json">The JSON.</param>
    /// <param name="types">Types that may be made, beside those that <typeparamref name="T"/> leads to.</param>
    /// <returns>The value; <see langword="null"/> for <c>null</c>.</returns>
    /// <exception cref="GawSerializationException">It is not JSON, or not a value of the type.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public static T? Deserialize<T>(string json, GawTypes? types = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Deserialize<T>(Encoding.UTF8.GetBytes(json), types);
    }

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">Its type; <see cref="object"/> for the natural type of whatever is there.</typeparam>
    /// <param name="utf8Json">The JSON as UTF-8, without a byte order mark.</param>
    /// <param name="types">Types that may be made, beside those that <typeparamref name="T"/> leads to.</param>
    /// <returns>The value; <see langword="null"/> for <c>null</c>.</returns>
    /// <exception cref="GawSerializationException">It is not JSON, or not a value of the type.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public static T? Deserialize<T>(ReadOnlySpan<byte> utf8Json, GawTypes? types = null)
    {
        if (!Utf8.IsValid(utf8Json))
        {
            throw new GawSerializationException("The bytes are not valid UTF-8.");
        }

        ValueSerializer serializer = SingleSerializers.For<T>(types);
        JsonReader reader = new JsonReader(utf8Json, serializer.Limits);
        try
        {
            T? value = serializer.Get<T>().Read(ref reader);
            reader.ReadEnd();
            return value;
        }
        catch (JsonFormatException e)
        {
            throw new GawSerializationException(e.Message, e);
        }
    }

    /// <summary>
    /// Writes a value without the markers, for readers that do not know them: tuples and sets as lists, datetimes and UUIDs as texts, objects
    /// as their members. Cannot be read back as what it was.
    /// </summary>
    /// <typeparam name="T">Its declared type; <see cref="object"/> for a value of any type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="types">Types that are written under names of their own; only their members appear.</param>
    /// <returns>The JSON, ASCII only; <c>NaN</c> and <c>Infinity</c> stand bare, as Python writes them.</returns>
    /// <exception cref="GawSerializationException">The value cannot be written; the message says which part.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public static string ToJson<T>(T value, GawTypes? types = null)
    {
        using JsonWriter marked = SingleSerializers.Write(value, types);
        using JsonWriter plain = new JsonWriter();
        MarkerStripper.Strip(marked.Written, plain);
        return Encoding.ASCII.GetString(plain.Written);
    }
}
