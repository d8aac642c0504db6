using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gaw.Generators.Tests;

/// <summary>What is written for an interface. That it works is shown where typed clients are tested; here it compiles.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("Microsoft.Contoso.Contracts")]
    [InlineData("System.Contoso")]
    public async Task A_type_is_kept_whatever_its_assembly_and_its_namespace_are_called(string name)
    {
        MetadataReference contracts = Compiled.Reference(name, $"namespace {name}; public class Order {{ public string Text {{ get; set; }} = \"\"; public List<int> Numbers {{ get; set; }} = []; }}");

        Compiled compiled = await Compiled.FromAsync($"[Service] public interface IShop {{ Task<{name}.Order> GetAsync(); }}", contracts);

        compiled.Errors.Should().BeEmpty();
        string all = string.Concat(compiled.Files.Values);
        all.Should().Contain($"GeneratedTypes.Composite<global::{name}.Order>()").And.Contain($"typeof(global::{name}.Order))]");
        all.Should().NotContain("typeof(global::System.Collections", "the key of its assembly says that .NET itself has it");
    }

    [Fact]
    public async Task A_proxy_is_written_for_each_marked_interface_and_for_no_other()
    {
        Compiled compiled = await Compiled.FromAsync(
            """
            namespace A.B
            {
                [Service] public interface IMath { int Plus(int a, int b); }
                public interface IPlain { int Plus(int a, int b); }
                internal class Outer { [Service("x")] internal interface IInner { Task<string?> TextAsync(CancellationToken cancellationToken = default); } }
            }
            [Service] interface IGlobal { void Nothing(); }
            """);

        compiled.Errors.Should().BeEmpty();
        compiled.Said.Should().BeEmpty();
        compiled.Files.Keys.Should().BeEquivalentTo("A.B.IMath.g.cs", "A.B.Outer.IInner.g.cs", "IGlobal.g.cs");
        compiled.Files["A.B.IMath.g.cs"].Should().Contain("int global::A.B.IMath.Plus(int a, int b) => _m0.Call(new(a, new(b, default)), null, default);");
        compiled.Files["A.B.Outer.IInner.g.cs"].Should().Contain("TextAsync(global::System.Threading.CancellationToken cancellationToken) => _m0.CallAsync(default, null, cancellationToken).AsTask();");
    }

    [Fact]
    public async Task Interfaces_whose_names_differ_in_case_or_underscores_only_get_proxies_all()
    {
        Compiled compiled = await Compiled.FromAsync(
            """
            namespace A { [Service("a")] public interface IMath { int Plus(int a); } [Service("b")] public interface Imath { int Plus(int a); } }
            namespace a { [Service("c")] public interface IMath { int Plus(int a); } }
            namespace A_ { [Service("d")] public interface B { int Plus(int a); } }
            namespace A { [Service("e")] public interface _B { int Plus(int a); } }
            [Service("f")] public interface IOther { int Plus(int a); }
            """);

        compiled.Errors.Should().BeEmpty();
        compiled.Said.Should().BeEmpty();
        compiled.Files.Keys.Should().BeEquivalentTo("A.IMath.g.cs", "A.Imath.2.g.cs", "a.IMath.3.g.cs", "A_.B.g.cs", "A._B.g.cs", "IOther.g.cs");
    }

    [Theory]
    [InlineData("class T<TItem> { public TItem? Value { get; set; } public T<List<TItem>>? Inner { get; set; } }", "T<TItem>")]
    [InlineData("class T<TItem> { public TItem? Value { get; set; } public T<TItem[]>? Inner { get; set; } }", "T<TItem>")]
    [InlineData("class T<TItem> { public Dictionary<string, T<(TItem, TItem, TItem)>>? Inner { get; set; } }", "T<TItem>")]
    [InlineData("class T<TItem> { public U<TItem>? Inner { get; set; } } class U<TItem> { public T<List<TItem>>? Outer { get; set; } }", "U<TItem>")]
    [InlineData("record T<TItem>(U<TItem, int>? Inner); record U<T1, T2>(U<T2, List<T1>>? Swapped);", "U<T1, T2>")]
    [InlineData("class Base<TItem> { public T<List<TItem>>? Inner { get; set; } } class T<TItem> : Base<TItem>;", "T<TItem>")]
    [InlineData("class T<TItem> : List<T<List<TItem>>>;", "T<TItem>")]
    [InlineData("class Outer<TItem> { class Nested { public Outer<List<TItem>>.Nested? Inner { get; set; } } } class T<TItem> { public Outer<TItem>.Nested? Value { get; set; } }", "Outer<TItem>")]
    public async Task Generic_types_that_grow_without_end_are_refused_by_name(string types, string name)
    {
        string declared = System.Text.RegularExpressions.Regex.Replace(types, "(class|record) ", "public $1 ");
        Compiled compiled = await Compiled.FromAsync($"[Service] public interface IService {{ Task<T<int>?> Get(); }} class S {{ [Entrypoint] public void Put(List<T<int>> value) {{ }} }}\n{declared}");

        compiled.Said.Where(static said => said.Id == "GAW004").Should().HaveCount(2, "an interface and a class are alike").And
            .OnlyContain(said => said.GetMessage(null).Contains($"has the type {name} in its signature, which cannot cross: its members lead to ever larger types of the same kind, without end", StringComparison.Ordinal));
        compiled.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("class T<TItem> { public TItem? Value { get; set; } public T<TItem>? Inner { get; set; } public List<List<TItem>> Items { get; } = []; }")]
    [InlineData("class T<TItem> { public T<int>? Fixed { get; set; } public U<List<TItem>>? Other { get; set; } } class U<TItem> { public List<List<TItem>> Items { get; } = []; }")]
    [InlineData("record T<TItem>(U<TItem, int>? Inner); record U<T1, T2>(U<T2, T1>? Swapped);")]
    [InlineData("class T<TItem> { public List<List<List<List<List<List<List<List<List<List<List<List<T<TItem>>>>>>>>>>>>> Deep { get; } = []; }")]
    [InlineData("class T<TItem> { public TItem? Value { get; set; } public T<List<TItem>> Wrapped => new(); }")]
    [InlineData("class T<TItem> { public TItem? Value { get; set; } [System.Text.Json.Serialization.JsonIgnore] public T<(TItem, TItem, TItem)>? Home { get; set; } }")]
    [InlineData("class Outer<TItem> { class Nested { public int A { get; set; } public Outer<(TItem, TItem)>.Nested Wrapped => new(); } } class T<TItem> { public Outer<TItem>.Nested? Value { get; set; } }")]
    [InlineData("class T<TItem> { public T() { } public T(T<(TItem, TItem, TItem)> other) { } public TItem? Value { get; set; } }")]
    public async Task Generic_types_that_come_to_an_end_are_written(string types)
    {
        string declared = System.Text.RegularExpressions.Regex.Replace(types, "(class|record) ", "public $1 ");
        Compiled compiled = await Compiled.FromAsync($"[Service] public interface IService {{ Task<T<int>?> Get(); }}\n{declared}");

        compiled.Said.Should().BeEmpty();
        compiled.Errors.Should().BeEmpty();
        compiled.Files.Should().ContainKey("IService.g.cs").WhoseValue.Length.Should().BeLessThan(100_000);
    }

    [Fact]
    public async Task A_chain_of_types_is_written_whatever_its_length()
    {
        string chain = string.Concat(Enumerable.Range(0, 3000).Select(static i => $"public class C{i} {{ public C{i + 1}? Next {{ get; set; }} }}\n"));
        Compiled compiled = await Compiled.FromAsync($"[Service] public interface IService {{ Task<C0?> Get(C0 value); }}\n{chain}public class C3000;");

        compiled.Said.Should().BeEmpty();
        compiled.Errors.Should().BeEmpty();
        compiled.Files["IService.g.cs"].Should().Contain("C3000>");
    }

    [Theory]
    [InlineData("List<int>")]
    [InlineData("int[][]")]
    [InlineData("byte[]")]
    [InlineData("IReadOnlyDictionary<string, List<(int, string?)>>")]
    [InlineData("SortedDictionary<DayOfWeek, decimal?>")]
    [InlineData("System.Collections.Immutable.ImmutableArray<int>")]
    [InlineData("System.Collections.Immutable.IImmutableSet<string>")]
    [InlineData("System.Collections.Immutable.ImmutableSortedDictionary<int, long>")]
    [InlineData("System.Collections.Frozen.FrozenSet<int>")]
    [InlineData("System.Collections.Frozen.FrozenDictionary<string, int>")]
    [InlineData("System.Collections.ObjectModel.ReadOnlyCollection<Guid>")]
    [InlineData("Stack<DateTime>")]
    [InlineData("Own")]
    [InlineData("OwnMap")]
    [InlineData("(int A, (string B, double[] C) D)")]
    [InlineData("(int, int, int, int, int, int, int, int, string)")]
    [InlineData("Tuple<int, string>")]
    [InlineData("KeyValuePair<string, int>")]
    [InlineData("Tree")]
    [InlineData("Tree?[]")]
    [InlineData("Shape")]
    [InlineData("Pair<int, @class>")]
    [InlineData("dynamic")]
    [InlineData("List<dynamic>")]
    [InlineData("DayOfWeek?")]
    [InlineData("GawObject")]
    public async Task Any_type_that_can_cross_compiles_in_every_place(string type)
    {
        Compiled compiled = await Compiled.FromAsync(
            $$"""
            [Service] public interface ITyped : IBase<{{type.Replace("dynamic", "object", StringComparison.Ordinal)}}>
            {
                {{type}} Sync({{type}} value, {{type}} other);
                Task<{{type}}> LaterAsync(params {{type}}[] values);
                ValueTask<{{type}}> Soon(CancellationToken token, {{type}} @in, string text = "\"x\"");
            }
            public interface IBase<T> { void Put(T value); ValueTask PutAllAsync(T value, T[] more); }
            [GawSerializable] public record Tree(int Value, List<Tree> Children, Dictionary<string, Tree?>? Named) { public float? Ratio { get; set; } }
            public abstract class Shape { public abstract double Area { get; } }
            public struct Pair<T1, T2> { public T1 First; public T2 Second { get; set; } }
            public class @class { public Uri? Link { get; set; } public nint Handle() => 0; }
            public class Own : List<int>;
            public class OwnMap : Dictionary<string, int>;
            """);

        compiled.Errors.Should().BeEmpty();
        compiled.Said.Should().BeEmpty();
        compiled.Files.Should().ContainSingle();
    }

    [Fact]
    public void What_did_not_change_is_not_written_again()
    {
        CSharpCompilation program = Compiled.Parse("[Service] public interface IMath { int Plus(int a, int b); }");
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new ServiceProxyGenerator().AsSourceGenerator()], driverOptions: new GeneratorDriverOptions(default, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGenerators(program, TestContext.Current.CancellationToken);

        driver = driver.RunGenerators(program.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;", cancellationToken: TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);

        driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(static step => step.Value).SelectMany(static step => step.Outputs)
            .Should().OnlyContain(static output => output.Reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Names_on_the_wire_are_those_of_the_library()
    {
        string[] parts = ["Get", "URL", "x", "2", "_", " ", "Ä", "ß", "iOS", "A", "b", "@", "SHA512"];
        foreach (string name in from a in parts from b in parts from c in parts select a + b + c)
        {
            WireNames.ToSnakeCase(name).Should().Be(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), "the name is \"{0}\"", name);
        }
    }
}
