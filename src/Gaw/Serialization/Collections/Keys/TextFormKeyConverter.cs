using Gaw.Json;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>Types that have a text of their own.</summary>
/// <param name="format">Makes the text.</param>
/// <param name="parse">Reads the text.</param>
internal sealed class TextFormKeyConverter<TKey>(Func<TKey, string> format, TryParseText<TKey> parse) : KeyConverter<TKey>
{
    /// <inheritdoc/>
    public override TKey Read(JsonText name) => parse(name.ToString(), out TKey? key) ? key : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TKey key) => writer.Name(format(key));
}
