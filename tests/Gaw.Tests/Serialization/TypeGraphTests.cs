using System.Reflection;
using System.Reflection.Emit;
using Gaw.Serialization;
using Gaw.Services;

namespace Gaw.Tests.Serialization;

/// <summary>Any finite graph of types works, whatever its size; one that grows without end is refused by name.</summary>
public sealed class TypeGraphTests
{
    public interface INests
    {
        Nest<int>? Get();
    }

    [Fact]
    public void A_chain_of_thousands_of_types_works()
    {
        Type[] chain = MakeChain(3_000);
        ValueSerializer serializer = new ValueSerializer();
        serializer.Learn(chain[0]);
        serializer.Get(chain[0]).Unreadable.Should().BeEmpty();
        serializer.Get(chain[^1]).Type.Should().Be(chain[^1]);
    }

    [Fact]
    public async Task Generic_types_that_grow_without_end_are_refused_by_name()
    {
        Wire.Unsendable(new Nest<int>()).Message.Should().Contain("Nest<...> cannot cross: its members lead to ever larger types of the same kind, without end.");
        Wire.Unsendable(new Ping<int>()).Message.Should().Contain("ever larger types");
        Wire.Unsendable(new Doubled<int>()).Message.Should().Contain("ever larger types");
        Wire.Refused<Nest<int>>("{}").Message.Should().Contain("ever larger types");
        await using GawServer server = new GawServer("127.0.0.1", 0);
        FluentActions.Invoking(() => server.Add<NestService>()).Should().Throw<ArgumentException>().WithMessage("*ever larger types*");
        await using GawClient client = new GawClient("127.0.0.1", 1);
        FluentActions.Invoking(() => client.For<INests>()).Should().Throw<ArgumentException>().WithMessage("*ever larger types*");
    }

    [Fact]
    public void Types_that_are_nested_deep_but_end_work()
    {
        Wire.Through<List<List<List<List<List<List<List<List<List<List<List<List<List<int>>>>>>>>>>>>>>([[[[[[[[[[[[[1]]]]]]]]]]]]], "[[[[[[[[[[[[[1]]]]]]]]]]]]]")
            .Should().HaveCount(1);
        Wire.Through(new Link<string>("a", new Link<string>("b", null)), """{"value": "a", "next": {"value": "b", "next": null}}""")!.Next!.Value.Should().Be("b");
    }

    [Fact]
    public void A_value_that_contains_itself_is_refused_with_the_way_round_shown_once()
    {
        Ring first = new Ring { Name = "first" };
        first.Next = new Ring { Name = "second", Next = first };
        Wire.Unsendable(new Holder { Rings = [first] }).Message.Should().Be("rings[0].next...: The value is nested deeper than the limit of 128 levels; perhaps it contains itself.");
        Branch tree = new Branch();
        tree.Parts.Add(new Branch { Parts = { tree } });
        Wire.Unsendable(tree).ValuePath.Should().Be("parts[0]...");
    }

    [Fact]
    public void A_long_way_and_long_names_stay_short()
    {
        string key = new('k', 100_000);
        string json = string.Concat(Enumerable.Repeat($"{{\"{key}\": ", 60)) + "\"x\"" + new string('}', 60);
        GawSerializationException refused = Wire.Refused<Deep>(json);
        refused.Message.Length.Should().BeLessThan(4_000);
    }

    private static Type[] MakeChain(int length)
    {
        ModuleBuilder module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Chain"), AssemblyBuilderAccess.Run).DefineDynamicModule("Chain");
        List<Type> types = new List<Type> { typeof(string) };
        for (int i = 0; i < length; i++)
        {
            TypeBuilder type = module.DefineType($"Link{i}", TypeAttributes.Public | TypeAttributes.Class);
            type.DefineDefaultConstructor(MethodAttributes.Public);
            type.DefineField("Next", types[^1], FieldAttributes.Public);
            types.Add(type.CreateType());
        }

        types.Reverse();
        return [.. types];
    }

    public sealed class Deep : Dictionary<string, Deep>;

    public sealed record Link<T>(T Value, Link<T>? Next);

    public sealed class Nest<T>
    {
        public T? Value { get; set; }

        public Nest<List<T>>? Inner { get; set; }
    }

    public sealed class Ping<T>
    {
        public Pong<Ping<T>>? Other { get; set; }
    }

    public sealed class Pong<T>
    {
        public Ping<Pong<T>>? Other { get; set; }
    }

    public sealed class Doubled<T>
    {
        public Doubled<(T, T)>? Inner { get; set; }
    }

    public sealed class Ring
    {
        public string? Name { get; set; }

        public Ring? Next { get; set; }
    }

    public sealed class Holder
    {
        public List<Ring> Rings { get; set; } = [];
    }

    public sealed class Branch
    {
        public List<Branch> Parts { get; } = [];
    }

#pragma warning disable GAW004 // What the compiler refuses is refused at run time, too.
    public sealed class NestService
    {
        [Entrypoint]
        public Nest<int>? Get() => null;
    }
#pragma warning restore GAW004
}
