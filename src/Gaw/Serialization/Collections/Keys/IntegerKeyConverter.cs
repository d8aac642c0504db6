using System.Globalization;
using System.Numerics;
using Gaw.Json;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>Integers.</summary>
internal sealed class IntegerKeyConverter<TKey> : KeyConverter<TKey>
    where TKey : IBinaryInteger<TKey>
{
    /// <inheritdoc/>
    public override TKey Read(JsonText name) =>
        name.Raw.Length <= JsonLimits.Default.MaxDigits && TKey.TryParse(name.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out TKey? key) ? key : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TKey key) => writer.Name(key.ToString(null, CultureInfo.InvariantCulture));
}
