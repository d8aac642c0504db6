using System.Collections;
using Gaw.Serialization.Objects.Filling;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Shapes;

/// <summary>Which members a constructor's parameter can take, and as what type it is read, since a member is written in the form of its own type.</summary>
internal static class ParameterForm
{
    /// <summary>The form of a type on the wire, as far as its name tells.</summary>
    private enum Form
    {
        Other,
        Text,
        Bytes,
        Dictionary,
        Sequence,
        Stack,
    }

    /// <summary>The type as which a parameter is read; <see langword="null"/> when it cannot take the member.</summary>
    /// <param name="source">The type of the member.</param>
    /// <param name="parameter">The type of the parameter.</param>
    public static Type? ReadType(Type source, Type parameter)
    {
        (Form written, Form taken) = (Of(source), Of(parameter));
        bool isWider = parameter.IsAssignableFrom(source);
        if (written == taken || (written is Form.Other && taken is not Form.Other))
        {
            bool isNarrowed = written is Form.Other && isWider && source != parameter && (parameter.IsAbstract || parameter == typeof(object)) && !source.IsAbstract;
            return isNarrowed ? source : isWider || CanBecome(source, parameter) ? parameter : null;
        }

        // Taken as what it is written as. A stack that is made of the items of another would be turned round.
        return (written, taken) switch
        {
            (Form.Stack, Form.Sequence) => null,
            (Form.Sequence, Form.Stack) => source.IsAssignableFrom(parameter) ? parameter : null,
            _ => isWider ? source : null,
        };
    }

    private static bool CanBecome(Type source, Type parameter) =>
        source.IsAssignableFrom(parameter) || Nullable.GetUnderlyingType(source) == parameter || Nullable.GetUnderlyingType(parameter) == source || InPlace.HoldTheSame(source, parameter);

    private static Form Of(Type type) => type switch
    {
        _ when type == typeof(string) => Form.Text,
        _ when type == typeof(byte[]) || type == typeof(Memory<byte>) || type == typeof(ReadOnlyMemory<byte>) => Form.Bytes,
        _ when !typeof(IEnumerable).IsAssignableFrom(type) => Form.Other,
        _ when typeof(IDictionary).IsAssignableFrom(type) || GenericTypes.Implements(type, typeof(IDictionary<,>)) || GenericTypes.Implements(type, typeof(IReadOnlyDictionary<,>)) => Form.Dictionary,
        _ => type.Name.Contains("Stack`", StringComparison.Ordinal) ? Form.Stack : Form.Sequence,
    };
}
