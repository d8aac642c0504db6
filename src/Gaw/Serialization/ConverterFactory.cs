using Gaw.Serialization.Converters;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>
/// Makes the converter of a type, and with it those of the types it holds. A type that contains itself meets its own stand-in; therefore nothing
/// is given away before the outermost converter is complete.
/// </summary>
internal sealed class ConverterFactory
{
    private readonly ValueSerializer _serializer;
    private readonly ConverterChoice _choice;
    private readonly Dictionary<Type, IDeferredConverter?> _unfinished = [];
    private readonly Dictionary<Type, ValueConverter> _finished = [];
    [ThreadStatic]
    private static ConverterFactory? _current;

    private TypeGrowth? _path;

    private ConverterFactory(ValueSerializer serializer)
    {
        _serializer = serializer;
        _choice = new ConverterChoice(serializer);
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
            return _choice.Make(type);
        });
        _unfinished.Remove(type, out standIn);
        _path = outer;
        standIn?.Resolve(made);
        _finished.Add(type, made);
        return made;
    }
}
