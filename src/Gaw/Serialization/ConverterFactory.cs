using System.Collections;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Tuples;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>
/// Makes the converter of a type, and with it those of the types it holds. A type that contains itself meets its own stand-in; therefore nothing
/// is given away before the outermost converter is complete.
/// </summary>
internal sealed class ConverterFactory
{
    [ThreadStatic]
    private static ConverterFactory? _current;

    private readonly ValueSerializer _serializer;
    private readonly Dictionary<Type, IDeferredConverter?> _unfinished = [];
    private readonly Dictionary<Type, ValueConverter> _finished = [];
    private TypeGrowth? _path;

    private ConverterFactory(ValueSerializer serializer) => _serializer = serializer;

    /// <summary>Makes the converter of a type and hands it and all that were made with it to <paramref name="publish"/>.</summary>
    /// <exception cref="GawSerializationException">Values of the type cannot cross.</exception>
    public static ValueConverter Make(ValueSerializer serializer, Type type, Action<ValueConverter> publish)
    {
        ConverterFactory? outer = _current;
        if (outer?._serializer == serializer)
        {
            return outer.GetOrMake(type);
        }

        ConverterFactory factory = new ConverterFactory(serializer);
        _current = factory;
        try
        {
            ValueConverter made = factory.GetOrMake(type);
            foreach (ValueConverter converter in factory._finished.Values)
            {
                publish(converter);
            }

            return made;
        }
        finally
        {
            _current = outer;
        }
    }

