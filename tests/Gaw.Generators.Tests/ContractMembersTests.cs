using Gaw.Serialization;
using Gaw.Services.Discovery;
using Gaw.Services.Instances;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gaw.Generators.Tests;

/// <summary>
/// The server, the client and the generator have one idea of what can be called on a service interface: each row is asked of all three.
/// <c>int Plus(int a)</c> stands beside each member, so that there is something to call.
/// </summary>
public sealed class ContractMembersTests
{
    [Theory]
    [InlineData("int Minus(int a);", "plus minus")]
    [InlineData("int Minus(int a) => a;", "plus minus")]
    [InlineData("virtual int Minus(int a) => a;", "plus minus")]
    [InlineData("[Entrypoint(\"less\")] int Minus(int a);", "plus less")]
    [InlineData("static int Secret(int a) => a;", "plus")]
    [InlineData("static virtual int Secret(int a) => a;", "plus")]
    [InlineData("static async void Secret() => await Task.Yield();", "plus")]
    [InlineData("sealed int Own(int a) => a;", "plus")]
    [InlineData("private int Own(int a) => a;", "plus")]
    [InlineData("protected int Own(int a) => a;", "plus")]
    [InlineData("internal int Own(int a) => a;", "plus")]
    [InlineData("const int Max = 5;", "plus")]
    [InlineData("static readonly int Max = 5;", "plus")]
    [InlineData("static int Max;", "plus")]
    [InlineData("static I() { }", "plus")]
    [InlineData("record Reply(int A);", "plus")]
    [InlineData("enum Side { Left } delegate void Done(); interface INested { int Count { get; } } class Nested { public int Plus(int a) => a; }", "plus")]
    [InlineData("static int Count => 1;", "plus")]
    [InlineData("static int Count { get; set; }", "plus")]
    [InlineData("static virtual int Count => 1;", "plus")]
    [InlineData("sealed int Count => 1;", "plus")]
    [InlineData("private int Count => 1;", "plus")]
    [InlineData("protected int Count => 1;", "plus")]
    [InlineData("sealed int this[int index] => 1;", "plus")]
    [InlineData("static event Action Changed;", "plus")]
    [InlineData("sealed event Action Changed { add { } remove { } }", "plus")]
    [InlineData("static I operator +(I a, I b) => a;", "plus")]
    [InlineData("int IBase.Based(int a) => a;", "plus based")]
    [InlineData("abstract int IBase.Based(int a);", "plus based")]
    [InlineData("int Count { get; }", "refused")]
    [InlineData("int Count { set; }", "refused")]
    [InlineData("int Count => 1;", "refused")]
    [InlineData("int this[int index] { get; }", "refused")]
    [InlineData("event Action Changed;", "refused")]
    [InlineData("internal int Hidden(int a);", "refused")]
    [InlineData("protected int Hidden(int a);", "refused")]
    [InlineData("internal int Count { get; }", "refused")]
    [InlineData("static abstract int Make();", "refused")]
    [InlineData("static abstract int Count { get; }", "refused")]
    [InlineData("static abstract I operator +(I a, I b);", "refused")]
    [InlineData("int Twice(CancellationToken a, CancellationToken b);", "refused")]
    [InlineData("int Twice(CallOptions a, CallOptions b);", "refused")]
    [InlineData("int Two(int userId, int user_id);", "refused")]
    [InlineData("int Plus(string a);", "refused")]
    [InlineData("T Same<T>(T a);", "refused")]
    [InlineData("int Out(out int a);", "refused")]
    [InlineData("int Copy(Span<int> a);", "refused")]
    public async Task The_server_the_client_and_the_generator_agree_on_what_can_be_called(string member, string calls)
    {
        string program = $"public interface IBase {{ int Based(int a); }} [Service] public interface I {(member.Contains("IBase", StringComparison.Ordinal) ? ": IBase " : "")}{{ int Plus(int a); {member} }}";
        Type contract = Compiled.Load(program).GetType("I", throwOnError: true)!;
        CSharpCompilation compilation = Compiled.Parse(program);
        INamedTypeSymbol symbol = compilation.GetTypeByMetadataName("I")!;

        OfClient(contract).Should().BeEquivalentTo(calls.Split(' '), "that is what a client's interface has");
        OfServer(contract).Should().BeEquivalentTo(calls.Split(' '), "that is what a server serves");
        OfGenerator(symbol).Should().BeEquivalentTo(calls.Split(' '), "that is what a proxy is written for");
        if (calls != "refused")
        {
            (await Compiled.FromAsync(program)).Errors.Should().BeEmpty();
        }
    }

    [Fact]
    public void A_service_interface_that_can_be_disposed_is_refused_by_all()
    {
        const string Program = "[Service] public interface I : IDisposable { int Plus(int a); }";

        OfClient(Compiled.Load(Program).GetType("I")!).Should().Equal("refused");
        OfServer(Compiled.Load(Program).GetType("I")!).Should().Equal("refused");
        OfGenerator(Compiled.Parse(Program).GetTypeByMetadataName("I")!).Should().Equal("refused");
    }

    private static string[] OfClient(Type contract)
    {
        try
        {
            return [.. Proxies.Typed.ServiceContract.Describe(contract).Select(static method => method.WireName ?? Shared.WireNames.OfMember(method.Method.Name))];
        }
        catch (ArgumentException)
        {
            return ["refused"];
        }
    }

    private static string[] OfServer(Type contract)
    {
        try
        {
            return [.. ServiceDescriptor.Describe(contract, new InstanceSource(static () => throw new InvalidOperationException(), isExactType: false), new ValueSerializer()).Select(static entrypoint => entrypoint.Path.Split('/')[1])];
        }
        catch (ArgumentException)
        {
            return ["refused"];
        }
    }

    private static string[] OfGenerator(INamedTypeSymbol type)
    {
        ServiceContract contract = ServiceContract.Of(type);
        return contract.Problems.Count == 0 ? [.. contract.Methods.Select(WireNames.Of)] : ["refused"];
    }
}
