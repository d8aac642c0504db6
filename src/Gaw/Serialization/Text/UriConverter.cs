using System.Diagnostics.CodeAnalysis;

namespace Gaw.Serialization.Text;

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
