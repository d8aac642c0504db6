using System.Collections;
using System.Numerics;
using System.Reflection;

namespace Gaw.Tests.Support;

/// <summary>
/// Compares two values by everything that they hold: all instance fields, private and inherited ones included, items, comparers, the bits of floats, and
/// which references lead to one object. What a public property shows is not asked, so nothing can be lost behind it.
/// </summary>
internal sealed class Graphs
{
    private readonly Dictionary<object, object> _pairs = new(ReferenceEqualityComparer.Instance);
    private readonly bool _scalesMatter;

    private Graphs(bool scalesMatter) => _scalesMatter = scalesMatter;

    /// <summary>The first place where they differ, with what is there; <see langword="null"/> for equal ones.</summary>
    /// <param name="scalesMatter">Whether 1.1 and 1.10 differ.</param>
    public static string? Difference(object? expected, object? actual, bool scalesMatter = true) =>
        new Graphs(scalesMatter).Compare("value", expected, actual);

    /// <summary>Whether a type is compared as a whole, as nothing of its own can be missing in it.</summary>
    public static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid) || type == typeof(DateTime)
        || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(TimeSpan) || type == typeof(Half)
        || type == typeof(Int128) || type == typeof(UInt128) || type == typeof(BigInteger) || type == typeof(Version) || type == typeof(Uri);

    /// <summary>Whether a type belongs to .NET itself.</summary>
    public static bool IsOfTheFramework(Type type) => type.Assembly == typeof(object).Assembly || type.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>All instance fields, those of base classes first.</summary>
    public static IEnumerable<FieldInfo> Fields(Type type) => (type.BaseType is { } parent ? Fields(parent) : [])
        .Concat(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));

    private string? Compare(string path, object? expected, object? actual)
    {
        if (expected is null || actual is null)
        {
            return expected is null && actual is null ? null : $"{path}: {Show(expected)} became {Show(actual)}";
        }

        Type type = expected.GetType();
        if (type != actual.GetType())
        {
            return $"{path}: {type} became {actual.GetType()}";
        }

        if (IsScalar(type))
        {
            return IsSame(expected, actual) ? null : $"{path}: {Show(expected)} became {Show(actual)}";
        }

        if (!type.IsValueType)
        {
            if (_pairs.TryGetValue(expected, out object? known))
            {
                return ReferenceEquals(known, actual) || IsOfTheFramework(type) ? null : $"{path}: one {type} became two";
            }

            _pairs.Add(expected, actual);
        }

        return expected switch
        {
            Delegate => null,
            ReadOnlyMemory<byte> memory => Items(path, memory.ToArray(), ((ReadOnlyMemory<byte>)actual).ToArray()),
            Memory<byte> memory => Items(path, memory.ToArray(), ((Memory<byte>)actual).ToArray()),
            IEnumerable when IsDefaultArray(expected) || IsDefaultArray(actual) =>
                IsDefaultArray(expected) == IsDefaultArray(actual) ? null : $"{path}: a default array became an empty one, or the reverse",
            IEnumerable items => Items(path, items, (IEnumerable)actual) ?? Comparers(path, expected, actual) ?? Own(path, type, expected, actual),
            _ => Own(path, type, expected, actual),
        };
    }

    private bool IsSame(object expected, object actual) => (expected, actual) switch
    {
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
        (float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b),
        (Half a, Half b) => BitConverter.HalfToUInt16Bits(a) == BitConverter.HalfToUInt16Bits(b),
        (decimal a, decimal b) => a == b && (!_scalesMatter || a.Scale == b.Scale),
        (DateTime a, DateTime b) => a.Ticks == b.Ticks && a.Kind == b.Kind,
        (DateTimeOffset a, DateTimeOffset b) => a.EqualsExact(b),
        (Uri a, Uri b) => a.OriginalString == b.OriginalString && a.IsAbsoluteUri == b.IsAbsoluteUri,
        _ => expected.Equals(actual),
    };

    private static bool IsDefaultArray(object value) =>
        value.GetType() is { IsGenericType: true } type && type.FullName!.StartsWith("System.Collections.Immutable.ImmutableArray`", StringComparison.Ordinal)
        && (bool)type.GetProperty("IsDefault")!.GetValue(value)!;

    private string? Items(string path, IEnumerable expected, IEnumerable actual)
    {
        if (expected is Array { Rank: var rank } one && actual is Array other && Enumerable.Range(0, rank).Any(each => one.GetLength(each) != other.GetLength(each)))
        {
            return $"{path}: other lengths";
        }

        List<object?> left = [.. expected.Cast<object?>()];
        List<object?> right = [.. actual.Cast<object?>()];
        if (left.Count != right.Count)
        {
            return $"{path}: {left.Count} items became {right.Count}";
        }

        bool isOrdered = IsOrdered(expected.GetType());
        for (int index = 0; index < left.Count; index++)
        {
            int found = isOrdered ? 0 : Math.Max(0, right.FindIndex(each => Difference(left[index], each, _scalesMatter) is null));
            if (Compare($"{path}[{index}]", left[index], right[found]) is { } difference)
            {
                return difference;
            }

            right.RemoveAt(found);
        }

        return null;
    }

    /// <summary>Sets and dictionaries promise no order, unless their names say so.</summary>
    private static bool IsOrdered(Type type)
    {
        string name = type.Name;
        bool promisesNone = name.Contains("Set", StringComparison.Ordinal) || name.Contains("Dictionary", StringComparison.Ordinal) || name.Contains("Bag", StringComparison.Ordinal);
        return !promisesNone || name.Contains("Sorted", StringComparison.Ordinal) || name.Contains("Ordered", StringComparison.Ordinal);
    }

    private string? Comparers(string path, object expected, object actual)
    {
        foreach (string name in new[] { "Comparer", "KeyComparer" })
        {
            PropertyInfo? comparer = expected.GetType().GetProperty(name);
            object? left = comparer?.GetValue(expected);
            object? right = comparer?.GetValue(actual);
            if (left?.GetType() != right?.GetType() || !(left?.Equals(right) ?? true))
            {
                return $"{path}: the comparer {left} became {right}";
            }
        }

        return null;
    }

    /// <summary>The fields; of a collection those that a user's class has added to one of .NET.</summary>
    private string? Own(string path, Type type, object expected, object actual) => Fields(type)
        .Where(field => expected is not IEnumerable || !IsOfTheFramework(field.DeclaringType!))
        .Select(field => Compare($"{path}.{Plain(field.Name)}", field.GetValue(expected), field.GetValue(actual)))
        .FirstOrDefault(difference => difference is not null);

    private static string Plain(string field) => field.StartsWith('<') ? field[1..field.IndexOf('>', StringComparison.Ordinal)] : field;

    private static string Show(object? value) => value is null ? "null" : value is string or IFormattable ? $"{value}" : $"a {value.GetType().Name}";
}
