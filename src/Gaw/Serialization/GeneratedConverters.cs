using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Collections.Keys;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Text;
using Gaw.Serialization.Tuples;

namespace Gaw.Serialization;

/// <summary>
/// Converters and their parts for programs that are compiled ahead of time, entered by code that names the type. Such programs cannot make them at run time; others find
/// them by reflection.
/// </summary>
internal static class GeneratedConverters
{
    /// <summary>What is looked at of a type that travels member by member.</summary>
    internal const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors
        | DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicPropertiesWithInherited
        | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFieldsWithInherited;
    private static readonly ConcurrentDictionary<(object Part, Type Type), Delegate> Parts = new();

    static GeneratedConverters() => UsualConverters.Add();

    /// <summary>Enters the converter of a nullable value type.</summary>
    public static void AddNullable<T>()
        where T : struct => Add(typeof(NullableConverter<>), typeof(T), static parameters => new NullableConverter<T>((ValueConverter<T>)parameters[0]!));

    /// <summary>Enters the converter of an argument that is a stream of a type.</summary>
    public static void AddStream<T>() => Add(typeof(StreamConverter<>), typeof(T), static parameters => new StreamConverter<T>((ValueConverter<T>)parameters[0]!));

    /// <summary>Enters the converters of an enum as a value and as a key.</summary>
    public static void AddEnum<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] T>()
        where T : struct, Enum
    {
        Add(typeof(EnumConverter<>), typeof(T), static _ => new EnumConverter<T>());
        Parts[(typeof(EnumKeyConverter<>), typeof(T))] = static KeyConverter () => new EnumKeyConverter<T>();
    }

    /// <summary>Enters the converter of a tuple.</summary>
    public static void AddTuple<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>() =>
        Add(typeof(TupleCompiler), typeof(T), static parameters => TupleCompiler.Converter<T>((IReadOnlyList<ValueConverter>)parameters[0]!));

    /// <summary>Enters the converter of a type that travels member by member.</summary>
    public static void AddObject<[DynamicallyAccessedMembers(Members)] T>()
    {
        Add(typeof(ObjectConverter<>), typeof(T), static parameters => new ObjectConverter<T>((ValueSerializer)parameters[0]!, (ObjectShape)parameters[1]!, (string?)parameters[2]));
        Add(typeof(DeferredConverter<>), typeof(T), static _ => new DeferredConverter<T>());
    }

    /// <summary>Enters the converter of an interface or an abstract class.</summary>
    public static void AddAbstract<T>()
        where T : class => Add(typeof(AbstractConverter<>), typeof(T), static parameters => new AbstractConverter<T>((ValueSerializer)parameters[0]!));

    /// <summary>Enters the converter of a sequence, and how one is made of the items that came.</summary>
    public static void AddSequence<TSequence, TItem>(Func<List<TItem>, TSequence>? make)
        where TSequence : IEnumerable<TItem>
    {
        AddSequenceConverter<TSequence, TItem>();
        SequenceRead<TSequence, TItem>? read = make is null ? null : (ref reader, item) => make(SequenceReader.ReadList(ref reader, item));
        if (read is not null)
        {
            Parts[(typeof(SequenceFactories), typeof(TSequence))] = read;
        }
    }

    /// <summary>Enters the converter of a set, and how one is made of the items that came.</summary>
    public static void AddSet<TSet, TItem>(Func<HashSet<TItem>, TSet> make)
        where TSet : IEnumerable<TItem>
    {
        AddSequenceConverter<TSet, TItem>();
        SequenceRead<TSet, TItem> read = (ref reader, item) => make(SequenceMakers.HashSet(ref reader, item));
        Parts[(typeof(SequenceFactories), typeof(TSet))] = read;
    }

    /// <summary>Enters the converter of a dictionary, and how one is made of the entries that came.</summary>
    public static void AddDictionary<TDictionary, TKey, TValue>(Func<Dictionary<TKey, TValue>, TDictionary>? make)
        where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>>
        where TKey : notnull
    {
        Add(typeof(DictionaryConverter<,,>), typeof(TDictionary), static parameters => new DictionaryConverter<TDictionary, TKey, TValue>(
            (KeyConverter<TKey>)parameters[0]!, (ValueConverter<TValue>)parameters[1]!, (Func<Dictionary<TKey, TValue>, TDictionary>?)parameters[2]));
        Add(typeof(DeferredConverter<>), typeof(TDictionary), static _ => new DeferredConverter<TDictionary>());
        if (make is not null)
        {
            Parts[(typeof(DictionaryFactories), typeof(TDictionary))] = make;
        }
    }

    /// <summary>Whether the members of a type were kept.</summary>
    public static bool HasObject(Type type) => Parts.ContainsKey((typeof(ObjectConverter<>), type));

    /// <summary>Whether the parts of a tuple were kept.</summary>
    public static bool HasTuple(Type type) => Parts.ContainsKey((typeof(TupleCompiler), type));

    /// <summary>Makes a converter whose generic type is known, with the parameters of its constructor.</summary>
    public static bool TryCreate(Type converter, Type type, object?[] parameters, [NotNullWhen(true)] out object? made)
    {
        made = Parts.TryGetValue((converter, type), out Delegate? create) ? ((Func<object?[], object>)create)(parameters) : null;
        return made is not null;
    }

    /// <summary>The part of a converter that <paramref name="owner"/> would otherwise find by reflection.</summary>
    public static Delegate? Find(Type owner, Type type) => Parts.GetValueOrDefault((owner, type));

    private static void AddSequenceConverter<TSequence, TItem>()
        where TSequence : IEnumerable<TItem>
    {
        Add(typeof(SequenceConverter<,>), typeof(TSequence), static parameters => new SequenceConverter<TSequence, TItem>(
            (ValueConverter<TItem>)parameters[0]!, (SequenceRead<TSequence, TItem>)parameters[1]!, (string?)parameters[2]));
        Add(typeof(DeferredConverter<>), typeof(TSequence), static _ => new DeferredConverter<TSequence>());
    }

    private static void Add(Type converter, Type type, Func<object?[], object> create) => Parts[(converter, type)] = create;
}
