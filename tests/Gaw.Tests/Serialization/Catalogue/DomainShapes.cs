using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Value objects, entities, aggregates, results and options, as people write them and as packages give them.</summary>
internal static class DomainShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.OneWay("constructor", ["amount", "currency"], () => Money.Of(12.50m, "THB")),
        Shape.Equal(() => new Price(12.50m, "THB")),
        Shape.Equal(() => new Email("a@b.c")),
        Shape.OneWay("Value", ["value"], () => OrderId.New()),
        Shape.Equal(() => new CustomerId(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))),
        Shape.OneWay("Name", ["name", "code"], () => Colour.Red),
        Shape.Equal(() => new Address("street", "town", "10200") { Country = "TH" }),
        Shape.Refused("Password", () => Password.From("p")),
        Shape.Equal(() => new Interval(DateTime.UnixEpoch, DateTime.UnixEpoch.AddDays(1))),
        Shape.Equal(() => Percentage.From(50)),
        Shape.OneWay("constructor", ["chain"], () => new HoldsMoney { Chain = Money.Of(1, "a") }),

        Shape.OneWay("Id", ["id", "name", "created"], () => new Customer("Ann")),
        Shape.Equal(() => new Aggregate(5).Add("a")),
        Shape.Equal(() => new EfBlog { Id = 1, Url = "u", Posts = { new EfPost { Id = 2, Title = "t" } } }).Sparse(),
        Shape.Equal(() => new EfPost { Id = 2, Title = "t", Blog = new EfBlog { Id = 1, Url = "u" } }).Sparse(),
        Shape.Equal(() => new EfOwned { Id = 1, Where = new Address("s", "t", "1") { Country = "c" }, Version = [1, 2] }),
        Shape.Equal(() => new Tracked { Id = 7, Name = "n", UpdatedBy = "a", UpdatedAt = DateTimeOffset.UnixEpoch.AddDays(1) }),
        Shape.OneWay("State", ["id", "state"], () => Machine.Started(3)),
        Shape.Equal(() => new Snapshot(3, "s", [new LineItem("a", 1, 2.50m)])),
        Shape.OneWay("Name", ["name", "size"], () => new Built.Builder().Named("n").Sized(2).Build()),
        Shape.Equal(() => WithMethods.Default.WithName("n").WithSize(2)),
        Shape.Equal(() => new Raising { Id = 1 }.Raised("e")),

        Shape.OneWay("IsSuccess", ["is_success", "value", "error"], () => StructResult<int>.Fail("declined")).Sparse(),
        Shape.OneWay("IsSuccess", ["is_success", "value", "error"], () => StructResult<int>.Ok(5)).Sparse(),
        Shape.OneWay("constructor", ["is_success", "value", "error"], () => ClassResult<int>.Ok(5)).Sparse(),
        Shape.Equal(() => new OpenResult<int>(true, 4, "declined")),
        Shape.Equal(() => new ChosenResult<int>(true, 4, ["declined"])),
        Shape.Refused("Option", () => Option<int>.Some(5)),
        Shape.OneWay("HasValue", ["has_value", "value"], () => Maybe<string>.From("a")),
        Shape.Equal(() => new Either<int, string> { Left = 1, Right = "b", IsLeft = true }),
        Shape.OneWay("constructor", ["index", "value"], () => OneOf<int, string>.From("b")),
        Shape.Equal<Outcome<int>>(() => new Done<int>(5)),
        Shape.Equal(() => new Wrapped { Result = new Failed<int>("no") }),
        Shape.OneWay("Errors", ["errors", "is_error", "value"], () => ErrorOr<int>.From("e")).Sparse(),
        Shape.Equal(() => new Unit()),
    ];

    public sealed class Money
    {
        private Money(decimal amount, string currency) => (Amount, Currency) = (amount, currency);
        public decimal Amount { get; }
        public string Currency { get; }
        public static Money Of(decimal amount, string currency) => new(amount, currency);
    }

    public sealed record Price(decimal Amount, string Currency) { public string Shown => $"{Amount} {Currency}"; }
    public sealed class HoldsMoney { public Money? Chain { get; set; } }

    public sealed record Email
    {
        public Email(string value) => Value = value.Contains('@', StringComparison.Ordinal) ? value : throw new ArgumentException("Give an address.", nameof(value));
        public string Value { get; }
    }

    public readonly record struct OrderId
    {
        private OrderId(Guid value) => Value = value;
        public Guid Value { get; }
        public static OrderId New() => new(Guid.NewGuid());
    }

    public readonly record struct CustomerId(Guid Value);

    /// <summary>The usual "smart enum".</summary>
    public sealed class Colour
    {
        public static readonly Colour Red = new("red", 1);
        private Colour(string name, int code) => (Name, Code) = (name, code);
        public string Name { get; }
        public int Code { get; }
    }

    public record Address(string Street, string Town, string Code) { public string? Country { get; init; } }

    public sealed class Password
    {
        private readonly string _text;
        private Password(string text) => _text = text;
        public static Password From(string text) => new(text);
        public bool Is(string text) => text == _text;
    }

    public readonly record struct Interval(DateTime From, DateTime To) { public TimeSpan Length => To - From; }

    public readonly struct Percentage
    {
        [JsonConstructor]
        private Percentage(int value) => Value = value;
        public int Value { get; }
        public static Percentage From(int value) => new(value is >= 0 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value)));
    }

    public sealed class Customer(string name)
    {
        public Guid Id { get; private set; } = Guid.NewGuid();
        public string Name { get; } = name;
        public DateTime Created { get; private set; } = DateTime.UtcNow;
    }

    public sealed class Aggregate
    {
        private readonly List<string> _lines = [];
        public Aggregate() => Lines = _lines.AsReadOnly();
        public Aggregate(int id)
            : this() => Id = id;
        public int Id { get; set; }
        public IReadOnlyList<string> Lines { get; }

        public Aggregate Add(string line)
        {
            _lines.Add(line);
            return this;
        }
    }

    public class EfBlog { public int Id { get; set; } public string? Url { get; set; } public virtual ICollection<EfPost> Posts { get; } = new List<EfPost>(); }
    public class EfPost { public int Id { get; set; } public string? Title { get; set; } public virtual EfBlog? Blog { get; set; } }
    public sealed class EfOwned { public int Id { get; set; } public Address? Where { get; set; } public byte[]? Version { get; set; } }
    public abstract class Entity<TKey> where TKey : notnull { public TKey? Id { get; set; } public string? UpdatedBy { get; set; } public DateTimeOffset UpdatedAt { get; set; } }
    public sealed class Tracked : Entity<int> { public string? Name { get; set; } }
    public sealed record LineItem(string Article, int Count, decimal Price);
    public sealed record Snapshot(int Version, string State, List<LineItem> Lines);

    public sealed class Machine
    {
        public int Id { get; set; }
        public string State { get; private set; } = "new";
        public static Machine Started(int id) => new() { Id = id, State = "started" };
    }

    public sealed class Built
    {
        private Built(Builder builder) => (Name, Size) = (builder.Name, builder.Size);
        public string? Name { get; }
        public int Size { get; }

        public sealed class Builder
        {
            public string? Name { get; private set; }
            public int Size { get; private set; }
            public Builder Named(string name) { Name = name; return this; }
            public Builder Sized(int size) { Size = size; return this; }
            public Built Build() => new(this);
        }
    }

    public sealed record WithMethods(string Name, int Size)
    {
        public static WithMethods Default { get; } = new("", 0);
        public WithMethods WithName(string name) => this with { Name = name };
        public WithMethods WithSize(int size) => this with { Size = size };
    }

    public sealed class Raising
    {
        private readonly List<string> _events = [];
        public int Id { get; set; }
        public IReadOnlyCollection<string> Events => _events.AsReadOnly();
        public Raising Raised(string what) { _events.Add(what); return this; }
    }

    public readonly struct StructResult<T>
    {
        private StructResult(bool isSuccess, T? value, string? error) => (IsSuccess, Value, Error) = (isSuccess, value, error);
        public bool IsSuccess { get; }
        public T? Value { get; }
        public string? Error { get; }
        public static StructResult<T> Ok(T value) => new(true, value, null);
        public static StructResult<T> Fail(string error) => new(false, default, error);
    }

    public class ClassResult<T>
    {
        protected ClassResult(T? value, string? error) => (Value, Error) = (value, error);
        public bool IsSuccess { get; protected set; } = true;
        public T? Value { get; }
        public string? Error { get; }
        public static ClassResult<T> Ok(T value) => new(value, null);
    }

    public sealed record OpenResult<T>(bool IsSuccess, T? Value, string? Error);

    public sealed class ChosenResult<T>
    {
        [JsonConstructor]
        internal ChosenResult(bool isSuccess, T? value, IReadOnlyList<string> errors) => (IsSuccess, Value, Errors) = (isSuccess, value, [.. errors]);
        public bool IsSuccess { get; }
        public T? Value { get; }
        public List<string> Errors { get; }
    }

    public readonly struct Option<T>
    {
        private readonly T _value;
        private readonly bool _has;
        private Option(T value) => (_value, _has) = (value, true);
        public static Option<T> Some(T value) => new(value);
        public T Or(T other) => _has ? _value : other;
    }

    public readonly struct Maybe<T>
    {
        private Maybe(T value) => (Value, HasValue) = (value, true);
        public bool HasValue { get; }
        public T? Value { get; }
        public static Maybe<T> From(T value) => new(value);
    }

    public sealed class Either<TLeft, TRight> { public TLeft? Left { get; init; } public TRight? Right { get; init; } public bool IsLeft { get; init; } }

    public sealed class OneOf<TOne, TOther>
    {
        private OneOf(int index, object? value) => (Index, Value) = (index, value);
        public int Index { get; }
        public object? Value { get; }
        public static OneOf<TOne, TOther> From(TOther value) => new(1, value);
    }

    public abstract record Outcome<T>;

    [GawSerializable("CatalogueDone")]
    public sealed record Done<T>(T Value) : Outcome<T>;

    [GawSerializable("CatalogueFailed")]
    public sealed record Failed<T>(string Error) : Outcome<T>;
    public sealed class Wrapped { public Outcome<int>? Result { get; set; } }

    public readonly record struct ErrorOr<T>
    {
        private ErrorOr(List<string> errors) => Errors = errors;
        public List<string> Errors { get; }
        public bool IsError { get; } = true;
        public T? Value { get; }
        public static ErrorOr<T> From(string error) => new([error]);
    }

    public readonly record struct Unit;
}
