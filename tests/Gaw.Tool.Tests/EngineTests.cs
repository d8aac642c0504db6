using Gaw.Nats.Tests.Support;
using Gaw.Tool.Tests.Support;
using NATS.Client.Core;

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

    [Theory]
    [InlineData("1\n2\n3\n", "", "feed/count", "3")]
    [InlineData("1\n2\n3\n", "", "feed/endless", "--limit", "3", "--read-ahead", "1")]
    [InlineData("6\n", "1\n2\n3\n", "feed/add", "items=@-")]
    [InlineData("6\n", "", "feed/add", "items=[1, 2, 3]")]
    [InlineData("2\n4\n6\n", "1\n2\n3\n", "feed/twice", "items=@-")]
    [InlineData("[1, 2, 3]\n", "1\n2\n3\n", "feed/echo", "items=@-")]
    public async Task Items_go_both_ways_on_an_engine(string shown, string input, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync(engine: await NatsEngine.GetAddressAsync());

        ToolRun run = await ToolRun.RunAsync(["call", feed.Address, .. words], input);

        (run.ExitCode, run.Out).Should().Be((0, shown), run.Error);
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
        (await ToolRun.RunAsync("list", engine, "nobody", "--workers")).Error.Should().Contain("No worker of nobody at nats://").And.Contain("prefix");
    }

    [Fact]
    public async Task A_stranger_on_the_engine_forges_no_line_and_takes_no_service_from_a_list()
    {
        string engine = await NatsEngine.GetAddressAsync();
        string prefix = engine.Split("prefix=")[1];
        await using GawServer first = await StartAsync(engine, "first", GawHealthStatus.Ok);
        await using NatsConnection stranger = new(NatsOpts.Default with { Url = engine.Split('?')[0] });
        await using INatsSub<string> questions = await stranger.SubscribeCoreAsync<string>("$SRV.INFO", cancellationToken: TestContext.Current.CancellationToken);
        await stranger.PingAsync(TestContext.Current.CancellationToken);
        Task answering = AnswerAsync();

        ToolRun list = await RunUntilBothAnswerAsync(static run => run.Out.Contains("first", StringComparison.Ordinal) && run.Error.Contains("ghost", StringComparison.Ordinal), "list", engine);
        ToolRun workers = await RunUntilBothAnswerAsync(HasBoth, "list", engine, "--workers");
        ToolRun health = await RunUntilBothAnswerAsync(HasBoth, "health", engine);

        list.ExitCode.Should().Be(0);
        list.Out.Should().StartWith("first/hello").And.NotContain("ghost");
        list.Error.Should().Contain("ghost is left out");
        workers.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2, "two have a name that a worker can have").And.NotContain(static line => line.Contains('\u001b', StringComparison.Ordinal));
        health.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
        await questions.UnsubscribeAsync();
        await answering;

        async Task AnswerAsync()
        {
            await foreach (NatsMsg<string> question in questions.Msgs.ReadAllAsync())
            {
                await question.ReplyAsync(Introduce("ghost", "ghost", "ghost"));
                await question.ReplyAsync(Introduce("a b\\r\\nPUB x", "second", "second"));
                await question.ReplyAsync(Introduce("*", "third", "third"));
                await question.ReplyAsync(Introduce("liar", "first\\nforged", "first"));
                await question.ReplyAsync("{");
            }
        }

        string Introduce(string worker, string service, string token) =>
            $$"""{"id": "{{worker}}", "metadata": {"gaw.service": "{{service}}", "gaw.machine": "\u001b[31mred\nforged"}, "endpoints": [{"subject": "{{prefix}}.{{token}}.x"}]}""";
    }

    [Fact]
    public async Task Who_serves_on_an_engine_that_is_away_is_told_so_and_serves_when_it_comes()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        engine.Kill();
        LineWriter error = new();

        Task<ServingTool> starting = ToolRun.ServeAsync(error, Sample.Assembly, "--nats", engine.NewAddress(), "--kwargs", "hello_msg='x'");

        (await error.NextAsync()).Should().Contain("cannot be reached yet").And.Contain("Start nats-server there");
        await engine.RestartAsync();
        await using ServingTool serving = await starting;
        serving.FirstLine.Should().StartWith("Serving math_service on nats://");
    }

    [Theory]
    [InlineData("list", "127.0.0.1:1", "--workers", "is for an engine")]
    [InlineData("run", "x.dll", "--nats", "127.0.0.1:1", "127.0.0.1:1 is no address of an engine")]
    public async Task What_only_an_engine_can_do_is_refused_elsewhere(params string[] words)
    {
        ToolRun run = await ToolRun.RunAsync(words[..^1]);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(words[^1]);
    }

    private static bool HasBoth(ToolRun run) => run.Out.Contains("  first", StringComparison.Ordinal) && run.Out.Contains("  ghost", StringComparison.Ordinal);

    /// <summary>Who is slow to answer is not listed, so a busy machine needs several attempts.</summary>
    private static async Task<ToolRun> RunUntilBothAnswerAsync(Func<ToolRun, bool> isComplete, params string[] words)
    {
        ToolRun run = await ToolRun.RunAsync(words);
        for (int attempt = 0; !isComplete(run) && attempt < 100; attempt++)
        {
            run = await ToolRun.RunAsync(words);
        }

        return run;
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
