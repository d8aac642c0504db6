using System.Collections;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Collections.Keys;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Tuples;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections;

/// <summary>Makes the converters of arrays, tuples, dictionaries and sequences.</summary>
/// <param name="serializer">Knows the converters of what they hold.</param>
internal sealed class CollectionConverters(ValueSerializer serializer)
{
    /// <returns><see langword="null"/>: the type is no collection.</returns>
    public ValueConverter? Find(Type type)
    {
        if (type.IsArray)
        {
            return type.IsSZArray ? Sequence(type, type.GetElementType()!) : throw TypeErrors.Unsupported(type, "arrays of several dimensions have no form on the wire; use an array of arrays");
        }

        if (typeof(ITuple).IsAssignableFrom(type) && FrameworkTypes.Contain(type))
        {
            if (TrimmedProgram.IsTrimmed && !GeneratedConverters.HasTuple(type))
            {
                throw TypeErrors.Unsupported(type, TrimmedProgram.Remedy);
            }

            ValueConverter[] items = [.. TupleCompiler.Items(type).Select(serializer.Get)];
            return ConverterActivator.Call(typeof(TupleCompiler), nameof(TupleCompiler.Converter), [type], [items]);
        }

        if ((GenericTypes.Arguments(type, typeof(IDictionary<,>)) ?? GenericTypes.Arguments(type, typeof(IReadOnlyDictionary<,>))) is [Type key, Type value])
        {
            return ConverterActivator.Create<ValueConverter>(
                typeof(DictionaryConverter<,,>), [type, key, value], KeyConverters.For(key), serializer.Get(value), DictionaryFactories.Maker(type, key, value));
        }

        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            return ConverterActivator.Create<ValueConverter>(typeof(UntypedDictionaryConverter<>), [type], serializer.Get<Dictionary<object, object?>>());
        }

        return GenericTypes.Arguments(type, typeof(IEnumerable<>)) is [Type item] ? Sequence(type, item)
            : typeof(IEnumerable).IsAssignableFrom(type) ? ConverterActivator.Create<ValueConverter>(typeof(UntypedSequenceConverter<>), [type], serializer.Get<List<object?>>())
            : null;
    }

    private ValueConverter Sequence(Type sequence, Type item)
    {
        string? tag = sequence == typeof(object[]) ? Markers.Tuple : SequenceFactories.IsSet(sequence, item) ? Markers.Set : null;
        return ConverterActivator.Create<ValueConverter>(typeof(SequenceConverter<,>), [sequence, item], serializer.Get(item), SequenceFactories.Reader(sequence, item), tag);
    }
}
