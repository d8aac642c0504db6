using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Structs obey the rules of classes: none is emptied because it can be made without a constructor.</summary>
internal static class StructShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new Nothing()),
        Shape.Equal(() => new Settable { X = 1, Y = "y" }),
        Shape.Equal(() => new Fields { X = 1, Y = 2 }),
        Shape.Equal(() => new Primary(1, "b")),
        Shape.Equal(() => new ReadOnlyPrimary(1, "b")),
        Shape.Equal(() => new ReadOnlyFields(1, "b")),
        Shape.Equal(() => new InitOnly { A = 1 }),
        Shape.Equal(() => new Initialising(4)),
        Shape.Equal(() => new Initialising()).Sparse(),
        Shape.Equal(() => new Point(1, 2)),
        Shape.Equal(() => new ReadOnlyPoint(1, 2)),
        Shape.Equal(() => new RecordWithMore(1) { Y = 2 }),
        Shape.Equal(() => Chosen.From(5)),
        Shape.Equal(() => new Sequential { A = 1, B = 2, C = 3 }),
        Shape.Equal(() => new Demanding { A = 1 }),
        Shape.Equal(() => new Holding(new Point(1, 2), [new Point(3, 4)])),
        Shape.Equal(() => new Filling()).Sparse(),
        Shape.Equal(() => Filling.Of(1, 2)),
        Shape.Equal(() => Included.From(3)),
        Shape.Equal<Point?>(() => new Point(1, 2)),
        Shape.Equal<Point?>(() => null).Sparse(),
        Shape.Equal(() => new[] { new Point(1, 2), default }).Sparse(),
        Shape.Equal(() => new Dictionary<string, Point?> { ["a"] = new(1, 2), ["b"] = null }).Sparse(),
        Shape.OneWay("Value", ["value"], () => Customer.From(42)),
        Shape.OneWay("Value", ["value"], () => new Celsius(36.6)),
        Shape.OneWay("Value", ["value"], () => new NamedOtherwise(7)),
        Shape.OneWay("Value", ["value"], () => OnlyFactory.From("v")),
        Shape.OneWay("B", ["a", "b"], () => new OneIsLost(1, 2)),
        Shape.OneWay("Value", ["value"], () => new FromText("7")),
        Shape.OneWay("Value", ["value"], () => default(OnlyFactory)).Sparse(),
        Shape.Refused("Hidden", () => new Hidden(1)),
        Shape.Refused("Overlapping", () => new Overlapping(1)),
        Shape.Refused("HiddenRecord", () => HiddenRecord.From(1)),
        Shape.OneWay("A", ["a"], () => new PartlyHidden(1, 2)),
    ];

    public struct Nothing;
    public struct Settable { public int X { get; set; } public string Y { get; set; } }
    public struct Fields { public int X; public long Y; }
    public struct Primary(int a, string b) { public int A { get; } = a; public string B { get; } = b; }
    public readonly struct ReadOnlyPrimary(int a, string b) { public int A { get; } = a; public string B { get; } = b; }
    public readonly struct ReadOnlyFields(int a, string b) { public readonly int A = a; public readonly string B = b; }
    public readonly struct InitOnly { public int A { get; init; } }
    public record struct Point(int X, int Y);
    public readonly record struct ReadOnlyPoint(double X, double Y);
    public record struct RecordWithMore(int X) { public int Y { get; set; } }
    public struct Demanding { public required int A { get; init; } }
    public readonly record struct Holding(Point One, List<Point> Many);
    public readonly struct Celsius(double degrees) { public double Value { get; } = degrees; }
    public readonly struct NamedOtherwise(int number) { public readonly int Value = number; }
    public readonly struct FromText(string value) { public int Value { get; } = int.Parse(value); }
    public readonly struct Hidden(int a) { private readonly int _a = a; public override string ToString() => $"{_a}"; }

    /// <summary>Its own default is not that of its fields.</summary>
    public struct Initialising(int a) { public Initialising() : this(9) { } public int A { get; set; } = a; }

    public readonly struct Chosen
    {
        [JsonConstructor]
        private Chosen(int value) => Value = value;
        public int Value { get; }
        public static Chosen From(int value) => new(value);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct Sequential { public byte A; public short B; public int C; }

    public readonly struct Filling
    {
        public Filling() => Items = [];
        public List<int> Items { get; }

        public static Filling Of(params int[] items)
        {
            Filling made = new Filling();
            made.Items.AddRange(items);
            return made;
        }
    }

    public struct Included
    {
        [JsonInclude]
        public int Value { get; private set; }
        public static Included From(int value) => new() { Value = value };
    }

    public readonly struct Customer
    {
        private Customer(int value) => Value = value;
        public int Value { get; }
        public static Customer From(int value) => new(value);
    }

    public readonly struct OnlyFactory
    {
        private OnlyFactory(string value) => Value = value;
        public readonly string? Value;
        public static OnlyFactory From(string value) => new(value);
    }

    public readonly struct OneIsLost
    {
        public OneIsLost(int a) => A = a;
        internal OneIsLost(int a, int b) => (A, B) = (a, b);
        public int A { get; }
        public int B { get; }
    }

    [StructLayout(LayoutKind.Explicit)]
    public readonly struct Overlapping
    {
        [FieldOffset(0)]
        private readonly int _whole;

        [FieldOffset(0)]
        private readonly short _half;
        public Overlapping(int whole) => (_half, _whole) = (0, whole);
        public override string ToString() => $"{_whole} {_half}";
    }

    public readonly record struct HiddenRecord
    {
        private readonly int _value;
        private HiddenRecord(int value) => _value = value;
        public static HiddenRecord From(int value) => new(value);
    }

    public readonly struct PartlyHidden(int a, int b)
    {
        private readonly int _b = b;
        public int A { get; } = a;
        public int Sum() => A + _b;
    }
}
