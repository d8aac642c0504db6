namespace Gaw.Tests.Serialization;

/// <summary>Short words for what most tests of values do.</summary>
internal static class Wire
{
    public static string Of<T>(T value, GawTypes? types = null) => GawSerializer.Serialize(value, types);

    public static T? To<T>(string json, GawTypes? types = null) => GawSerializer.Deserialize<T>(json, types);

    /// <summary>Writes the value, makes sure of the text, and reads it back as the same type.</summary>
    public static T? Through<T>(T value, string expected, GawTypes? types = null)
    {
        Of(value, types).Should().Be(expected);
        return To<T>(expected, types);
    }

    /// <summary>The failure of reading a document as a type.</summary>
    public static GawSerializationException Refused<T>(string json, GawTypes? types = null) =>
        FluentActions.Invoking(() => To<T>(json, types)).Should().Throw<GawSerializationException>().Which;

    /// <summary>The failure of writing a value.</summary>
    public static GawSerializationException Unsendable<T>(T value, GawTypes? types = null) =>
        FluentActions.Invoking(() => Of(value, types)).Should().Throw<GawSerializationException>().Which;
}
