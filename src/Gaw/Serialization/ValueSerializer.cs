using System.Collections.Concurrent;
using Gaw.Json;

namespace Gaw.Serialization;

/// <summary>
/// The converters of one server or client, made once for each type, and the types it may make. Thread-safe.
/// </summary>
/// <param name="types">The types added by the program; the list is closed by this.</param>
/// <param name="limits">What a document may cost. Default: <see cref="JsonLimits.Default"/>.</param>
internal sealed class ValueSerializer(GawTypes? types = null, JsonLimits? limits = null)
{
    private readonly ConcurrentDictionary<Type, ValueConverter> _converters = new();

    /// <summary>What a document may cost.</summary>
    public JsonLimits Limits { get; } = limits ?? JsonLimits.Default;

    /// <summary>The types that may be made.</summary>
    public TypeRegistry Registry { get; } = new(types);

    /// <summary>The converter of a type; that of <see cref="object"/> takes and gives values of any type.</summary>
    /// <exception cref="GawSerializationException">Values of the type cannot cross, or one of its members cannot.</exception>
    public ValueConverter<T> Get<T>() => (ValueConverter<T>)Get(typeof(T));

    /// <summary>The converter of a type; that of <see cref="object"/> takes and gives values of any type.</summary>
    /// <exception cref="GawSerializationException">Values of the type cannot cross, or one of its members cannot.</exception>
    public ValueConverter Get(Type type)
    {
        if (_converters.TryGetValue(type, out ValueConverter? known))
        {
            return known;
        }

        // Two threads may make one at the same time: the one that was published first is everybody's.
        ValueConverter made = ConverterFactory.Make(this, type, Publish);
        return _converters.GetValueOrDefault(type, made);
    }

    /// <summary>Registers the types marked <see cref="GawSerializableAttribute"/> that can be reached from a type of a signature.</summary>
    /// <exception cref="ArgumentException">Two types have one wire name; the message names both.</exception>
    public void Learn(Type signatureType) => Registry.Learn(signatureType);

    private void Publish(ValueConverter converter) => _converters.TryAdd(converter.Type, converter);
}
