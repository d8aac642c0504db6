using Gaw.Serialization.Objects.Filling;
using Gaw.Serialization.Shapes;

namespace Gaw.Tests.Serialization.Objects;

/// <summary>Which members without a setter lead back to the type that holds them. Nobody could fill those in place: filling would never end.</summary>
public sealed class InPlaceCyclesTests
{
    [Theory]
    [InlineData(typeof(Left<int>), nameof(Left<>.Right), true, "two computed members lead only back to each other")]
    [InlineData(typeof(Right<int>), nameof(Right<>.Left), true, "and so seen from the other side")]
    [InlineData(typeof(Ring1), nameof(Ring1.Next), true, "round three types")]
    [InlineData(typeof(Ring3), nameof(Ring3.Next), true, "wherever one begins")]
    [InlineData(typeof(Link), nameof(Link.Next), true, "to itself")]
    [InlineData(typeof(Way), nameof(Way.Ring), false, "a ring that does not lead back here is for its own members to end")]
    [InlineData(typeof(Owner<int>), nameof(Owner<>.Part), false, "state is not kept at home for a computed member that leads back")]
    [InlineData(typeof(Part<int>), nameof(Part<>.Owner), true, "the computed one is what stays at home")]
    [InlineData(typeof(StateLeft), nameof(StateLeft.Right), true, "state that leads back through state")]
    [InlineData(typeof(Growing<int>), nameof(Growing<>.Inner), true, "what grows without end counts as leading back")]
    [InlineData(typeof(Kept), nameof(Kept.Note), false, "a computed member with an end")]
    [InlineData(typeof(Shown), nameof(Shown.Ignored), false, "a member that its class keeps at home leads nowhere")]
    public void A_member_leads_back_or_not_whichever_type_is_asked_first(Type owner, string member, bool leadsBack, string because) =>
        InPlaceCycles.LeadsBack(owner, MemberSources.Of(owner).Single(source => source.Name == member)).Should().Be(leadsBack, because);

    [Fact]
    public void Computed_members_that_lead_only_back_to_each_other_stay_at_home_whichever_was_met_first()
    {
        Wire.Through(new Left<int> { A = 1 }, """{"a": 1}""")!.A.Should().Be(1);
        Wire.Through(new Right<int> { B = 2 }, """{"b": 2}""")!.B.Should().Be(2, "the other was met first");
        Wire.Through(new Right<long> { B = 2 }, """{"b": 2}""")!.B.Should().Be(2);
        Wire.Through(new Left<long> { A = 1 }, """{"a": 1}""")!.A.Should().Be(1, "the other was met first");
        Wire.Through(new Ring1 { Name = "x" }, """{"name": "x"}""")!.Name.Should().Be("x");
        Wire.Through(new Link { Name = "x" }, """{"name": "x"}""")!.Name.Should().Be("x");
        Wire.Through(new Growing<int> { Name = "x" }, """{"name": "x"}""")!.Name.Should().Be("x");
    }

    [Fact]
    public void A_computed_member_that_does_not_lead_back_travels()
    {
        Kept kept = new() { Note = { Name = "n" } };
        Wire.Through(kept, """{"note": {"name": "n"}}""")!.Note.Name.Should().Be("n");
        Way way = new() { Ring = { Name = "r" } };
        Wire.Through(way, """{"ring": {"name": "r"}}""")!.Ring.Name.Should().Be("r");
    }

    public sealed class Left<T>
    {
        private Right<T>? _right;

        public int A { get; set; }

        public Right<T> Right => _right ??= new();
    }

    public sealed class Right<T>
    {
        private Left<T>? _left;

        public int B { get; set; }

        public Left<T> Left => _left ??= new();
    }

    public sealed class Ring1
    {
        private Ring2? _next;

        public string? Name { get; set; }

        public Ring2 Next => _next ??= new();
    }

    public sealed class Ring2
    {
        private Ring3? _next;

        public Ring3 Next => _next ??= new();
    }

    public sealed class Ring3
    {
        private Ring1? _next;

        public Ring1 Next => _next ??= new();
    }

    public sealed class Link
    {
        private Link? _next;

        public string? Name { get; set; }

        public Link Next => _next ??= new();
    }

    public sealed class Way
    {
        public Link Ring { get; } = new();
    }

    public sealed class Owner<T>
    {
        public Part<T> Part { get; } = new();
    }

    public sealed class Part<T>
    {
        private Owner<T>? _owner;

        public Owner<T> Owner => _owner ??= new();
    }

    public sealed class StateLeft
    {
        public StateRight? Right { get; }
    }

    public sealed class StateRight
    {
        public StateLeft? Left { get; }
    }

    public sealed class Growing<T>
    {
        private Growing<List<T>>? _inner;

        public string? Name { get; set; }

        public Growing<List<T>> Inner => _inner ??= new();
    }

    public sealed class Kept
    {
        private Note? _note;

        public Note Note => _note ??= new();
    }

    public sealed class Note
    {
        public string? Name { get; set; }
    }

    public sealed class Shown
    {
        private Hidden? _ignored;

        public Hidden Ignored => _ignored ??= new();
    }

    public sealed class Hidden
    {
        private Shown? _shown;

        [System.Text.Json.Serialization.JsonIgnore]
        public Shown Shown => _shown ??= new();
    }
}
