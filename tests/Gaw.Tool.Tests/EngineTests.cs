using Gaw.Nats.Tests.Support;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>The commands on an engine: what there is, is asked of its workers.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task Services_are_run_listed_described_and_called_on_an_engine()
    {
        string engine = await NatsEngine.GetAddressAsync();
        await using ServingTool serving = await ToolRun.ServeAsync(Sample.Assembly, "--nats", engine, "--self-description", "always", "--kwargs", "hello_msg='hello!'");
        serving.FirstLine.Should().StartWith("Serving math_service on nats://127.0.0.1:");

        (await ToolRun.RunAsync("call", engine, "math_service/plus", "10", "20")).Should().Be(new ToolRun(0, "hello!: 30\n", ""));
        (await ToolRun.RunAsync("list", engine)).Out.Should().Contain("math_service/plus(a: int, b: int) -> string");
        (await ToolRun.RunAsync("list", engine, "math_service", "--json")).Out.Should().Contain("\"name\": \"math_service\"");
        (await ToolRun.RunAsync("list", engine, "--json")).Out.Should().StartWith("[{\"name\": \"math_service\"");
        (await ToolRun.RunAsync("describe", engine)).Out.Should().Contain("Adds two numbers.");
        (await ToolRun.RunAsync("describe", engine, "--json")).Out.Should().Contain("\"services\"").And.Contain("\"types\"");
        (await ToolRun.RunAsync("describe", engine, "math_service/plus", "--example")).Out.Should().Contain("math_service/plus 1 1");
        (await ToolRun.RunAsync("generate", "csharp", engine)).Out.Should().Contain("interface IMathService");
        (await ToolRun.RunAsync(["shell", engine], input: "math_service.plus(1, b=2)\nlist\n")).Out.Should().StartWith("hello!: 3\n").And.Contain("math_service/plus");
        (await ToolRun.RunAsync("bench", engine, "math_service/plus", "1", "2", "-d", "100ms", "--warmup", "1ms", "-c", "2")).Out.Should().Contain("errors 0");
    }

    [Fact]
    public async Task The_workers_of_an_engine_are_shown_one_by_one()
    {
        string engine = await NatsEngine.GetAddressAsync();
        await using GawServer first = await StartAsync(engine, "first", GawHealthStatus.Ok);
        await using GawServer second = await StartAsync(engine, "second", GawHealthStatus.Ok);
        (await ToolRun.RunAsync("health", engine)).ExitCode.Should().Be(0);
        await using GawServer ill = await StartAsync(engine, "second", GawHealthStatus.Unhealthy);

        ToolRun workers = await ToolRun.RunAsync("list", engine, "--workers");
        workers.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split("  ")[^1]).Should().BeEquivalentTo("first", "second", "second");
        (await ToolRun.RunAsync("list", engine, "second", "--workers", "--json")).Out.Split("\"process\"").Should().HaveCount(3);
        (await ToolRun.RunAsync("list", engine)).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().SatisfyRespectively(
            static line => line.Should().StartWith("first/hello"), static line => line.Should().StartWith("second/hello"));
        ToolRun health = await ToolRun.RunAsync("health", engine);
        health.ExitCode.Should().Be(2, "one of them is not well");
        health.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3).And.ContainSingle(static line => !line.EndsWith("ok", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_engine_on_which_nobody_says_what_he_offers_is_told_so()
    {
        string engine = await NatsEngine.GetAddressAsync();

        ToolRun run = await ToolRun.RunAsync("list", engine);

        run.ExitCode.Should().Be(3);
        run.Error.Should().Contain("--self-description always");
    }

    [Theory]
    [InlineData("list", "127.0.0.1:1", "--workers", "is for an engine")]
    [InlineData("run", "x.dll", "--nats", "127.0.0.1:1", "takes the address of an engine")]
    public async Task What_only_an_engine_can_do_is_refused_elsewhere(params string[] words)
    {
        ToolRun run = await ToolRun.RunAsync(words[..^1]);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(words[^1]);
    }

    private static async Task<GawServer> StartAsync(string engine, string service, GawHealthStatus health)
    {
        GawServer server = new(engine, new GawServerOptions { SelfDescription = SelfDescriptionPolicy.Always, Health = _ => new(new GawHealth(health)) });
        server.AddNamed<Greeter>(service);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    [Service("greeter")]
    public sealed class Greeter
    {
        [Entrypoint]
        public string Hello() => "hello";
    }
}
