using System.Collections;
using System.Globalization;
using System.Numerics;
using Gaw.Serialization.Collections.Keys;

namespace Gaw.Serialization.Text;

/// <summary>Python's equality of set items: numbers are equal by value whatever their type (1, 1.0 and true), tuples by their items.</summary>
internal sealed class PythonEquality : IEqualityComparer<object?>
{
    private PythonEquality()
    {
    }

    /// <summary>The only instance.</summary>
    public static PythonEquality Instance { get; } = new();

    /// <summary>Makes a set; of equal items the first stays.</summary>
    /// <exception cref="GawSerializationException">An item is a list, a dict or a set, which Python has in no set.</exception>
    public static HashSet<object?> ToSet(List<object?> items)
    {
        HashFloodGuard<object?>? guard = items.Count > HashFloodGuard<object?>.HarmlessCount ? new HashFloodGuard<object?>(Instance) : null;
        HashSet<object?> set = new HashSet<object?>(guard ?? (IEqualityComparer<object?>)Instance);
        for (int index = 0; index < items.Count; index++)
        {
            if (!IsHashable(items[index]))
            {
                GawSerializationException exception = new GawSerializationException("A list, a dict or a set cannot be an item of a set. Use a tuple.");
                exception.Within($"[{index}]");
                throw exception;
            }

            set.Add(items[index]);
        }

        guard?.Filled();
        return set;
    }

    /// <summary>Makes sure that a set of any objects has as many items on the other side.</summary>
    /// <exception cref="GawSerializationException">Two of the items are equal there: <c>1</c>, <c>1.0</c> and <c>true</c>.</exception>
    public static void CheckDistinct(IEnumerable<object?> items)
    {
        HashSet<object?> seen = new HashSet<object?>(Instance);
        foreach (object? item in items)
        {
            if (!seen.Add(item is long or short or byte or sbyte or ushort or uint ? Convert.ToInt64(item, CultureInfo.InvariantCulture) : item))
            {
                throw new GawSerializationException($"The set has two items that are equal on the wire, one of them {item}: numbers are compared by value there, whatever their type. Use items of one type.");
            }
        }
    }

    /// <inheritdoc/>
    public new bool Equals(object? x, object? y)
    {
        if (ReferenceEquals(x, y))
        {
            return true;
        }

        return (Normalize(x), Normalize(y)) switch
        {
            (object?[] left, object?[] right) => left.AsSpan().SequenceEqual(right, this),
            var (left, right) => object.Equals(left, right),
        };
    }

    /// <inheritdoc/>
    public int GetHashCode(object? value)
    {
        switch (Normalize(value))
        {
            case null:
                return 0;
            case object?[] items:
                HashCode hash = new HashCode();
                foreach (object? item in items)
                {
                    hash.Add(item, this);
                }

                return hash.ToHashCode();
            case long integer:
                return HashCode.Combine((int)integer, (int)(integer >> 32));
            case Guid uuid:
                HashCode bytes = new HashCode();
                bytes.AddBytes(uuid.ToByteArray());
                return bytes.ToHashCode();
            case var other:
                return other.GetHashCode();
        }
    }

    private static bool IsHashable(object? item) => item switch
    {
        object?[] tuple => Array.TrueForAll(tuple, IsHashable),
        IList or IDictionary or HashSet<object?> => false,
        _ => true,
    };

    /// <summary>One type for all integral numbers: <see cref="long"/> where it fits, else <see cref="BigInteger"/>.</summary>
    private static object? Normalize(object? value) => value switch
    {
        bool flag => flag ? 1L : 0L,
        int integer => (long)integer,
        double number when double.IsInteger(number) => number is >= long.MinValue and < -(double)long.MinValue ? (object)(long)number : new BigInteger(number),
        _ => value,
    };
}
