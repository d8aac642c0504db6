using System.Linq.Expressions;
using static System.Linq.Expressions.Expression;

namespace Gaw.Serialization;

/// <summary>
/// The calls of a converter in compiled code. Such code finds its constants in an array of objects and casts each. The cast is to the converter's own class, which is
/// mostly sealed: one comparison, and the runtime calls the method directly.
/// </summary>
internal static class ConverterCall
{
    /// <summary>Calls <see cref="ValueConverter{T}.Read"/>.</summary>
    public static Expression Read(ValueConverter converter, Expression reader) => Call(Instance(converter), nameof(ValueConverter<>.Read), null, reader);

    /// <summary>Calls <see cref="ValueConverter{T}.Write"/>.</summary>
    public static Expression Write(ValueConverter converter, Expression writer, Expression value) => Call(Instance(converter), nameof(ValueConverter<>.Write), null, writer, value);

    private static UnaryExpression Instance(ValueConverter converter) => Convert(Constant(converter, converter.GetType()), typeof(ValueConverter<>).MakeGenericType(converter.Type));
}
