namespace Gaw.Serialization.Collections;

/// <summary>Comparers do not travel: the reader of a collection uses the default comparer of its items.</summary>
internal static class Comparers
{
    /// <summary>Whether a comparer may tell items apart that are equal without it: a comparer of references, or one of the user's.</summary>
    public static bool MayBeFiner<T>(IEqualityComparer<T> comparer) =>
        !ReferenceEquals(comparer, EqualityComparer<T>.Default)
        && (comparer is ReferenceEqualityComparer || (comparer.GetType().Assembly != typeof(object).Assembly && comparer.GetType().Assembly != typeof(Comparers).Assembly));
}
