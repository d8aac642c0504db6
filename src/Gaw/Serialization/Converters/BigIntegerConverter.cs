using System.Numerics;
using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>Integers of any size.</summary>
internal sealed class BigIntegerConverter : ValueConverter<BigInteger>
{
    /// <inheritdoc/>
    public override BigInteger Read(ref JsonReader reader) => reader.Peek() is JsonKind.Integer ? reader.ReadInteger() : throw Mismatch(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, BigInteger value) => writer.Integer(value);
}
