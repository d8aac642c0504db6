using System.Collections;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Text;
using Gaw.Serialization.Tuples;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>
/// Makes the converter of a type, and with it those of the types it holds. A type that contains itself meets its own stand-in; therefore nothing
/// is given away before the outermost converter is complete.
/// </summary>
internal sealed class ConverterFactory
{
    private readonly ValueSerializer _serializer;
    private readonly Dictionary<Type, IDeferredConverter?> _unfinished = [];
    private readonly Dictionary<Type, ValueConverter> _finished = [];
    [ThreadStatic]
    private static ConverterFactory? _current;

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
            _unfinished[type] = standIn ??= ConverterActivator.Create<IDeferredConverter>(typeof(DeferredConverter<>), [type]);
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
        if (PlainConverters.Find(type, _serializer) is { } simple)
        {
            return simple;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return ConverterActivator.Create<ValueConverter>(typeof(NullableConverter<>), [underlying], _serializer.Get(underlying));
        }

        if (type.IsPointer || type.IsByRef || type.IsByRefLike || type.ContainsGenericParameters || typeof(Delegate).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type))
        {
            throw Unsupported(type, "it has no form on the wire");
        }

        if (type.IsEnum)
        {
            return ShapeRules.ForeignAttribute(type) is { } attribute
                ? throw Unsupported(type, $"it has {attribute}, which Gaw does not use. Enums travel as their names; [JsonStringEnumMemberName] gives another one")
                : ConverterActivator.Create<ValueConverter>(typeof(EnumConverter<>), [type]);
        }

        string? tag = _serializer.Registry.NameOf(type);
        if (typeof(IEnumerable).IsAssignableFrom(type) && CollectionRules.CannotCross(type, tag) is { } reason)
        {
            throw Unsupported(type, reason);
        }

        return tag is not null ? Object(type, tag) : Collection(type) ?? Plain(type);
    }

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
            return ConverterActivator.Call(typeof(TupleCompiler), nameof(TupleCompiler.Converter), [type], [items]);
        }

        if ((GenericTypes.Arguments(type, typeof(IDictionary<,>)) ?? GenericTypes.Arguments(type, typeof(IReadOnlyDictionary<,>))) is [Type key, Type value])
        {
            return ConverterActivator.Create<ValueConverter>(typeof(DictionaryConverter<,,>), [type, key, value], KeyConverters.For(key), _serializer.Get(value), DictionaryFactories.Maker(type, key, value));
        }

        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            return ConverterActivator.Create<ValueConverter>(typeof(UntypedDictionaryConverter<>), [type], _serializer.Get<Dictionary<object, object?>>());
        }

        return GenericTypes.Arguments(type, typeof(IEnumerable<>)) is [Type item] ? Sequence(type, item)
            : typeof(IEnumerable).IsAssignableFrom(type) ? ConverterActivator.Create<ValueConverter>(typeof(UntypedSequenceConverter<>), [type], _serializer.Get<List<object?>>())
            : null;
    }

    private ValueConverter Sequence(Type sequence, Type item)
    {
        string? tag = sequence == typeof(object[]) ? Markers.Tuple : SequenceFactories.IsSet(sequence, item) ? Markers.Set : null;
        return ConverterActivator.Create<ValueConverter>(typeof(SequenceConverter<,>), [sequence, item], _serializer.Get(item), SequenceFactories.Reader(sequence, item), tag);
    }

    private ValueConverter Plain(Type type)
    {
        if (GenericTypes.Implements(type, typeof(IProgress<>)))
        {
            throw Unsupported(type, "progress is not sent: a parameter IProgress<T> of the method itself takes it, or CallOptions.Progress");
        }

        if (!IsObjectLike(type))
        {
            throw Unsupported(type, GenericTypes.Implements(type, typeof(IAsyncEnumerable<>))
                ? "only a method itself gives a stream and a parameter itself takes one, not inside a task or another type"
                : "it has no form on the wire; send its text or numbers");
        }

        if (type.IsAbstract)
        {
            return ConverterActivator.Create<ValueConverter>(typeof(AbstractConverter<>), [type], _serializer);
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
            return ConverterActivator.Create<ValueConverter>(typeof(AbstractConverter<>), [type], _serializer);
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

        return shape.CannotCross is { } reason ? throw Unsupported(type, reason) : ConverterActivator.Create<ValueConverter>(typeof(ObjectConverter<>), [type], _serializer, shape, tag);
    }

    private static GawSerializationException Unsupported(Type type, string reason) => new($"{TypeNames.Friendly(type)} cannot cross: {reason}.");
}
