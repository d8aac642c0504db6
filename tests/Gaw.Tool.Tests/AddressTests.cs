using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>Every command takes the addresses that the library takes, and a port of this machine.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("{0}")]
    [InlineData(":{0}")]
    [InlineData("127.0.0.1:{0}")]
    [InlineData("gaw://127.0.0.1:{0}")]
    [InlineData("localhost:{0}")]
    [InlineData("dns:///localhost:{0}")]
    [InlineData("127.0.0.1:{0},127.0.0.1:{0}")]
    public async Task A_call_goes_to_every_form_of_address(string form)
    {
        await using Sample sample = await Sample.StartAsync();

        ToolRun run = await ToolRun.RunAsync("call", string.Format(System.Globalization.CultureInfo.InvariantCulture, form, sample.Port), "math_service/plus", "10", "20");

        run.Should().Be(new ToolRun(0, "hello!: 30\n", ""));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5555", "http:// is no kind of address that Gaw knows")]
    [InlineData("127.0.0.1:5555/math_service", "it has a path")]
    [InlineData("nowhere", "it has no port")]
    [InlineData("99999", "its port is none")]
    [InlineData("::1:5555", "an IPv6 address stands in brackets")]
    [InlineData("dns://nowhere:5555", "Write three slashes")]
    [InlineData("nats://me:q7qw9w@127.0.0.1:x", "its port is none")]
    [InlineData("nats://me:q7qw9w@127.0.0.1:1,127.0.0.1:2", "cannot stand in one list")]
    [InlineData("nats://me:q7qw9w@127.0.0.1:1?colour=red", "colour")]
    public async Task What_is_no_address_is_one_line_that_shows_no_password(string address, string said)
    {
        ToolRun run = await ToolRun.RunAsync("call", address, "math_service/plus", "10", "20");

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(said).And.NotContain("q7q").And.NotContain("Parameter");
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle();
    }
}
