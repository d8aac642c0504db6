using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Services;

namespace Gaw.Proxies;

/// <summary>
/// The types that travel, as far as they were known at compile time, for programs that are trimmed or cannot make the converters of values while
/// they run. For generated code only.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GeneratedTypes
{
    /// <summary>What is looked at of a type that travels member by member; the generated code keeps it.</summary>
    public const DynamicallyAccessedMemberTypes Members = GeneratedConverters.Members;

    /// <summary>Whether the types have to be entered: what was not entered is refused in this program.</summary>
    public static bool AreNeeded => TrimmedProgram.IsTrimmed || !RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>A type of a parameter, of the items of a <c>params</c> array, or of a result.</summary>
    public static void Value<T>()
    {
        GeneratedSlots.Add<T>();
        GeneratedConverters.AddStream<T>();
    }

    /// <summary>A value type that may be missing.</summary>
    public static void Nullable<T>()
        where T : struct => GeneratedConverters.AddNullable<T>();

    /// <summary>An enum.</summary>
    public static void Enum<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] T>()
        where T : struct, Enum => GeneratedConverters.AddEnum<T>();

    /// <summary>A tuple.</summary>
    public static void Tuple<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>() => GeneratedConverters.AddTuple<T>();

    /// <summary>A record, class or struct.</summary>
    public static void Composite<[DynamicallyAccessedMembers(GeneratedConverters.Members)] T>() => GeneratedConverters.AddObject<T>();

    /// <summary>An interface or abstract class.</summary>
    public static void Abstract<T>()
        where T : class => GeneratedConverters.AddAbstract<T>();

    /// <summary>A sequence.</summary>
    /// <param name="make">Makes one of its items; <see langword="null"/> for one that can be written only.</param>
    public static void Sequence<TSequence, TItem>(Func<List<TItem>, TSequence>? make)
        where TSequence : IEnumerable<TItem> => GeneratedConverters.AddSequence(make);

    /// <summary>A set.</summary>
    /// <param name="make">Makes one of its items.</param>
    public static void Set<TSet, TItem>(Func<HashSet<TItem>, TSet> make)
        where TSet : IEnumerable<TItem> => GeneratedConverters.AddSet(make);

    /// <summary>A dictionary.</summary>
    /// <param name="make">Makes one of its entries; <see langword="null"/> for one that can be written only.</param>
    public static void Dictionary<TDictionary, TKey, TValue>(Func<Dictionary<TKey, TValue>, TDictionary>? make)
        where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>>
        where TKey : notnull => GeneratedConverters.AddDictionary(make);
}