    /// <summary>Whether a type travels member by member.</summary>
    public static bool IsObjectLike(Type type) =>
        !type.IsEnum && !type.IsPointer && !type.IsByRefLike && !type.IsGenericParameter && type != typeof(GawObject)
        && !typeof(IEnumerable).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
        && (!FrameworkTypes.Contain(type) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)));

    private ValueConverter GetOrMake(Type type)
    {
        if (_finished.TryGetValue(type, out ValueConverter? finished))
        {
            return finished;
        }

        if (_unfinished.TryGetValue(type, out IDeferredConverter? standIn))
        {
            _unfinished[type] = standIn ??= Create<IDeferredConverter>(typeof(DeferredConverter<>), [type]);
            return (ValueConverter)standIn;
        }

        TypeGrowth? outer = _path;
        _path = new TypeGrowth(type, outer);
        if (_path.IsEndless)
        {
            throw TypeGrowth.Refuse(type);
        }

        _unfinished.Add(type, null);
        ValueConverter made = OtherStack.Continue(() =>
        {
            // On another thread this is not yet the factory at work.
            _current = this;
            return MakeOrRefuse(type);
        });
        _unfinished.Remove(type, out standIn);
        _path = outer;
        standIn?.Resolve(made);
        _finished.Add(type, made);
        return made;
    }

    private ValueConverter MakeOrRefuse(Type type)
    {
        try
        {
            TrimmedProgram.EnterTypesOf(type);
            return Make(type);
        }
        catch (Exception e) when (!RuntimeFeature.IsDynamicCodeSupported && e is (NotSupportedException or MissingMethodException))
        {
            throw Unsupported(type, TrimmedProgram.Remedy);
        }
    }

    private ValueConverter Make(Type type)
    {
        if (Simple(type) is { } simple)
        {
            return simple;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Create<ValueConverter>(typeof(NullableConverter<>), [underlying], _serializer.Get(underlying));
        }

        if (type.IsPointer || type.IsByRef || type.IsByRefLike || type.ContainsGenericParameters || typeof(Delegate).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type))
        {
            throw Unsupported(type, "it has no form on the wire");
        }

        if (type.IsEnum)
        {
            return ShapeRules.ForeignAttribute(type) is { } attribute
                ? throw Unsupported(type, $"it has {attribute}, which Gaw does not use. Enums travel as their names; [JsonStringEnumMemberName] gives another one")
                : Create<ValueConverter>(typeof(EnumConverter<>), [type]);
        }

        string? tag = _serializer.Registry.NameOf(type);
        if (typeof(IEnumerable).IsAssignableFrom(type) && CollectionRules.CannotCross(type, tag) is { } reason)
        {
            throw Unsupported(type, reason);
        }

        return tag is not null ? Object(type, tag) : Collection(type) ?? Plain(type);
    }

    private ValueConverter? Simple(Type type) => type switch
    {
        _ when type == typeof(object) => new DynamicConverter(_serializer),
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
        _ when type == typeof(GawObject) => new GawObjectConverter(_serializer.Get<object>()),
        _ => null,
    };

    private ValueConverter? Collection(Type type)
    {
        if (type.IsArray)
        {
            return type.IsSZArray ? Sequence(type, type.GetElementType()!) : throw Unsupported(type, "arrays of several dimensions have no form on the wire; use an array of arrays");
        }

        if (typeof(ITuple).IsAssignableFrom(type) && FrameworkTypes.Contain(type))
        {
            if (TrimmedProgram.IsTrimmed && !GeneratedConverters.HasTuple(type))
            {
                throw Unsupported(type, TrimmedProgram.Remedy);
            }

            ValueConverter[] items = [.. TupleCompiler.Items(type).Select(_serializer.Get)];
            return Call(typeof(TupleCompiler), nameof(TupleCompiler.Converter), [type], [items]);
        }

        if ((GenericTypes.Arguments(type, typeof(IDictionary<,>)) ?? GenericTypes.Arguments(type, typeof(IReadOnlyDictionary<,>))) is [Type key, Type value])
        {
            return Create<ValueConverter>(typeof(DictionaryConverter<,,>), [type, key, value], KeyConverters.For(key), _serializer.Get(value), DictionaryFactories.Maker(type, key, value));
        }

        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            return Create<ValueConverter>(typeof(UntypedDictionaryConverter<>), [type], _serializer.Get<Dictionary<object, object?>>());
        }

        return GenericTypes.Arguments(type, typeof(IEnumerable<>)) is [Type item] ? Sequence(type, item)
            : typeof(IEnumerable).IsAssignableFrom(type) ? Create<ValueConverter>(typeof(UntypedSequenceConverter<>), [type], _serializer.Get<List<object?>>())
            : null;
    }

    private ValueConverter Sequence(Type sequence, Type item)
    {
        string? tag = sequence == typeof(object[]) ? Markers.Tuple : SequenceFactories.IsSet(sequence, item) ? Markers.Set : null;
        return Create<ValueConverter>(typeof(SequenceConverter<,>), [sequence, item], _serializer.Get(item), SequenceFactories.Reader(sequence, item), tag);
    }

    private ValueConverter Plain(Type type)
    {
        if (!IsObjectLike(type))
        {
            throw Unsupported(type, "it has no form on the wire; send its text or numbers");
        }

        if (type.IsAbstract)
        {
            return Create<ValueConverter>(typeof(AbstractConverter<>), [type], _serializer);
        }

        for (Type? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (_serializer.Registry.NameOf(parent) is not null)
            {
                throw Unsupported(type, $"it derives from {TypeNames.Friendly(parent)}, which travels as a typed object; mark it with [GawSerializable] too, or add it to GawTypes");
            }
        }

        return Object(type, tag: null);
    }

    private ValueConverter Object(Type type, string? tag)
    {
        if (type.IsAbstract)
        {
            return Create<ValueConverter>(typeof(AbstractConverter<>), [type], _serializer);
        }

        if (TrimmedProgram.IsTrimmed && !GeneratedConverters.HasObject(type))
        {
            throw Unsupported(type, TrimmedProgram.Remedy);
        }

        ObjectShape shape = ObjectShape.Of(type);
        if (tag is null && shape.Members.FirstOrDefault(static member => Markers.IsMarkerKey(member.WireName)) is { } marker)
        {
            throw Unsupported(type, $"its member {marker.Source.Name} has the name \"{marker.WireName}\" on the wire, which the peer would take for a marker. Give it another name with [JsonPropertyName], or mark the type with [GawSerializable]");
        }

        return shape.CannotCross is { } reason ? throw Unsupported(type, reason) : Create<ValueConverter>(typeof(ObjectConverter<>), [type], _serializer, shape, tag);
    }

    private static GawSerializationException Unsupported(Type type, string reason) => new($"{TypeNames.Friendly(type)} cannot cross: {reason}.");

    private static T Create<T>(Type generic, Type[] arguments, params object?[] parameters) =>
        GeneratedConverters.TryCreate(generic, arguments[0], parameters, out object? compiled) ? (T)compiled
            : (T)Activator.CreateInstance(generic.MakeGenericType(arguments), BindingFlags.DoNotWrapExceptions | BindingFlags.CreateInstance | BindingFlags.Public | BindingFlags.Instance, null, parameters, null)!;

    private static ValueConverter Call(Type owner, string method, Type[] arguments, object?[] parameters) =>
        GeneratedConverters.TryCreate(owner, arguments[0], parameters, out object? compiled) ? (ValueConverter)compiled
            : (ValueConverter)(owner.GetMethod(method) ?? throw new MissingMethodException(owner.Name, method)).MakeGenericMethod(arguments).Invoke(null, BindingFlags.DoNotWrapExceptions, null, parameters, null)!;
}
