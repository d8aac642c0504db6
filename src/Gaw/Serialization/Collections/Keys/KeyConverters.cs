using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Moments;
using Gaw.Serialization.Text;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>Finds the converter of a key type.</summary>
internal static class KeyConverters
{
    private static readonly ConcurrentDictionary<Type, KeyConverter> Made = new();

    /// <summary>Types whose text stands for them.</summary>
    private static readonly Dictionary<Type, KeyConverter> TextKeys = new()
    {
        [typeof(Guid)] = new TextFormKeyConverter<Guid>(static key => key.ToString("D"), UuidText.TryParse),
        [typeof(DateOnly)] = new TextFormKeyConverter<DateOnly>(
            static key => key.ToString("O", CultureInfo.InvariantCulture),
            static (text, out key) => DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out key)),
        [typeof(TimeOnly)] = new TextFormKeyConverter<TimeOnly>(TimeOnlyConverter.ToText, TimeOnlyConverter.TryParse),
        [typeof(DateTime)] = new TextFormKeyConverter<DateTime>(static key => DateTimeText.ToText(PythonDateTimes.Of(key)), PythonDateTimes.TryParse),
        [typeof(DateTimeOffset)] = new TextFormKeyConverter<DateTimeOffset>(static key => DateTimeText.ToText(new PythonDateTime(key.DateTime, key.Offset)), PythonDateTimes.TryParse),
        [typeof(TimeSpan)] = new TextFormKeyConverter<TimeSpan>(
            static key => key.ToString("c", CultureInfo.InvariantCulture),
            static (text, out key) => TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out key)),
        [typeof(decimal)] = new TextFormKeyConverter<decimal>(static key => key.ToString(CultureInfo.InvariantCulture), DecimalConverter.TryParse),
        [typeof(Uri)] = new TextFormKeyConverter<Uri>(static key => key.OriginalString, UriConverter.TryParse),
        [typeof(Version)] = new TextFormKeyConverter<Version>(static key => key.ToString(), VersionConverter.TryParse),
    };

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

        if (TextKeys.GetValueOrDefault(key) is { } text)
        {
            return text;
        }

        if (key.IsEnum && GeneratedConverters.Find(typeof(EnumKeyConverter<>), key) is Func<KeyConverter> compiled)
        {
            return compiled();
        }

        Type? converter = key.IsEnum ? typeof(EnumKeyConverter<>)
            : GenericTypes.Implements(key, typeof(IBinaryInteger<>)) ? typeof(IntegerKeyConverter<>)
            : GenericTypes.Implements(key, typeof(IBinaryFloatingPointIeee754<>)) ? typeof(FloatKeyConverter<>)
            : null;
        return converter is null
            ? throw new GawSerializationException($"{TypeNames.Friendly(key)} cannot be the key of a dictionary on the wire, where keys are texts. Use a text, a number, a bool, an enum, a Guid or a date.")
            : (KeyConverter)Activator.CreateInstance(converter.MakeGenericType(key))!;
    }
}
