using Gaw.Serialization;
using Gaw.Serialization.Streams;

namespace Gaw.Tests.Serialization;

public sealed class RegistryTests
{
    [Fact]
    public void Marked_types_of_a_signature_are_learned_wherever_they_stand_in_it()
    {
        ValueSerializer serializer = new ValueSerializer();
        serializer.Learn(typeof(Task<Dictionary<string, List<Outer?[]>>>));
        serializer.Registry.Find("Outer").Should().Be<Outer>();
        serializer.Registry.Find("inner").Should().Be<Inner>();
        serializer.Registry.Find("Unmarked").Should().BeNull();
        serializer.Learn(typeof(Outer));
        ValueSerializer other = new ValueSerializer();
        other.Learn(typeof(Inners));
        other.Registry.Find("inner").Should().Be<Inner>();
        serializer.Registry.NameOf(typeof(Inner)).Should().Be("inner");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_value_is_that_can_be_enumerated_depends_on_its_type_alone(bool isKnown)
    {
        ValueSerializer serializer = new(new GawTypes().Add<AddedFeed>("added"));
        if (isKnown)
        {
            serializer.Get<Feed>();
            serializer.Get<AddedFeed>();
            serializer.Get<PlainFeed>();
        }

        serializer.GetOfValue(typeof(Feed)).Should().BeSameAs(serializer.Get<Feed>(), "its program has marked it as a value");
        serializer.GetOfValue(typeof(AddedFeed)).Should().BeSameAs(serializer.Get<AddedFeed>(), "its program has added it as a value");
        serializer.GetOfValue(typeof(PlainFeed)).Should().BeOfType<StreamConverter<int>>("nobody has said that it is anything else");
        serializer.GetOfValue(typeof(PlainFeed)).Should().BeSameAs(serializer.GetOfValue(typeof(PlainFeed)));
    }

    [Fact]
    public void Two_types_with_one_name_are_refused_where_they_meet_and_both_are_named()
    {
        ValueSerializer serializer = new ValueSerializer();
        serializer.Learn(typeof(Inner));
        serializer.Invoking(each => each.Learn(typeof(Elsewhere.Inner))).Should().Throw<ArgumentException>()
            .WithMessage($"{typeof(Elsewhere.Inner).FullName} and {typeof(Inner).FullName} have the same wire name \"inner\". Give one of them another name.*");
        serializer.Invoking(each => each.Learn(typeof(Elsewhere.Inner))).Should().Throw<ArgumentException>("a refusal is not forgotten");
        FluentActions.Invoking(() => new GawTypes().Add<Inner>().Add<Elsewhere.Inner>()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new GawTypes().Add<Unmarked>("a").Add<Unmarked>("b")).Should().Throw<ArgumentException>().WithMessage("*already*");
        new GawTypes().Add<Inner>().Add<Inner>().Add<Elsewhere.Inner>("other");
    }

    [Fact]
    public void Unrelated_reads_of_types_with_one_name_do_not_meet()
    {
        Wire.To<Inner>("""{"_v": {"x": 1}, "_t": "inner"}""").Should().Be(new Inner(1));
        Wire.To<Elsewhere.Inner>("""{"_v": {"y": "a"}, "_t": "inner"}""").Should().Be(new Elsewhere.Inner("a"));
    }

    [Theory]
    [InlineData("tuple")]
    [InlineData("set")]
    [InlineData("datetime")]
    [InlineData("uuid")]
    [InlineData("")]
    public void The_names_of_the_protocol_cannot_be_taken(string name) =>
        FluentActions.Invoking(() => new GawTypes().Add<Unmarked>(name)).Should().Throw<ArgumentException>().WithMessage("*belongs to the protocol*");

    [Fact]
    public void What_has_no_members_to_be_made_of_cannot_be_added()
    {
        FluentActions.Invoking(() => new GawTypes().Add<int>()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new GawTypes().Add<DayOfWeek>()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new GawTypes().Add<IDisposable>()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new GawTypes().Add(typeof(List<>))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void An_added_type_needs_no_mark_and_a_name_given_wins_over_the_mark()
    {
        GawTypes types = new GawTypes().Add<Unmarked>().Add<Inner>("Renamed");
        Wire.Through<object>(new Unmarked(1), """{"_v": {"x": 1, "deep": null}, "_t": "Unmarked"}""", types).Should().Be(new Unmarked(1));
        Wire.Through<object>(new Inner(1), """{"_v": {"x": 1}, "_t": "Renamed"}""", types).Should().Be(new Inner(1));
        Wire.To<object>("""{"_v": {"x": 1}, "_t": "inner"}""", types).Should().BeOfType<GawObject>("the name of the mark is not registered any more");
    }

    [Fact]
    public void Types_come_before_the_first_use_or_not_at_all()
    {
        GawTypes types = new GawTypes();
        _ = new ValueSerializer(types);
        types.Invoking(each => each.Add<Unmarked>()).Should().Throw<InvalidOperationException>().WithMessage("Unmarked comes too late*");
    }

    [Fact]
    public void A_name_from_the_wire_leads_to_no_type_that_is_not_registered()
    {
        foreach (string name in new[] { typeof(Canary).FullName!, typeof(Canary).AssemblyQualifiedName!, nameof(Canary), "System.IO.FileInfo", "FileInfo" })
        {
            Wire.To<object>("{\"_v\": {}, \"_t\": \"" + name + "\"}", new GawTypes().Add<Unmarked>()).Should().BeOfType<GawObject>();
        }

        Touched.Canary.Should().BeFalse();
    }

    [Fact]
    public void Converters_are_made_once_and_safely_on_many_threads()
    {
        ValueSerializer serializer = new ValueSerializer();
        ValueConverter<Cycle>[] converters = [.. Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(8).Select(_ => serializer.Get<Cycle>())];
        converters.Should().OnlyContain(converter => converter == converters[0]);
        Wire.Through(new Cycle([new Cycle([], null)], new Cycle([], null)), """{"items": [{"items": [], "next": null}], "next": {"items": [], "next": null}}""");
    }

    [GawSerializable]
    public sealed record Outer(List<Unmarked> Items);

    public sealed record Unmarked(int X, (int, Inner?)[]? Deep = null);

    [GawSerializable("inner")]
    public sealed record Inner(int X);

    public sealed class Inners : List<Inner>;

    public sealed record Cycle(List<Cycle> Items, Cycle? Next);

    public static class Elsewhere
    {
        [GawSerializable("inner")]
        public sealed record Inner(string Y);
    }

    public static class Touched
    {
        public static bool Canary { get; set; }
    }

    public sealed class Canary
    {
        static Canary() => Touched.Canary = true;
    }

    /// <summary>A list of changes that knows its name.</summary>
    public class PlainFeed : IAsyncEnumerable<int>
    {
        public string Name { get; set; } = "";

        public async IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield break;
        }
    }

    [GawSerializable("feed")]
    public sealed class Feed : PlainFeed;

    public sealed class AddedFeed : PlainFeed;
}
