using System.Linq.Expressions;
using static System.Linq.Expressions.Expression;

namespace Gaw.Serialization;

/// <summary>
/// An object that compiled code calls. Such code finds its constants in an array of objects and casts at each use. A local of the object's own, sealed class costs one
/// load and one comparison, and lets the runtime call its methods directly.
/// </summary>
internal sealed class CompiledConstant
{
    private readonly Type _converter;

    /// <summary>Makes the constant of a converter.</summary>
    public CompiledConstant(ValueConverter converter)
        : this((object)converter) => _converter = typeof(ValueConverter<>).MakeGenericType(converter.Type);

    /// <summary>Makes the constant of another object.</summary>
    public CompiledConstant(object value)
    {
        _converter = typeof(void);
        Local = Variable(value.GetType());
        Load = Assign(Local, Constant(value));
    }

    /// <summary>The local; a variable of the block that begins with <see cref="Load"/>.</summary>
    public ParameterExpression Local { get; }

    /// <summary>Gives the local its value.</summary>
    public Expression Load { get; }

    /// <summary>Calls <see cref="ValueConverter{T}.Read"/>, where the object is a converter.</summary>
    public Expression Read(Expression reader) => Call(Convert(Local, _converter), nameof(ValueConverter<>.Read), null, reader);

    /// <summary>Calls <see cref="ValueConverter{T}.Write"/>, where the object is a converter.</summary>
    public Expression Write(Expression writer, Expression value) => Call(Convert(Local, _converter), nameof(ValueConverter<>.Write), null, writer, value);
}
