using System.Collections;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Text;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>
/// Makes the converter of a type, and with it those of the types it holds. A type that contains itself meets its own stand-in; therefore nothing
/// is given away before the outermost converter is complete.
/// </summary>
internal sealed class ConverterFactory
{
    private readonly ValueSerializer _serializer;
    private readonly CollectionConverters _collections;
    private readonly ObjectConverters _objects;
    private readonly Dictionary<Type, IDeferredConverter?> _unfinished = [];
    private readonly Dictionary<Type, ValueConverter> _finished = [];
    [ThreadStatic]
    private static ConverterFactory? _current;

    private TypeGrowth? _path;

    private ConverterFactory(ValueSerializer serializer)
    {
        _serializer = serializer;
        _collections = new CollectionConverters(serializer);
        _objects = new ObjectConverters(serializer);
    }

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
            throw TypeErrors.Unsupported(type, TrimmedProgram.Remedy);
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
            throw TypeErrors.Unsupported(type, "it has no form on the wire");
        }

        if (type.IsEnum)
        {
            return ShapeRules.ForeignAttribute(type) is { } attribute
                ? throw TypeErrors.Unsupported(type, $"it has {attribute}, which Gaw does not use. Enums travel as their names; [JsonStringEnumMemberName] gives another one")
                : ConverterActivator.Create<ValueConverter>(typeof(EnumConverter<>), [type]);
        }

        string? tag = _serializer.Registry.NameOf(type);
        if (typeof(IEnumerable).IsAssignableFrom(type) && CollectionRules.CannotCross(type, tag) is { } reason)
        {
            throw TypeErrors.Unsupported(type, reason);
        }

        return tag is not null ? _objects.Tagged(type, tag) : _collections.Find(type) ?? _objects.Plain(type);
    }
}
