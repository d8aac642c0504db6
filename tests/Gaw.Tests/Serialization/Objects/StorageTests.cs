using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gaw.Tests.Serialization.Objects;

/// <summary>What keeps a value: fields behind getters, views and buffers.</summary>
public sealed class StorageTests
{
    [Fact]
    public void A_field_that_a_getter_only_converts_is_state()
    {
        Wire.Refused<Widened>("{}").Message.Should().Contain("Larger, Maybe, Money, Any cannot be given back");
        Wire.Of(new Widened(4)).Should().Be("""{"name": null, "larger": 4, "maybe": 4, "money": 4.0, "any": 4}""");
        Wire.Through(new Second { Count = 4 }, """{"count": 4}""")!.Wide.Should().Be(4, "a second name of a member is no member");
        Wire.Through(new Computed { Count = 4 }, """{"count": 4}""")!.Half.Should().Be(2);
    }

    [Fact]
    public void A_buffer_of_which_only_the_first_element_would_travel_is_refused()
    {
        Wire.Unsendable(default(Buffer)).Message.Should().Be("Buffer cannot cross: it is a buffer of several elements behind one field, and all but the first would be lost. Send an array.");
        Wire.Unsendable(default(Fixed)).Message.Should().Contain("it is a buffer of several elements behind one field");
    }

    [Fact]
    public void A_view_that_shows_something_else_than_its_field_is_refused()
    {
        Cart cart = new Cart();
        cart.Add(1);
        Wire.Through(new Sales([2, -1, 3]), """{"sold": [2, 3]}""")!.Sold.Should().Equal(2, 3);
        Wire.Refused<Cart>(Wire.Of(cart)).Message.Should()
            .Be("lines: Cart.Lines has no setter, and shows 3 items of the 2 that were put into the field behind it. Add a constructor parameter or a setter for it.");
    }

    [Fact]
    public void An_override_with_a_more_derived_type_is_one_member() =>
        Wire.Through(new Derived(new Ring(2)), """{"shape": {"radius": 2.0}}""")!.Shape.Radius.Should().Be(2);

    [Fact]
    public void Types_that_hold_each_other_behind_getters_are_looked_at_once_each() =>
        Wire.Refused<Mesh<int>>("{}").Message.Should().Contain("cannot be given back");

    [Fact]
    public void A_long_chain_of_getters_does_not_overflow_the_stack()
    {
        Type chain = typeof(Ring);
        for (int depth = 0; depth < 1_500; depth++)
        {
            chain = typeof(Link<>).MakeGenericType(chain);
        }

        Gaw.Serialization.Shapes.ObjectShape.Of(chain).Members.Should().ContainSingle();
        new Gaw.Serialization.ValueSerializer().Learn(chain);
    }

    [Fact]
    public void A_marked_subclass_that_the_reader_does_not_know_is_called_that()
    {
        string wire = Wire.Of(new Puppy("Rex", 1));
        Wire.Refused<Hound>(wire).Message.Should().Be("Expected Hound, but got a Puppy. If it derives from Hound, add its type to GawTypes (options.Types.Add<...>()).");
    }

    [Fact]
    public void A_getter_that_throws_ends_in_the_documented_exception() =>
        Wire.Unsendable(new Throwing()).Message.Should().Be("Throwing cannot be written: InvalidOperationException: not yet");

    [InlineArray(4)]
    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "A sample.")]
    public struct Buffer
    {
        [SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "A sample.")]
        public int First;
    }

    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "A sample.")]
    public unsafe struct Fixed
    {
        [SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "A sample.")]
        public fixed int Data[4];
    }

    public sealed class Widened
    {
        private readonly int _count;

        public Widened()
        {
        }

        public Widened(int start) => _count = start;

        public string? Name { get; set; }

        public long Larger => _count;

        public int? Maybe => _count;

        public decimal Money => _count;

        public object Any => _count;
    }

    public sealed class Second
    {
        private int _count;

        public int Count
        {
            get => _count;
            set => _count = value;
        }

        public long Wide => _count;
    }

    public sealed class Computed
    {
        public int Count { get; set; }

        public int Half => Count / 2;
    }

    public sealed class Cart
    {
        private readonly List<int> _lines = [];

        public IReadOnlyList<int> Lines => [0, .. _lines];

        public void Add(int line) => _lines.Add(line);
    }

    public sealed class Sales
    {
        private readonly List<int> _sold = [];

        public Sales()
        {
        }

        public Sales(int[] start) => _sold.AddRange(start);

        public IReadOnlyList<int> Sold => _sold.Where(static each => each > 0).ToList();
    }

    public abstract class Base
    {
        public abstract object Shape { get; }
    }

    public sealed class Derived(Ring shape) : Base
    {
        public override Ring Shape { get; } = shape;
    }

    public sealed class Link<T>
        where T : class
    {
        public T? Value { get; }
    }

    /// <summary>Of each tag there is one, and each holds all of them.</summary>
    public sealed class Mesh<T>
    {
        public Mesh<byte>? A { get; }

        public Mesh<sbyte>? B { get; }

        public Mesh<short>? C { get; }

        public Mesh<ushort>? D { get; }

        public Mesh<int>? E { get; }

        public Mesh<uint>? F { get; }

        public Mesh<long>? G { get; }

        public Mesh<ulong>? H { get; }

        public Mesh<char>? I { get; }

        public Mesh<bool>? J { get; }

        public Mesh<float>? K { get; }

        public Mesh<double>? L { get; }
    }

    public sealed class Throwing
    {
        public int Value { get => throw new InvalidOperationException("not yet"); set => throw new InvalidOperationException(value.ToString(System.Globalization.CultureInfo.InvariantCulture)); }
    }

    public sealed record Ring(double Radius);

    [GawSerializable]
    public record Hound(string Name);

    [GawSerializable]
    public sealed record Puppy(string Name, int Age) : Hound(Name);
}
