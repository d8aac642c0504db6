using System.Collections.Concurrent;
using System.Reflection;
using Gaw.Json;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>
/// The converters of one server or client, made once for each type, and the types it may make. Thread-safe.
/// </summary>
/// <param name="types">The types added by the program; the list is closed by this.</param>
/// <param name="limits">What a document may cost. Default: <see cref="JsonLimits.Default"/>.</param>
/// <param name="unknownMembers">What becomes of names that a type does not have, where neither the type nor <paramref name="types"/> says it.</param>
internal sealed class ValueSerializer(GawTypes? types = null, JsonLimits? limits = null, UnknownMembers unknownMembers = UnknownMembers.Refuse)
{
    private readonly ConcurrentDictionary<Type, ValueConverter> _converters = new();

    /// <summary>By the type of a value. Apart from the others: in a signature a stream has no form, and what a value is must not depend on what was asked for before.</summary>
    private readonly ConcurrentDictionary<Type, ValueConverter> _ofValues = new();
    private readonly UnknownMembers _unknownMembers = types is { UnknownMembers: not UnknownMembers.Default } ? types.UnknownMembers : unknownMembers;

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

    /// <summary>
    /// The converter of a value whose type is only known now, which may be a stream: an argument of a call that was given without a signature. A type with a wire name is a value of its own, also where it
    /// can be enumerated: its program has said so.
    /// </summary>
    /// <exception cref="GawSerializationException">Values of the type cannot cross, or one of its members cannot.</exception>
    public ValueConverter GetOfValue(Type type)
    {
        if (_ofValues.TryGetValue(type, out ValueConverter? known))
        {
            return known;
        }

        Type? item = StreamTypes.GetItemOfValue(type);
        return _ofValues.GetOrAdd(type, item is null || Registry.NameOf(type) is not null
            ? Get(type)
            : ConverterActivator.Create<ValueConverter>(typeof(StreamConverter<>), [item], Get(item)));
    }

    /// <summary>Whether names that a type does not have are passed over.</summary>
    public bool IgnoresUnknownMembers(Type type) =>
        (type.GetCustomAttribute<GawSerializableAttribute>(inherit: false) is { UnknownMembers: not UnknownMembers.Default } mark ? mark.UnknownMembers : _unknownMembers) is UnknownMembers.Ignore;

    /// <summary>Why values of a type can never be read, or parts of them; <see langword="null"/> when they can. Says all that is wrong at once.</summary>
    /// <exception cref="GawSerializationException">Values of the type cannot cross at all.</exception>
    public string? WhyNotReadable(Type type) => Get(type).Unreadable is { Count: > 0 } parts ? string.Join(" ", parts) : null;

    /// <summary>Registers the types marked <see cref="GawSerializableAttribute"/> that can be reached from a type of a signature.</summary>
    /// <exception cref="ArgumentException">Two types have one wire name; the message names both.</exception>
    public void Learn(Type signatureType) => Registry.Learn(signatureType);

    private void Publish(ValueConverter converter) => _converters.TryAdd(converter.Type, converter);
}
