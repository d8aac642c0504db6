using System.Numerics;
using Gaw.Serialization.Moments;
using Gaw.Serialization.Text;

namespace Gaw.Serialization.Converters;

/// <summary>The converters of the types that Gaw knows one by one: numbers, texts, times, bytes.</summary>
internal static class PlainConverters
{
    /// <returns><see langword="null"/>: the type is none of them.</returns>
    public static ValueConverter? Find(Type type, ValueSerializer serializer) => type switch
    {
        _ when type == typeof(object) => new DynamicConverter(serializer),
        _ when type == typeof(string) => new StringConverter(),
        _ when type == typeof(bool) => new BooleanConverter(),
        _ when type == typeof(char) => new CharConverter(),
        _ when type == typeof(byte) => new IntegerConverter<byte>(),
        _ when type == typeof(sbyte) => new IntegerConverter<sbyte>(),
        _ when type == typeof(short) => new IntegerConverter<short>(),
        _ when type == typeof(ushort) => new IntegerConverter<ushort>(),
        _ when type == typeof(int) => new IntegerConverter<int>(),
        _ when type == typeof(uint) => new IntegerConverter<uint>(),
        _ when type == typeof(long) => new IntegerConverter<long>(),
        _ when type == typeof(ulong) => new IntegerConverter<ulong>(),
        _ when type == typeof(Int128) => new IntegerConverter<Int128>(),
        _ when type == typeof(UInt128) => new IntegerConverter<UInt128>(),
        _ when type == typeof(BigInteger) => new BigIntegerConverter(),
        _ when type == typeof(double) => new FloatConverter<double>(),
        _ when type == typeof(float) => new FloatConverter<float>(),
        _ when type == typeof(Half) => new FloatConverter<Half>(),
        _ when type == typeof(decimal) => new DecimalConverter(),
        _ when type == typeof(Guid) => new GuidConverter(),
        _ when type == typeof(DateTime) => new DateTimeConverter(),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffsetConverter(),
        _ when type == typeof(DateOnly) => new DateOnlyConverter(new DateTimeConverter()),
        _ when type == typeof(TimeOnly) => new TimeOnlyConverter(),
        _ when type == typeof(TimeSpan) => new TimeSpanConverter(),
        _ when type == typeof(byte[]) => new BytesConverter(),
        _ when type == typeof(Memory<byte>) => new MemoryConverter(),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemoryConverter(),
        _ when type == typeof(Uri) => new UriConverter(),
        _ when type == typeof(Version) => new VersionConverter(),
        _ when type == typeof(GawObject) => new GawObjectConverter(serializer.Get<object>()),
        _ => null,
    };
}
