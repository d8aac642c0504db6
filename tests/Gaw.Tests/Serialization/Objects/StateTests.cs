using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Objects;

/// <summary>Which members travel, and how each is given back.</summary>
public sealed class StateTests
{
    [Fact]
    public void A_computed_property_stays_at_home()
    {
        Wire.Through(new Rectangle(2, 3), """{"width": 2, "height": 3}""")!.Area.Should().Be(6);
        Wire.Through(new Alias { First = "a" }, """{"first": "a"}""")!.Same.Should().Be("a", "a second name of a member is no member");
        Wire.Through(new Cached { A = 2 }, """{"a": 2}""")!.Text.Should().Be("2");
    }

    [Fact]
    public void A_get_only_collection_is_cleared_and_filled()
    {
        Order order = new Order { Id = 1 };
        order.Items.Add("nail");
        order.Prices["nail"] = 2;
        order.Tags.Add("x");
        order.Jobs.Enqueue(1);
        order.Jobs.Enqueue(2);
        order.Undo.Push(1);
        order.Undo.Push(2);
        order.Lines.AddRange([5, 6]);

        Order read = Wire.To<Order>(Wire.Of(order))!;

        read.Should().BeEquivalentTo(order, static options => options.WithStrictOrdering());
        read.Tags.Comparer.Should().Be(StringComparer.OrdinalIgnoreCase, "what exists is filled, with what it is made of");
        Wire.To<Order>("""{"items": []}""")!.Items.Should().BeEmpty();
        Wire.To<Order>("""{}""")!.Items.Should().Equal("default");
    }

    [Fact]
    public void A_read_only_view_is_given_back_through_the_field_behind_it()
    {
        Cart cart = new Cart("Ann");
        cart.Add("nail");
        cart.Add("screw");
        string wire = Wire.Of(cart);
        wire.Should().Be("""{"owner": "Ann", "lines": ["nail", "screw"], "copies": ["nail", "screw"]}""");
        Cart read = Wire.To<Cart>(wire)!;
        read.Lines.Should().Equal("nail", "screw");
        read.Copies.Should().Equal("nail", "screw");
    }

    [Fact]
    public void A_get_only_object_is_filled_member_by_member()
    {
        Person person = new Person { Name = "Ann" };
        person.Home.Street = "Main";
        person.Home.Rooms.Add("hall");
        Person read = Wire.To<Person>(Wire.Of(person))!;
        read.Home.Street.Should().Be("Main");
        read.Home.Rooms.Should().Equal("hall");
        read.Late.Street.Should().BeNull();
    }

    [Fact]
    public void A_get_only_object_is_filled_whichever_of_the_types_around_it_was_met_first()
    {
        Wire.Of(new Child<int> { Age = 1 }).Should().Be("""{"age": 1}""", "the parent is computed, and leads back");
        Wire.To<Household<int>>("""{"head": {"name": "Ann", "child": {"age": 3}}}""")!.Head.Child.Age.Should().Be(3, "the child was met first");
        Wire.To<Household<long>>("""{"head": {"name": "Ann", "child": {"age": 3}}}""")!.Head.Child.Age.Should().Be(3, "the outermost was met first");
        Wire.Of(new Parent<string> { Name = "Ann", Child = { Age = 4 } }).Should().Be("""{"name": "Ann", "child": {"age": 4}}""", "the parent was met first");
        Wire.To<Household<string>>("""{"head": {"name": "Ann", "child": {"age": 3}}}""")!.Head.Child.Age.Should().Be(3);
    }

    [Fact]
    public void A_collection_that_cannot_be_filled_is_refused_by_name_when_it_comes()
    {
        Wire.Refused<Fixed>("""{"items": [1]}""").Message.Should().Be("items: Fixed.Items has no setter, and the int[] that it holds after construction cannot be changed. Add a constructor parameter or a setter for it.");
        Wire.Refused<Absent>("""{"items": [1]}""").Message.Should().Be("items: Absent.Items has no setter, and it is null after construction. Add a constructor parameter or a setter for it.");
        Wire.To<Absent>("""{"items": null}""")!.Items.Should().BeNull();
        Wire.Refused<Order>("""{"items": null}""").Message.Should().Contain("Order.Items has no setter, and null came for it");
    }

    [Fact]
    public void Non_public_members_travel_with_JsonInclude_and_only_with_it()
    {
        Account account = new Account("Ann");
        account.Pay(5);
        string wire = Wire.Of(account);
        wire.Should().Be("""{"owner": "Ann", "balance": 5, "_pin": "1234"}""");
        Account read = Wire.To<Account>(wire)!;
        read.Balance.Should().Be(5);
        read.Pin.Should().Be("1234");
    }

