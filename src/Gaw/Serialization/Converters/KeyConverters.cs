using System.Collections.Concurrent;
using System.Numerics;

namespace Gaw.Serialization.Converters;

/// <summary>Finds the converter of a key type.</summary>
internal static class KeyConverters
{
    private static readonly ConcurrentDictionary<Type, KeyConverter> Made = new();

    /// <summary>The converter of a key type.</summary>
    /// <exception cref="GawSerializationException">No key of this type can cross.</exception>
    public static KeyConverter For(Type key) => Made.GetOrAdd(key, Make);

    private static KeyConverter Make(Type key)
    {
        if (key == typeof(string))
        {
            return new TextKeyConverter();
        }

        if (key == typeof(object))
        {
            return new DynamicKeyConverter();
        }

        if (key == typeof(bool))
        {
            return new BooleanKeyConverter();
        }

        if (key == typeof(char))
        {
            return new CharKeyConverter();
        }

        // Written out for programs that are compiled ahead of time.
        if (key == typeof(int))
        {
            return new IntegerKeyConverter<int>();
        }

        if (key == typeof(long))
        {
            return new IntegerKeyConverter<long>();
        }

        if (key.IsEnum && CompiledConverters.Find(typeof(EnumKeyConverter<>), key) is Func<KeyConverter> compiled)
        {
            return compiled();
        }

        Type? converter = key.IsEnum ? typeof(EnumKeyConverter<>)
            : Has(key, typeof(IBinaryInteger<>)) ? typeof(IntegerKeyConverter<>)
            : Has(key, typeof(IBinaryFloatingPointIeee754<>)) ? typeof(FloatKeyConverter<>)
            : null;
        return converter is null
            ? throw new GawSerializationException($"{TypeNames.Friendly(key)} cannot be the key of a dictionary on the wire, where keys are texts. Use a text, a number, a bool or an enum.")
            : (KeyConverter)Activator.CreateInstance(converter.MakeGenericType(key))!;
    }

    private static bool Has(Type type, Type genericInterface) =>
        Array.Exists(type.GetInterfaces(), implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == genericInterface);
}
