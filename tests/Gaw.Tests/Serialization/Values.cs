using System.Numerics;
using CsCheck;

namespace Gaw.Tests.Serialization;

/// <summary>Trees of everything that the wire can carry, as the dynamic side holds it.</summary>
internal static class Values
{
    private const int Depth = 4;

    private static readonly Gen<string> Text = Gen.Frequency(
        (4, Gen.String[Gen.Char['\u0020', '\u007e'], 0, 20]),
        (2, Gen.String[Gen.Char, 0, 10]),
        (1, Gen.String[Gen.Char['\ud7f0', '\ue010'], 0, 6]));

    private static readonly Gen<double> Doubles = Gen.Frequency(
        (3, Gen.Double),
        (2, Gen.Long.Select(BitConverter.Int64BitsToDouble)),
        (2, Gen.Int[-100, 100].Select(each => each / 10.0)),
        (1, Gen.Int[-330, 310].Select(each => Math.Pow(10, each))),
        (1, Gen.OneOfConst(0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 1e15, 1e16, 9007199254740993.0)));

    private static readonly Gen<DateTime> Naive = Gen.Long[0, DateTime.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond].Select(each => new DateTime(each * TimeSpan.TicksPerMicrosecond));

    private static readonly Gen<DateTimeOffset> Aware = Gen.Select(
        Gen.Long[TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond, (DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay) / TimeSpan.TicksPerMicrosecond],
        Gen.Int[-840, 840],
        (microseconds, minutes) => new DateTimeOffset(new DateTime(microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.FromMinutes(minutes)));

    private static readonly Gen<object?> Plain = Gen.Frequency<object?>(
        (1, Gen.Bool.Select(_ => (object?)null)),
        (1, Gen.Bool.Select(each => (object?)each)),
        (3, Gen.Int.Select(each => (object?)each)),
        (1, Gen.Long.Select(Narrowest)),
        (1, Gen.Select(Gen.Long, Gen.Int[1, 200], (factor, power) => Narrowest(factor * BigInteger.Pow(10, power)))),
        (3, Doubles.Select(each => (object?)each)),
        (4, Text.Select(each => (object?)each)));

    private static readonly Gen<object?> Leaf = Gen.Frequency(
        (8, Plain),
        (1, Gen.Guid.Select(each => (object?)each)),
        (1, Naive.Select(each => (object?)each)),
        (1, Aware.Select(each => (object?)each)));

    /// <summary>Texts with every kind of character, lone surrogates included.</summary>
    public static Gen<string> Texts => Text;

    /// <summary>Doubles of every kind, NaN and infinities included.</summary>
    public static Gen<double> AllDoubles => Doubles;

    /// <summary>Trees of all types.</summary>
    public static Gen<object?> Trees { get; } = Tree(Leaf, Depth, isMarked: true);

    /// <summary>Trees of what JSON itself can say.</summary>
    public static Gen<object?> PlainTrees { get; } = Tree(Plain, Depth, isMarked: false);

    /// <summary>Whether two values are the same in type and value, all the way down.</summary>
    public static bool Same(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b)),
        (DateTimeOffset a, DateTimeOffset b) => a.EqualsExact(b),
        (object?[] a, object?[] b) => a.Length == b.Length && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        (HashSet<object?> a, HashSet<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        (Dictionary<string, object?> a, Dictionary<string, object?> b) => a.Keys.SequenceEqual(b.Keys) && a.Keys.All(key => Same(a[key], b[key])),
        (GawObject a, GawObject b) => a.TypeName == b.TypeName && a.Members.Keys.SequenceEqual(b.Members.Keys) && a.Members.Keys.All(key => Same(a[key], b[key])),
        _ => left is not null && right is not null && left.GetType() == right.GetType() && left.Equals(right),
    };

    private static object? Narrowest(long value) => value is >= int.MinValue and <= int.MaxValue ? (object)(int)value : value;

    private static object? Narrowest(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? Narrowest((long)value) : value;

    private static Gen<object?> Tree(Gen<object?> leaf, int depth, bool isMarked)
    {
        if (depth == 0)
        {
            return leaf;
        }

        Gen<object?> inner = Tree(leaf, depth - 1, isMarked);
        Gen<Dictionary<string, object?>> members = Gen.Dictionary(Text.Where(each => each is not ("_v" or "_t")), inner)[0, 4];
        return isMarked
            ? Gen.Frequency(
                (4, leaf),
                (2, inner.List[0, 4].Select(each => (object?)each)),
                (2, members.Select(each => (object?)each)),
                (1, inner.Array[0, 4].Select(each => (object?)each)),
                (1, leaf.List[0, 4].Select(each => (object?)Gaw.Serialization.Text.PythonEquality.ToSet(each))),
                (1, Gen.Select(Text.Where(each => each.Length > 0 && !Gaw.Serialization.Marking.Markers.IsBuiltIn(each)), members, (name, each) => (object?)new GawObject(name, each))))
            : Gen.Frequency((4, leaf), (2, inner.List[0, 4].Select(each => (object?)each)), (2, members.Select(each => (object?)each)));
    }
}
