using Gaw.Json;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Moments;

/// <summary><c>{"_v": "2016-07-29 11:18:20.480054", "_t": "datetime"}</c>; reads the text alone as well.</summary>
internal abstract class DateTimeConverterBase<T> : MarkedConverter<T>
{
    private const string Expected = "a datetime such as \"2016-07-29 11:18:20.480054+07:00\"";

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        Markers.Begin(writer);
        writer.Raw(DateTimeText.Quoted(ToMoment(value!), stackalloc byte[DateTimeText.LongestQuoted]));
        Markers.End(writer, Markers.DateTime);
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => tag.Equals("datetime"u8);

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() is JsonKind.String && DateTimeText.TryParse(reader.ReadText(), out PythonDateTime moment) ? FromMoment(moment) : throw ReadErrors.Mismatch(Expected, ref start);
    }

    /// <summary>The value for a moment.</summary>
    protected abstract T FromMoment(PythonDateTime moment);

    /// <summary>The moment for a value.</summary>
    protected abstract PythonDateTime ToMoment(T value);
}
