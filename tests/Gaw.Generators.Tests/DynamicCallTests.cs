using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Tests;

/// <summary>GAW014: a dynamic call that is awaited without the suffix Async is said while compiling, as nothing tells it at run time before it is made.</summary>
public sealed class DynamicCallTests
{
    [Theory]
    [InlineData("dynamic rpc = client; await rpc.math.plus(1, 2);")]
    [InlineData("dynamic rpc = new GawClient(\"127.0.0.1\", 1); int a = await rpc.math.plus(1, b: 2);")]
    [InlineData("await ((dynamic)client).math.plus(1);")]
    [InlineData("dynamic rpc = client; dynamic math = rpc.math; await math.plus(1);")]
    [InlineData("dynamic rpc = client; await (rpc.math.plus(1)).ConfigureAwait(false);")]
    [InlineData("dynamic rpc = client; await rpc[\"math\"].plus(1);")]
    [InlineData("dynamic rpc = client; await rpc[\"math\"][\"plusAsync\"](1);")]
    [InlineData("dynamic rpc = client; Func<Task> later = async () => await rpc.math.Async();")]
    [InlineData("using dynamic rpc = client; if (await rpc.math.plus(1)) { }")]
    public async Task An_awaited_call_without_the_suffix_is_said(string body)
    {
        Compiled compiled = await Compiled.FromAsync($"class C {{ async Task M(GawClient client) {{ {body} }} }}");

        Diagnostic said = compiled.Said.Should().ContainSingle().Which;
        said.Id.Should().Be("GAW014");
        said.GetMessage(null).Should().Contain("is no task, so to await it fails after the call was made");
    }

    [Theory]
    [InlineData("dynamic rpc = client; await rpc.math.plusAsync(1, 2); int a = rpc.math.plus(1); var b = rpc[\"math\"][\"plus\"](1); await rpc.math.plusAsync().ConfigureAwait(false);")]
    [InlineData("dynamic other = new object(); await other.math.plus(1);")]
    [InlineData("dynamic rpc = client; rpc = new object(); await rpc.math.plus(1);")]
    [InlineData("dynamic rpc = client; Change(ref rpc); await rpc.math.plus(1); void Change(ref dynamic a) { }")]
    [InlineData("await client.CallAsync<int>(\"math/plus\"); await M(client); await Task.Yield();")]
    [InlineData("dynamic rpc = client; dynamic later = rpc.math.plusAsync(1); await later;")]
    public async Task What_may_be_awaited_or_is_not_known_is_not_spoken_of(string body)
    {
        Compiled compiled = await Compiled.FromAsync($"class C {{ async Task M(GawClient client) {{ {body} }} }}");

        compiled.Said.Should().BeEmpty();
    }

    [Fact]
    public async Task A_program_without_a_class_is_looked_at_too()
    {
        Compiled compiled = await Compiled.FromAsync("dynamic rpc = new GawClient(\"127.0.0.1\", 1);\nawait rpc.math.plus(1);");

        compiled.Said.Should().ContainSingle().Which.Id.Should().Be("GAW014");
    }
}
