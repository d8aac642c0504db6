using System.Collections.Concurrent;

namespace Gaw.Serialization.Types;

/// <summary>Which types run code of the program when a value of theirs is made: a constructor or a setter, which may do anything.</summary>
internal static class ForeignTypes
{
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    /// <summary>Whether reading a value of this type may run code of the program. What is declared as <see cref="object"/> or as an interface may be of any registered type.</summary>
    public static bool MayRun(Type type) => Known.GetOrAdd(type, Look);

    private static bool Look(Type type)
    {
        if (type.IsArray)
        {
            return MayRun(type.GetElementType()!);
        }

        if (type.IsEnum)
        {
            return false;
        }

        return type == typeof(object) || !FrameworkTypes.Contain(type) || Array.Exists(type.GetGenericArguments(), MayRun);
    }
}
