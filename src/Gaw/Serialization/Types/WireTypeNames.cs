using System.Reflection;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Types;

/// <summary>The names of types on the wire: which one a type has by itself, and which go together.</summary>
internal static class WireTypeNames
{
    /// <summary>The name that a type's own attribute gives it; <see langword="null"/> for an unmarked type.</summary>
    public static string? Of(Type type) =>
        type.GetCustomAttribute<GawSerializableAttribute>(inherit: false) is { } mark ? mark.Name ?? TypeNames.Bare(type) : null;

    /// <summary>Enters a type, or makes sure that it is entered.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static void Register(Type type, string wireName, IDictionary<string, Type> byName, IDictionary<Type, string> byType)
    {
        if (wireName.Length == 0 || Markers.IsBuiltIn(wireName))
        {
            throw new ArgumentException($"{TypeNames.Friendly(type)} cannot have the wire name \"{wireName}\": it is empty or belongs to the protocol. Give another one.", nameof(type));
        }

        if (byName.TryGetValue(wireName, out Type? other) && other != type)
        {
            throw new ArgumentException($"{FullName(type)} and {FullName(other)} have the same wire name \"{wireName}\". Give one of them another name. Use [GawSerializable(\"...\")], or Types.Add<{TypeNames.Friendly(type)}>(\"...\") on both sides.", nameof(type));
        }

        if (byType.TryGetValue(type, out string? known) && known != wireName)
        {
            throw new ArgumentException($"{FullName(type)} has the wire name \"{known}\" already; it cannot also be \"{wireName}\".", nameof(type));
        }

        byName[wireName] = type;
        byType[type] = wireName;
    }

    private static string FullName(Type type) => type.IsGenericType ? TypeNames.Full(type) : type.FullName!;
}
