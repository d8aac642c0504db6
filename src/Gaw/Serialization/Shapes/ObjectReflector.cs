using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Objects;
using Gaw.Shared;

namespace Gaw.Serialization.Shapes;

/// <summary>
/// Does by reflection what the code of <see cref="ObjectCompiler"/> does, for programs that cannot compile at run time. Slower,
/// and boxes the members; an expression that is interpreted could not hold a reader by reference at all.
/// </summary>
internal static class ObjectReflector
{
    private const BindingFlags Plainly = BindingFlags.DoNotWrapExceptions;

    /// <summary>Whether it is needed.</summary>
    public static bool IsNeeded => !RuntimeFeature.IsDynamicCodeCompiled;

    /// <summary>As <see cref="ObjectCompiler.Reader{T}"/>.</summary>
    public static ObjectReader<T> Reader<T>(ObjectShape shape, MemberTable names, IReadOnlyList<ValueConverter> converters)
    {
        // A null in place of a value stands for the type's own default.
        object?[] defaults = [.. shape.Members.Select(static member => member.Parameter is { } parameter ? ParameterDefaults.Of(parameter) : null)];
        return (ref reader, ref progress) =>
        {
            object?[] values = [.. defaults];
            bool[] present = new bool[values.Length];
            names.Begin(ref reader, ref progress);
            while (names.Next(ref reader, ref progress) is >= 0 and int index)
            {
                values[index] = converters[index].ReadBoxed(ref reader);
                present[index] = true;
            }

            for (int index = 0; index < present.Length; index++)
            {
                if (!present[index] && shape.Members[index].IsRequired)
                {
                    throw names.Errors.Missing(index);
                }
            }

            try
            {
                object made = shape.Constructor is { } constructor ? constructor.Invoke(Plainly, null, Arguments(shape, constructor, values), null) : default(T)!;
                for (int index = 0; index < present.Length; index++)
                {
                    if (present[index] && shape.Members[index].Parameter is null)
                    {
                        progress.Member = index;
                        GiveBack(shape.Members[index], names, index, made, values[index]);
                    }
                }

                progress.Member = -1;
                return (T)made;
            }
            catch (Exception cause)
            {
                throw names.Errors.CannotMake(cause, ref progress);
            }
        };
    }

    /// <summary>As <see cref="ObjectCompiler.Writer{T}"/>.</summary>
    public static ObjectMembersWriter<T> Writer<T>(ObjectShape shape, MemberTable names, IReadOnlyList<ValueConverter> converters) => (writer, value, ref current) =>
    {
        object boxed = value!;
        for (int index = 0; index < shape.Members.Count; index++)
        {
            current = index;
            names.Write(writer, index);
            converters[index].WriteBoxed(writer, shape.Members[index].Source.Get(boxed));
        }
    };

    private static object?[] Arguments(ObjectShape shape, ConstructorInfo constructor, object?[] values)
    {
        object?[] arguments = [.. constructor.GetParameters().Select(ParameterDefaults.Of)];
        for (int index = 0; index < values.Length; index++)
        {
            if (shape.Members[index].Parameter is { } parameter)
            {
                arguments[parameter.Position] = values[index];
            }
        }

        return arguments;
    }

    private static void GiveBack(ObjectMember member, MemberTable names, int index, object made, object? value)
    {
        if (member.IsInPlace)
        {
            names.InPlace.Fill(index, member.Source.Get(made), member.InPlaceField?.GetValue(made), value);
            if (member.InPlaceField is not null)
            {
                names.InPlace.CheckView(index, member.Source.Get(made), value);
            }
        }
        else
        {
            member.Source.Set(made, value);
        }
    }
}
