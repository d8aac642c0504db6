using System.Text.Json;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>What <c>gaw run</c> says of its services, and in which form.</summary>
public sealed class RunLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    public RunLogTests() => CompiledCode.Write(Path.Combine(_folder, "Boom.dll"), """
        using Microsoft.Extensions.Logging;
        public sealed class Boom(ILogger<Boom> log, ILoggerFactory logs, ILogger plain)
        {
            [Gaw.Entrypoint] public void Fail() => throw new System.InvalidOperationException("two\nlines");
            [Gaw.Entrypoint] public void Meant() => throw new Gaw.GawError("KeyError", "no such colour");
            [Gaw.Entrypoint] public void Say(string text) { log.LogWarning("it says {Text}", text); plain.LogDebug("and more"); logs.CreateLogger("x").LogDebug("and more"); }
        }
        """);

    [Fact]
    public async Task What_a_method_throws_is_a_line_on_stderr()
    {
        await using ServingTool tool = await ServeAsync();
        await ToolRun.RunAsync("call", $"{tool.Port}", "boom/meant");
        await ToolRun.RunAsync("call", $"{tool.Port}", "boom/fail");
        await ToolRun.RunAsync("call", $"{tool.Port}", "boom/say", "a\nb");

        (await tool.Error.NextAsync()).Should().Be("warning     boom/fail threw an exception; the caller gets the error. (InvalidOperationException: two lines)");
        (await tool.Error.NextAsync()).Should().Be("warning     it says a b", "a constructor gets a logger of the tool's");
    }

    [Fact]
    public async Task At_work_on_the_services_one_sees_the_stack_trace()
    {
        await using ServingTool tool = await ServeAsync("--watch");
        await ToolRun.RunAsync("call", $"{tool.Port}", "boom/fail");

        (await tool.Error.NextAsync()).Split('\n').Should().Match(lines => lines.First().StartsWith("warning     boom/fail threw") && lines.Any(line => line.Contains("at Boom.Fail()")));
    }

    [Fact]
    public async Task For_machines_each_message_is_an_object()
    {
        await using ServingTool tool = await ServeAsync("--log-format", "json", "--log-level", "debug");
        await ToolRun.RunAsync("call", $"{tool.Port}", "boom/fail");
        JsonElement message;
        do
        {
            using JsonDocument document = JsonDocument.Parse(await tool.Error.NextAsync());
            message = document.RootElement.Clone();
        }
        while (message.GetProperty("level").GetString() != "warning");

        message.GetProperty("event").GetInt32().Should().Be(206);
        message.GetProperty("category").GetString().Should().NotBeEmpty();
        message.GetProperty("time").GetDateTime().Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromMinutes(5));
        message.GetProperty("exception").GetProperty("message").GetString().Should().Be("two\nlines");
        message.GetProperty("exception").GetProperty("trace").GetString().Should().Contain("at Boom.Fail()");
    }

    [Fact]
    public async Task What_is_less_than_the_level_stays_unsaid()
    {
        await using ServingTool tool = await ServeAsync("--log-level", "none");
        await ToolRun.RunAsync("call", $"{tool.Port}", "boom/fail");

        tool.Error.ToString().Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_everybody_can_reach_is_warned_of()
    {
        await using ServingTool tool = await ServeAsync("--ip", "0.0.0.0");

        (await tool.Error.NextAsync()).Should().StartWith("warning     Listening on 0.0.0.0 without a secret or TLS: everybody who can reach this port can call every method.");
        (await ToolRun.RunAsync("list", $"{tool.Port}")).Error.Should().Contain("gaw run --self-description always");
        await using ServingTool described = await ServeAsync("--ip", "0.0.0.0", "--self-description", "always");
        (await ToolRun.RunAsync("list", $"{described.Port}")).Out.Should().Contain("boom/say");
    }

    [Theory]
    [InlineData("--log-level loud is no level. Give debug, information, warning, error or none.", "--log-level", "loud")]
    [InlineData("--log-format xml is no format. Give text or json.", "--log-format", "xml")]
    [InlineData("--self-description maybe is none of always, never and auto.", "--self-description", "maybe")]
    [InlineData("--drain-timeout 0s is too short. Give 1ms or more.", "--drain-timeout", "0s")]
    [InlineData("--drain-timeout 501h is too long. Give 500h or less.", "--drain-timeout", "501h")]
    [InlineData("--drain-timeout soon is no time. Write 5s, 500ms or 2m.", "--drain-timeout", "soon")]
    public async Task What_is_no_setting_is_said(string problem, params string[] options)
    {
        ToolRun run = await ToolRun.RunAsync([Path.Combine(_folder, "Boom.dll"), .. options]);

        run.Should().Be(new ToolRun(1, "", $"gaw: {problem}\n"));
    }

    [Fact]
    public async Task The_environment_gives_settings_too_and_is_named_where_it_is_wrong()
    {
        string[] run = [Path.Combine(_folder, "Boom.dll")];

        (await ToolRun.RunAsync(run, variables: new() { ["GAW_LOG_LEVEL"] = "loud" })).Error.Should().Be("gaw: GAW_LOG_LEVEL loud is no level. Give debug, information, warning, error or none.\n");
        (await ToolRun.RunAsync(run, variables: new() { ["GAW_PORT"] = "many" })).Error.Should().Be("gaw: GAW_PORT many is no whole number. See gaw run --help.\n");
        (await ToolRun.RunAsync(run, variables: new() { ["GAW_ENCRYPT"] = "perhaps" })).Error.Should().Be("gaw: GAW_ENCRYPT=perhaps is neither on nor off. Write GAW_ENCRYPT=1 or GAW_ENCRYPT=0.\n");
        (await ToolRun.RunAsync(["call", "1", "a/b"], variables: new() { ["GAW_TIMEOUT"] = "soon" })).Error.Should().Be("gaw: GAW_TIMEOUT soon is no time. Write 5s, 500ms or 2m.\n");
        (await ToolRun.RunAsync(["call", "1", "a/b"], variables: new() { ["GAW_SECRET_FILE"] = "/there/is/none" })).Error.Should().StartWith("gaw: The secret file cannot be read:");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ServingTool> ServeAsync(params string[] options) => ToolRun.ServeAsync([Path.Combine(_folder, "Boom.dll"), "--port", "0", .. options]);
}
