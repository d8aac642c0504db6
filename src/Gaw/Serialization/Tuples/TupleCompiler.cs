using System.Linq.Expressions;
using System.Reflection;
using Gaw.Json;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;
using static System.Linq.Expressions.Expression;

namespace Gaw.Serialization.Tuples;

/// <summary>Compiles the reading and writing of tuple types. Those of more than seven items carry the rest in an inner tuple, which is not on the wire.</summary>
internal static class TupleCompiler
{
    internal const int ItemsBeforeRest = 7;

    private static readonly MethodInfo NextMethod = typeof(TupleCompiler).GetMethod(nameof(Next), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo EndMethod = typeof(TupleCompiler).GetMethod(nameof(End), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The types of the items, those of inner tuples included.</summary>
    public static IReadOnlyList<Type> Items(Type tuple)
    {
        Type[] arguments = tuple.GetGenericArguments();
        return arguments.Length <= ItemsBeforeRest ? arguments : [.. arguments[..ItemsBeforeRest], .. Items(arguments[ItemsBeforeRest])];
    }

    /// <summary>Makes the converter of a tuple type.</summary>
    public static TupleConverter<T> Converter<T>(IReadOnlyList<ValueConverter> items) =>
        ObjectReflector.IsNeeded ? TupleReflector.Converter<T>(items) : new TupleConverter<T>(items, Reader<T>(items), Writer<T>(items));

    internal static void Next(ref JsonReader reader, ref int current, int index, int count, string typeName)
    {
        current = -1;
        if (!reader.NextItem())
        {
            throw ReadErrors.Mismatch($"{typeName} of {count} items", $"{index}");
        }

        current = index;
    }

    internal static void End(ref JsonReader reader, ref int current, int count, string typeName)
    {
        current = -1;
        if (reader.NextItem())
        {
            throw ReadErrors.Mismatch($"{typeName} of {count} items", "more");
        }
    }

    private static TupleReader<T> Reader<T>(IReadOnlyList<ValueConverter> items)
    {
        ParameterExpression reader = Parameter(typeof(JsonReader).MakeByRefType(), "reader");
        ParameterExpression current = Parameter(typeof(int).MakeByRefType(), "current");
        ConstantExpression typeName = Constant(TypeNames.Friendly(typeof(T)));
        ParameterExpression[] locals = [.. items.Select(static item => Variable(item.Type))];
        List<Expression> body = new List<Expression>();
        for (int index = 0; index < items.Count; index++)
        {
            body.Add(Call(NextMethod, reader, current, Constant(index), Constant(items.Count), typeName));
            body.Add(Assign(locals[index], ConverterCall.Read(items[index], reader)));
        }

        body.Add(Call(EndMethod, reader, current, Constant(items.Count), typeName));
        body.Add(New(typeof(T), locals));
        return Lambda<TupleReader<T>>(Block(locals, body), reader, current).Compile();
    }

    private static Expression New(Type tuple, ReadOnlySpan<ParameterExpression> items)
    {
        Type[] arguments = tuple.GetGenericArguments();
        if (arguments.Length == 0)
        {
            return Default(tuple);
        }

        List<Expression> values = [.. items[..Math.Min(items.Length, ItemsBeforeRest)]];
        if (arguments.Length > ItemsBeforeRest)
        {
            values.Add(New(arguments[ItemsBeforeRest], items[ItemsBeforeRest..]));
        }

        return Expression.New(tuple.GetConstructor(arguments)!, values);
    }

    private static TupleWriter<T> Writer<T>(IReadOnlyList<ValueConverter> items)
    {
        ParameterExpression writer = Parameter(typeof(JsonWriter), "writer");
        ParameterExpression value = Parameter(typeof(T), "value");
        ParameterExpression current = Parameter(typeof(int).MakeByRefType(), "current");
        List<Expression> body = new List<Expression>();
        for (int index = 0; index < items.Count; index++)
        {
            body.Add(Assign(current, Constant(index)));
            body.Add(ConverterCall.Write(items[index], writer, Item(value, index)));
        }

        return Lambda<TupleWriter<T>>(Block(typeof(void), [.. body, Empty()]), writer, value, current).Compile();
    }

    private static MemberExpression Item(Expression tuple, int index) =>
        index < ItemsBeforeRest ? PropertyOrField(tuple, $"Item{index + 1}") : Item(PropertyOrField(tuple, "Rest"), index - ItemsBeforeRest);
}