    [Fact]
    public void Accessors_of_overridden_properties_come_from_the_whole_chain()
    {
        Wire.Through(new OverridesGetter { Name = "a" }, """{"name": "a!"}""")!.Name.Should().Be("a!!");
        Wire.Through(new OverridesSetter { Name = "a" }, """{"name": "a"}""")!.Name.Should().Be("a");
        Wire.Through(new Closed { Name = "a" }, """{"name": "a"}""")!.Name.Should().Be("a");
    }

    [Fact]
    public void A_struct_obeys_the_same_rules_as_a_class()
    {
        Customer customer = Customer.From(42);
        Wire.Of(customer).Should().Be("""{"value": 42}""", "it is written whole");
        Wire.Refused<Customer>("""{"value": 42}""").Message.Should()
            .Be("Customer can be sent but not received: Value cannot be given back, as no constructor takes it and no setter is public. Add a constructor parameter or a public setter for it, or mark it with [JsonInclude] beside a non-public setter, or with [JsonIgnore] to keep it at home.");
        Wire.Of(new Celsius(36.6)).Should().Be("""{"value": 36.6}""");
        Wire.Refused<Celsius>("""{"value": 36.6}""");
        Wire.Of(Result<int>.Fail("declined")).Should().Be("""{"is_success": false, "value": 0, "error": "declined"}""");
        Wire.Refused<Result<int>>("""{"is_success": false, "value": 0, "error": "declined"}""").Message.Should().Contain("IsSuccess, Value, Error");
        Wire.Through(new Half2 { X = 1 }.With(2), """{"x": 1, "y": 2}""").Y.Should().Be(2);
    }

    [Fact]
    public void A_type_of_which_nothing_would_travel_is_refused_both_ways()
    {
        Wire.Unsendable(new Hidden(1)).Message.Should().Be("Hidden cannot cross: it keeps values, but none of its members travels: it has no public state. Add public properties, or mark members with [JsonInclude].");
        Wire.Refused<Hidden>("{}").Message.Should().StartWith("Hidden cannot cross");
        Wire.Through(new Nothing(), "{}").Should().NotBeNull();
    }

    [Fact]
    public void The_constructor_that_gives_the_most_back_is_taken() =>
        Wire.Through(new Two(1), """{"x": 1}""")!.X.Should().Be(1);

    [Fact]
    public void Nothing_beside_the_members_can_be_set_from_the_wire()
    {
        Wire.Of(new User("Eve", true)).Should().Be("""{"name": "Eve"}""");
        Wire.Refused<User>("""{"name": "Eve", "is_admin": true}""").Message.Should().StartWith("User has no member \"is_admin\"");
        Wire.To<User>("""{"name": "Eve"}""")!.IsAdmin.Should().BeFalse();
        Wire.Refused<Session>("""{"user": "Eve", "elevated": true}""").Message.Should().StartWith("Session has no member \"elevated\"");
        Wire.To<Session>("""{"user": "Eve"}""")!.MayDelete().Should().BeFalse();
    }

    [Fact]
    public void Attributes_of_neighbours_count_or_are_refused_by_name()
    {
        Wire.Of(new Login { Name = "a", Password = "p" }).Should().Be("""{"name": "a"}""");
        Wire.Refused<Wanted>("{}").Message.Should().Be("Wanted lacks its member \"name\".");
        Wire.Unsendable(new Extended()).Message.Should().StartWith("Extended cannot cross: its member More has [JsonExtensionData], which Gaw does not use.");
        Wire.Unsendable(new Converted()).Message.Should().StartWith("Converted cannot cross: its member Day has [JsonConverter], which Gaw does not use.");
        Wire.Through(new NamedDay { Day = DayOfWeek.Monday }, """{"day": "Monday"}""")!.Day.Should().Be(DayOfWeek.Monday, "an enum travels as its name anyway");
        Wire.Refused<Contradiction>("""{"a": 1}""").Message.Should().Be("Contradiction can be sent but not received: its member Key is required, but stays at home by [JsonIgnore]. Take one of the two away.");
    }

    [Fact]
    public void A_member_that_hides_another_with_a_value_of_its_own_is_refused()
    {
        Wire.Unsendable(new HidesState()).Message.Should().Contain("two members with the wire name \"name\", Base.Name and HidesState.Name");
        Wire.Through(new HidesWithout { Name = "n" }, """{"name": "n"}""")!.Name.Should().Be("n");
    }

    public readonly struct Customer
    {
        private Customer(int value) => Value = value;

        public int Value { get; }

        public static Customer From(int value) => new(value);
    }

    public readonly struct Celsius(double degrees)
    {
        public double Value => degrees;
    }

    public readonly struct Result<T>
    {
        private Result(bool isSuccess, T? value, string? error) => (IsSuccess, Value, Error) = (isSuccess, value, error);

        public bool IsSuccess { get; }

        public T? Value { get; }

        public string? Error { get; }

        internal static Result<T> Fail(string error) => new(false, default, error);
    }

