using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Numbers, texts, moments and enums, to their edges.</summary>
internal static class ScalarShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => true),
        Shape.Equal(() => sbyte.MinValue),
        Shape.Equal(() => byte.MaxValue),
        Shape.Equal(() => short.MinValue),
        Shape.Equal(() => ushort.MaxValue),
        Shape.Equal(() => int.MinValue),
        Shape.Equal(() => uint.MaxValue),
        Shape.Equal(() => long.MinValue),
        Shape.Equal(() => ulong.MaxValue),
        Shape.Equal(() => Int128.MinValue),
        Shape.Equal(() => UInt128.MaxValue),
        Shape.Equal(() => BigInteger.Pow(-7, 101)),
        Shape.Equal(() => 0.1),
        Shape.Equal(() => -0.0),
        Shape.Equal(() => double.Epsilon),
        Shape.Equal(() => double.NaN),
        Shape.Equal(() => double.NegativeInfinity),
        Shape.Equal(() => 0.1f),
        Shape.Equal(() => float.MaxValue),
        Shape.Equal(() => (Half)0.1),
        Shape.Equal(() => Half.Epsilon),
        Shape.Documented(DocumentedExceptions.NotANumber, () => BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001), () => double.NaN),
        Shape.Equal(() => 1.10m),
        Shape.Equal(() => 9.99m),
        Shape.Equal(() => -0.0000001m),
        Shape.Equal(() => 0.000000000000000779284796m),
        Shape.Equal(() => new Priced { Amount = 12.50m, Rate = 0.075m }),
        Shape.Equal(() => 1234567.8901m),
        Shape.Equal(() => 'é'),
        Shape.Equal(() => '\0'),
        Shape.Equal(() => "text"),
        Shape.Equal(() => ""),
        Shape.Equal(() => "\0\u001f\"\\/\u2028\ufffe\ud83d\ude00é"),
        Shape.Equal(() => "lone \ud800 surrogate"),
        Shape.Equal<string?>(() => null),
        Shape.Equal(() => new Guid("00112233-4455-6677-8899-aabbccddeeff")),
        Shape.Equal(() => Guid.Empty),
        Shape.Equal(() => new DateTime(2024, 2, 29, 11, 18, 20, DateTimeKind.Unspecified).AddTicks(1234567)),
        Shape.Equal(() => new DateTime(2024, 2, 29, 11, 18, 20, DateTimeKind.Utc).AddTicks(1234567)),
        Shape.Documented(
            DocumentedExceptions.LocalTimes,
            () => new DateTime(2024, 2, 29, 11, 18, 20, DateTimeKind.Local).AddTicks(10),
            () => new DateTime(2024, 2, 29, 11, 18, 20, DateTimeKind.Local).AddTicks(10).ToUniversalTime()),
        Shape.Equal(() => DateTime.MinValue),
        Shape.Equal(() => DateTime.MaxValue),
        Shape.Equal(() => new DateTimeOffset(2024, 2, 29, 11, 18, 20, TimeSpan.FromHours(-3.5)).AddTicks(7)),
        Shape.Equal(() => DateTimeOffset.MaxValue),
        Shape.Equal(() => new DateOnly(9999, 12, 31)),
        Shape.Equal(() => TimeOnly.MaxValue),
        Shape.Equal(() => TimeSpan.MinValue).Narrowed(),
        Shape.Equal(() => TimeSpan.FromTicks(1)),
        Shape.Equal(() => new Uri("https://user@host:8080/a%20b?c=d#e")),
        Shape.Equal(() => new Uri("a/b?c", UriKind.Relative)),
        Shape.Equal(() => new Version(1, 2)),
        Shape.Equal(() => new Version(1, 2, 3, 4)),
        Shape.Equal<int?>(() => 5),
        Shape.Equal<int?>(() => null),
        Shape.Equal<decimal?>(() => 1.50m),
        Shape.Equal<DateTime?>(() => DateTime.UnixEpoch),
        Shape.Equal(() => new PythonDateTimes { At = DateTime.UnixEpoch.AddTicks(1), On = new DateOnly(2024, 1, 2), Time = new TimeOnly(1, 2), Wait = TimeSpan.FromMinutes(1.5), Seen = DateTimeOffset.UnixEpoch.AddTicks(3) }),

        Shape.Equal(() => DayOfWeek.Friday),
        Shape.Equal(() => Small.B),
        Shape.Equal(() => (Small)77),
        Shape.Equal(() => Signed.Negative),
        Shape.Equal(() => Big.Most),
        Shape.Equal(() => Rights.Read | Rights.Write),
        Shape.Equal(() => default(Rights)),
        Shape.Equal(() => Rights.Read | (Rights)64),
        Shape.Equal(() => Named.Second),
        Shape.Equal(() => Doubled.B),
        Shape.Equal<Rights?>(() => Rights.Read),
        Shape.Equal<Rights?>(() => null),
        Shape.Equal(() => new List<Small> { Small.A, (Small)9 }),
        Shape.Equal(() => new HoldsEnums { Small = Small.B, Rights = Rights.Write, Maybe = Named.Second, Many = [Big.Most] }),
        Shape.Equal(() => new HoldsEnums()).Sparse(),
        Shape.Equal(() => new Dictionary<Rights, int> { [Rights.Read | Rights.Write] = 1, [default] = 2 }),
        Shape.Refused(",", () => Comma.Both),

        Shape.Refused("CultureInfo", () => CultureInfo.InvariantCulture),
        Shape.Refused("StringBuilder", () => new StringBuilder("a")),
        Shape.Refused("Stream", () => new MemoryStream([1])),
        Shape.Refused("Type", () => typeof(int)),
        Shape.Refused("Func", () => new Func<int>(static () => 1)),
        Shape.Refused("Exception", () => new InvalidOperationException("a")),
        Shape.Refused("Lazy", () => new Lazy<int>(static () => 1)),
        Shape.Refused("Index", () => new Index(1)),
        Shape.Refused("Rune", () => new Rune('a')),
        Shape.Refused("Complex", () => new Complex(1, 2)),
        Shape.Refused("Vector3", () => new Vector3(1, 2, 3)),
        Shape.Refused("IntPtr", () => new IntPtr(1)),
        Shape.Refused("Task", () => Task.FromResult(1)),
        Shape.Refused("TimeZoneInfo", () => TimeZoneInfo.Utc),
        Shape.Refused("FileInfo", () => new FileInfo("a")),
    ];

    public sealed class Priced { public decimal Amount { get; set; } public decimal? Rate { get; set; } }

    public sealed class PythonDateTimes
    {
        public DateTime At { get; set; }
        public DateOnly On { get; set; }
        public TimeOnly Time { get; set; }
        public TimeSpan Wait { get; set; }
        public DateTimeOffset Seen { get; set; }
    }

    public enum Small : byte { A, B }
    public enum Signed : short { Negative = -5, Zero = 0 }
    public enum Big : ulong { Nothing, Most = ulong.MaxValue }
    [Flags]
    public enum Rights { Read = 1, Write = 2, Run = 4 }
    public enum Named { First, [JsonStringEnumMemberName("the second")] Second }
    public enum Doubled { A = 1, B = 2, AlsoB = 2 }
    [Flags]
    public enum Comma { A = 1, B = 2, [JsonStringEnumMemberName("a, b")] Both = 4 }

    public sealed class HoldsEnums
    {
        public Small Small { get; set; }
        public Rights Rights { get; set; }
        public Named? Maybe { get; set; }
        public List<Big>? Many { get; set; }
    }
}
