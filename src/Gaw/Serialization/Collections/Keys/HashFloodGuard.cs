using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>
/// Guards hash tables against flooding: keys that a peer has chosen so that they collide. Large tables get a comparer that scrambles the hash codes with a secret of
/// the process. Keys with equal hash codes show by the comparisons that they cost, and are refused.
/// </summary>
/// <param name="inner">What decides on equality.</param>
internal sealed class HashFloodGuard<T>(IEqualityComparer<T> inner) : IEqualityComparer<T>
{
    /// <summary>The most items of a table whose collisions cost little.</summary>
    public const int HarmlessCount = 256;

    private const int FreeComparisons = 10_000;
    private const int ComparisonsPerItem = 16;

    private int _items;
    private int _comparisons;
    private bool _isFilled;

    /// <summary>Whether the table must be guarded from this size on: texts need it never, .NET guards them itself.</summary>
    public static bool IsNeeded(int count) => count == HarmlessCount && typeof(T) != typeof(string);

    /// <summary>Ends the counting: from here on the table belongs to the program.</summary>
    public void Filled() => _isFilled = true;

    /// <inheritdoc/>
    public bool Equals(T? x, T? y)
    {
        if (!_isFilled && ++_comparisons > FreeComparisons + (_items * (long)ComparisonsPerItem))
        {
            throw new GawSerializationException($"Too many of the keys have the same hash code ({TypeNames.Friendly(typeof(T))}); they were chosen to be slow.");
        }

        return inner.Equals(x, y);
    }

    /// <inheritdoc/>
    public int GetHashCode(T value)
    {
        _items += _isFilled ? 0 : 1;
        return HashCode.Combine(value is null ? 0 : inner.GetHashCode(value));
    }
}
