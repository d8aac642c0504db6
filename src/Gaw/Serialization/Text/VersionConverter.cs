using System.Diagnostics.CodeAnalysis;

namespace Gaw.Serialization.Text;

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
