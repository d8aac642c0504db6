using System.Globalization;
using Gaw.Json;

namespace Gaw.Serialization.Moments;

/// <summary>A date as the text <c>2016-07-29</c>, since the original has no form for dates. Reads a naive datetime at midnight as well.</summary>
internal sealed class DateOnlyConverter(ValueConverter<DateTime> moments) : ValueConverter<DateOnly>
{
    /// <inheritdoc/>
    public override DateOnly Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        DateTime value = moments.Read(ref reader);
        return value is { Kind: DateTimeKind.Unspecified, TimeOfDay.Ticks: 0 } ? DateOnly.FromDateTime(value) : throw ReadErrors.Mismatch("a date such as \"2016-07-29\"", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, DateOnly value) => writer.String(value.ToString("O", CultureInfo.InvariantCulture));
}
