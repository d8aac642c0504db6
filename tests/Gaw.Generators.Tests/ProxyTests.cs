using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gaw.Generators.Tests;

/// <summary>What is written for an interface. That it works is shown where typed clients are tested; here it compiles.</summary>
public sealed class ProxyTests
{
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
