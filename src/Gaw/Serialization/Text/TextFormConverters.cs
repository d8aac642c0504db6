using System.Diagnostics.CodeAnalysis;
using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>What types share whose text stands for them.</summary>
internal abstract class TextFormConverter<T>(string expected) : ValueConverter<T>
    where T : class
{
    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        switch (reader.Peek())
        {
            case JsonKind.Null:
                reader.ReadNull();
                return null;
            case JsonKind.String when TryParseText(reader.ReadString(), out T? value):
                return value;
            default:
                throw ReadErrors.Mismatch(expected, ref start);
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.Null();
        }
        else
        {
            writer.String(ToText(value));
        }
    }

    /// <summary>Makes the text.</summary>
    protected abstract string ToText(T value);

    /// <summary>Reads the text.</summary>
    protected abstract bool TryParseText(string text, [NotNullWhen(true)] out T? value);
}

/// <summary>An address as the text it was made of, absolute or relative.</summary>
internal sealed class UriConverter() : TextFormConverter<Uri>("an address such as \"https://example.com/\"")
{
    /// <summary>Reads the text.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? value) => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out value);

    /// <inheritdoc/>
    protected override string ToText(Uri value) => value.OriginalString;

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out Uri? value) => TryParse(text, out value);
}

/// <summary>A version as its text: <c>1.2.3.4</c>.</summary>
internal sealed class VersionConverter() : TextFormConverter<Version>("a version such as \"1.2.3\"")
{
    /// <summary>Reads the text.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Version? value) => Version.TryParse(text, out value);

    /// <inheritdoc/>
    protected override string ToText(Version value) => value.ToString();

    /// <inheritdoc/>
    protected override bool TryParseText(string text, [NotNullWhen(true)] out Version? value) => TryParse(text, out value);
}
