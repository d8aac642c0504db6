using Gaw.Json;
using Gaw.Serialization.Text;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>The names of an enum.</summary>
internal sealed class EnumKeyConverter<TKey> : KeyConverter<TKey>
    where TKey : struct, Enum
{
    /// <inheritdoc/>
    public override TKey Read(JsonText name) => EnumNames<TKey>.TryParse(name.ToString(), out TKey key) || EnumNames<TKey>.TryParseNumber(name.ToString(), out key) ? key : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TKey key) => writer.Name(EnumNames<TKey>.TryText(key) ?? key.ToString("D"));
}
