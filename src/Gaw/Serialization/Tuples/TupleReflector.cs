using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Tuples;

/// <summary>Does by reflection what the code of <see cref="TupleCompiler"/> does, for programs that cannot compile at run time.</summary>
internal static class TupleReflector
{
    /// <summary>As <see cref="TupleCompiler.Converter{T}"/>.</summary>
    public static TupleConverter<T> Converter<T>(IReadOnlyList<ValueConverter> items) => new(
        items,
        (ref reader, ref current) =>
        {
            object?[] values = new object?[items.Count];
            for (int index = 0; index < values.Length; index++)
            {
                TupleCompiler.Next(ref reader, ref current, index, values.Length, TypeNames.Friendly(typeof(T)));
                values[index] = items[index].ReadBoxed(ref reader);
            }

            TupleCompiler.End(ref reader, ref current, values.Length, TypeNames.Friendly(typeof(T)));
            return (T)MakeTuple(typeof(T), values);
        },
        (writer, value, ref current) =>
        {
            ITuple tuple = (ITuple)value!;
            for (int index = 0; index < items.Count; index++)
            {
                current = index;
                items[index].WriteBoxed(writer, tuple[index]);
            }
        });

    private static object MakeTuple(Type tuple, ReadOnlySpan<object?> values)
    {
        Type[] arguments = tuple.GetGenericArguments();
        if (arguments.Length == 0)
        {
            return default(ValueTuple);
        }

        object?[] items = arguments.Length <= TupleCompiler.ItemsBeforeRest
            ? values.ToArray()
            : [.. values[..TupleCompiler.ItemsBeforeRest], MakeTuple(arguments[TupleCompiler.ItemsBeforeRest], values[TupleCompiler.ItemsBeforeRest..])];
        return tuple.GetConstructor(arguments)!.Invoke(BindingFlags.DoNotWrapExceptions, null, items, null);
    }
}
