using System.Globalization;
using System.Numerics;
using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Converters;

/// <summary>Integers of a fixed size. A float is refused even when its value is integral: to a Python peer it is another type.</summary>
internal sealed class IntegerConverter<T> : ValueConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly bool FitsInt64 = Int128.CreateChecked(T.Zero + T.MinValue) >= long.MinValue && Int128.CreateSaturating(T.MaxValue) <= long.MaxValue;

    /// <inheritdoc/>
    public override T Read(ref JsonReader reader)
    {
        if (reader.TryReadInt64(out long small))
        {
            T value = T.CreateTruncating(small);
            return long.CreateSaturating(value) == small ? value : throw OutOfRange(small);
        }

        if (reader.Peek() is not JsonKind.Integer)
        {
            throw Mismatch(ref reader);
        }

        BigInteger large = reader.ReadInteger();
        return large >= BigInteger.CreateChecked(T.MinValue) && large <= BigInteger.CreateChecked(T.MaxValue) ? T.CreateChecked(large) : throw OutOfRange(large);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T value)
    {
        if (FitsInt64)
        {
            writer.Integer(long.CreateTruncating(value));
        }
        else if (T.IsNegative(value))
        {
            writer.Integer(Int128.CreateChecked(value));
        }
        else
        {
            writer.Integer(UInt128.CreateChecked(value));
        }
    }

    private static GawSerializationException OutOfRange(BigInteger value) =>
        ReadErrors.Mismatch(TypeNames.WithRange<T>(), $"the integer {ReadErrors.Cut(value.ToString(CultureInfo.InvariantCulture))}");
}