    public struct Half2
    {
        public int X { get; set; }

        [JsonInclude]
        public int Y { get; private set; }

        public readonly Half2 With(int y) => this with { Y = y };
    }

    public sealed class Alias
    {
        public string? First { get; set; }

        public string? Same => First;
    }

    public sealed class Cached
    {
        private string? _text;

        public int A { get; set; }

        public string Text => _text ??= $"{A}";
    }

    public sealed class Order
    {
        private readonly List<int> _lines = [];

        public int Id { get; set; }

        public List<string> Items { get; } = ["default"];

        public Dictionary<string, int> Prices { get; } = [];

        public HashSet<string> Tags { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Queue<int> Jobs { get; } = new();

        public Stack<int> Undo { get; } = new();

        public List<int> Lines => _lines;
    }

    public sealed class Cart(string owner)
    {
        private readonly List<string> _lines = [];
        private readonly List<string> _copies = [];

        public string Owner { get; } = owner;

        public IReadOnlyList<string> Lines => _lines.AsReadOnly();

        public string[] Copies => [.. _copies];

        public void Add(string line)
        {
            _lines.Add(line);
            _copies.Add(line);
        }
    }

    public sealed class Address
    {
        public string? Street { get; set; }

        public List<string> Rooms { get; } = [];
    }

    public sealed class Person
    {
        private Address? _late;

        public string? Name { get; set; }

        public Address Home { get; } = new();

        public Address Late => _late ??= new Address();
    }

    public sealed class Fixed
    {
        public IReadOnlyList<int> Items { get; } = new int[1];
    }

    public sealed class Absent
    {
        public List<int>? Items { get; }
    }

    public sealed class Account
    {
        [JsonInclude]
        private string _pin = "1234";

        [JsonConstructor]
        internal Account(string owner) => Owner = owner;

        public string Owner { get; }

        [JsonInclude]
        public int Balance { get; private set; }

        [JsonIgnore]
        public string Pin => _pin;

        public void Pay(int amount) => Balance += amount;

        public void Change(string pin) => _pin = pin;
    }

    public class Named
    {
        public virtual string? Name { get; set; }
    }

    public sealed class OverridesGetter : Named
    {
        public override string? Name => base.Name + "!";
    }

    public sealed class OverridesSetter : Named
    {
        public override string? Name
        {
            set => base.Name = value;
        }
    }

    public abstract class Open
    {
        public abstract string? Name { get; set; }
    }

    public sealed class Closed : Open
    {
        public override string? Name { get; set; }
    }

    public sealed class Hidden(int value)
    {
        public int Next() => ++value;
    }

    public sealed class Nothing;

    public sealed class Two
    {
        public Two()
        {
        }

        public Two(int x) => X = x;

        public int X { get; }
    }

    public sealed class Session(string user, bool elevated = false)
    {
        public string User { get; } = user;

        public bool MayDelete() => elevated;
    }

    public sealed class Login
    {
        public string? Name { get; set; }

        [System.Runtime.Serialization.IgnoreDataMember]
        public string? Password { get; set; }
    }

    public sealed class Wanted
    {
        [JsonRequired]
        public string? Name { get; set; }
    }

    public sealed class Extended
    {
        [JsonExtensionData]
        public Dictionary<string, object>? More { get; set; }
    }

    public sealed class Converted
    {
        [JsonConverter(typeof(JsonNumberEnumConverter<DayOfWeek>))]
        public DayOfWeek Day { get; set; }
    }

    public sealed class NamedDay
    {
        [JsonConverter(typeof(JsonStringEnumConverter<DayOfWeek>))]
        public DayOfWeek Day { get; set; }
    }

    public sealed class Contradiction
    {
        public int A { get; set; }

        [JsonIgnore]
        public required string Key { get; set; }
    }

    public class Base
    {
        public string? Name { get; set; }
    }

    public sealed class HidesState : Base
    {
        public new string? Name { get; set; }
    }

    public sealed class Household<T>
    {
        public Parent<T> Head { get; } = new();
    }

    public sealed class Parent<T>
    {
        public string? Name { get; set; }

        public Child<T> Child { get; } = new();
    }

    public sealed class Child<T>
    {
        private Parent<T>? _parent;

        public int Age { get; set; }

        public Parent<T> Parent => _parent ??= new();
    }

    public sealed class HidesWithout : Base
    {
        public new string? Name
        {
            get => base.Name;
            set => base.Name = value;
        }
    }

    public sealed record Rectangle(int Width, int Height)
    {
        public int Area => Width * Height;
    }

    public sealed record User(string Name, [property: JsonIgnore] bool IsAdmin = false);
}
