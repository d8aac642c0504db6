using System.Net.Sockets;
using Gaw.Tests.Support;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>What talks to a running server: call, list, describe, health, shell, bench.</summary>
public sealed class CallTests
{
    [Theory]
    [InlineData("hello!: 30\n", "math_service/plus", "10", "20")]
    [InlineData("hello!: 30\n", "math_service.plus", "10", "b=20")]
    [InlineData("hello!: 30\n", "math_service/plus", "--data", "{\"a\": 10, \"b\": 20}")]
    [InlineData("hello!: 30\n", "math_service/plus", "--data", "[10, 20]")]
    [InlineData("hello!: 30\n", "math_service/plus", "--data", "-")]
    [InlineData("hello!: -3\n", "math_service/plus", "-1", "b=-2")]
    [InlineData("Division(header: \"hello!\", quotient: 3, rest: 2)\n", "math_service/divide", "17", "5")]
    [InlineData("{\"header\": \"hello!\", \"quotient\": 3, \"rest\": 2}\n", "math_service/divide", "17", "5", "--json")]
    [InlineData("6.5\n", "math_service/sum", "1", "2", "3.5")]
    [InlineData("3.0\n", "math_service/round", "2.5", "towards=Away")]
    public async Task A_call_shows_its_result(string shown, params string[] words)
    {
        await using Sample sample = await Sample.StartAsync();

        ToolRun run = await ToolRun.RunAsync(["call", sample.Address, .. words], input: "[10, 20]");

        run.Should().Be(new ToolRun(0, shown, ""));
    }

    [Fact]
    public async Task The_arguments_may_stand_in_a_file()
    {
        await using Sample sample = await Sample.StartAsync();
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "{\"a\": 1, \"b\": 2}", TestContext.Current.CancellationToken);
            (await ToolRun.RunAsync("call", sample.Address, "math_service/plus", "--data", "@" + file)).Out.Should().Be("hello!: 3\n");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("error_divide.txt", 2, "math_service/divide", "1", "0")]
    [InlineData("error_unknown_method.txt", 2, "math_service/plsu", "1", "0")]
    [InlineData("error_missing_argument.txt", 2, "math_service/plus", "1")]
    [InlineData("error_wrong_type.txt", 2, "math_service/plus", "1", "two")]
    [InlineData("error_no_method.txt", 1, "plus")]
    [InlineData("error_doubled_name.txt", 1, "math_service/plus", "a=1", "a=2")]
    [InlineData("error_bad_data.txt", 1, "math_service/plus", "--data", "{a: 1}")]
    [InlineData("error_scalar_data.txt", 1, "math_service/plus", "--data", "1")]
    [InlineData("error_no_data_file.txt", 1, "math_service/plus", "--data", "@there/is/none.json")]
    [InlineData("error_unknown_option.txt", 1, "math_service/plus", "1", "2", "--tiemout", "5s")]
    [InlineData("error_bad_time.txt", 1, "math_service/plus", "1", "2", "--timeout", "soon")]
    public async Task What_is_wrong_with_a_call_is_one_line(string approved, int exitCode, params string[] words)
    {
        await using Sample sample = await Sample.StartAsync(new GawServerOptions { Traces = TracePolicy.Never });

        ToolRun run = await ToolRun.RunAsync(["call", sample.Address, .. words]);

        run.ExitCode.Should().Be(exitCode);
        run.Out.Should().BeEmpty();
        Approved.Check(run.Error.Replace(Directory.GetCurrentDirectory(), ".", StringComparison.Ordinal), approved, sample.Port);
    }

    [Theory]
    [InlineData("error_no_port.txt", 1, "localhost")]
    [InlineData("error_bad_port.txt", 1, "localhost:70000")]
    [InlineData("error_bare_ipv6.txt", 1, "::1:5555")]
    [InlineData("error_unknown_host.txt", 3, "there.is.no.such.host.invalid:5555")]
    [InlineData("error_nothing_listens.txt", 3, "127.0.0.1:1")]
    public async Task A_server_that_is_not_there_is_named(string approved, int exitCode, string address)
    {
        ToolRun run = await ToolRun.RunAsync("call", address, "math_service/plus", "1", "2");

        run.ExitCode.Should().Be(exitCode);
        Approved.Check(run.Error, approved);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_in_a_time_out()
    {
        using TcpListener listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        ToolRun run = await ToolRun.RunAsync("call", $"{port}", "math_service/plus", "1", "2", "--timeout", "100ms");

        run.ExitCode.Should().Be(4);
        Approved.Check(run.Error, "error_timeout.txt", port);
    }

    [Fact]
    public async Task The_whole_exception_is_there_for_those_who_ask()
    {
        await using Sample sample = await Sample.StartAsync();

        (await ToolRun.RunAsync("call", sample.Address, "math_service/divide", "1", "0", "--trace")).Error.Should().Contain(nameof(GawRemoteException)).And.Contain("   at ");
        (await ToolRun.RunAsync("call", sample.Address, "math_service/plus", "1", "0", "-v")).Error.Should().Contain($"127.0.0.1:{sample.Port}");
    }

    [Theory]
    [InlineData("list.txt", "list")]
    [InlineData("list_json.txt", "list", "--json")]
    [InlineData("describe.txt", "describe")]
    [InlineData("describe_example.txt", "describe", "math_service/divide", "--example")]
    [InlineData("describe_dotted.txt", "describe", "math_service.round", "--example")]
    [InlineData("describe_json.txt", "describe", "math_service/plus", "--json")]
    [InlineData("health.txt", "health")]
    [InlineData("health_json.txt", "health", "--json")]
    public async Task A_server_is_described(string approved, string command, params string[] words)
    {
        await using Sample sample = await Sample.StartAsync();

        ToolRun run = await ToolRun.RunAsync([command, sample.Address, .. words]);

        run.ExitCode.Should().Be(0, run.Error);
        Approved.Check(run.Out, approved, sample.Port);
    }

    [Theory]
    [InlineData("shop.stock/plus")]
    [InlineData("shop.stock.plus")]
    public async Task A_method_of_a_service_with_a_dot_in_its_name_is_described_as_it_is_called(string path)
    {
        await using GawServer server = new("127.0.0.1", 0);
        server.AddNamed<MathService>("shop.stock", "hello!");
        await server.StartAsync(TestContext.Current.CancellationToken);
        string address = $"127.0.0.1:{server.LocalEndPoint.Port}";

        (await ToolRun.RunAsync("call", address, path, "10", "20")).Should().Be(new ToolRun(0, "hello!: 30\n", ""));
        ToolRun described = await ToolRun.RunAsync("describe", address, path);
        described.Error.Should().BeEmpty();
        described.Out.Should().StartWith("shop.stock/plus(a: int, b: int)");
        (await ToolRun.RunAsync(["shell", address], input: $"describe {path}\n")).Out.Should().Be(described.Out);
        ToolRun whole = await ToolRun.RunAsync("describe", address, "shop.stock");
        whole.Error.Should().BeEmpty();
        whole.Out.Should().Contain("shop.stock/plus(a: int, b: int)");
        (await ToolRun.RunAsync("describe", address, "shop.stok")).Error.Should().Contain("shop.stok").And.Contain("did you mean shop.stock");
    }

    [Fact]
    public async Task Defaults_are_shown_in_the_letters_that_they_are_written_in()
    {
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Letters>();
        await server.StartAsync(TestContext.Current.CancellationToken);

        (await ToolRun.RunAsync("list", $"{server.LocalEndPoint.Port}")).Out.Should().Be("letters/say(v: string = \"ñ日本😀 \\\"\\\\u00f1\\n\\u202e\") -> string\n");
    }

    [Theory]
    [InlineData("terminal_list.txt", "list")]
    [InlineData("terminal_describe.txt", "describe", "math_service/plus")]
    public async Task A_person_sees_tables(string approved, string command, params string[] words)
    {
        await using Sample sample = await Sample.StartAsync();

        ToolRun run = await ToolRun.RunAsync([command, sample.Address, .. words], variables: new() { ["NO_COLOR"] = "1" }, terminal: true);

        run.ExitCode.Should().Be(0, run.Error);
        run.Out.Should().NotContain("\u001b[3", "NO_COLOR is set");
        Approved.Check(run.Out, approved, sample.Port);
    }

    [Fact]
    public async Task A_terminal_takes_no_orders_from_a_result()
    {
        await using JsonWeb.JsonWebServer server = new("127.0.0.1", 0);
        server.Map("s/m", _ => new("a\u001b]0;title\u0007\nb"));
        await server.StartAsync(TestContext.Current.CancellationToken);
        string[] call = ["call", $"{server.LocalEndPoint.Port}", "s/m"];

        (await ToolRun.RunAsync(call, terminal: true)).Out.Should().Be("a\\x1b]0;title\\x07\nb\n");
        (await ToolRun.RunAsync(call)).Out.Should().Be("a\u001b]0;title\u0007\nb\n", "a pipe gets what came");
    }

    [Theory]
    [InlineData("error_unknown_service.txt", "list", "math_servise")]
    [InlineData("error_unknown_path.txt", "describe", "math_service/pluss")]
    public async Task What_is_not_there_is_said_with_the_nearest(string approved, params string[] words)
    {
        await using Sample sample = await Sample.StartAsync();

        ToolRun run = await ToolRun.RunAsync([words[0], sample.Address, .. words[1..]]);

        run.ExitCode.Should().Be(2);
        Approved.Check(run.Error, approved, sample.Port);
    }

    [Fact]
    public async Task A_python_server_is_called_and_says_what_it_cannot()
    {
        await using PythonServer python = await PythonPeer.StartServerAsync();

        ToolRun list = await ToolRun.RunAsync("list", $"{python.Port}");
        list.ExitCode.Should().Be(2);
        Approved.Check(list.Error, "error_python_list.txt", python.Port);
        (await ToolRun.RunAsync("call", $"{python.Port}", "math_service/plus", "10", "20")).Out.Should().Be("hello!: 30\n");
        (await ToolRun.RunAsync("health", $"{python.Port}")).Should().Be(new ToolRun(0, "ok\n", ""));
        (await ToolRun.RunAsync(["shell", $"{python.Port}"], "math_service.plus(1, 2)\n")).Out.Should().Be("hello!: 3\n");
        (await ToolRun.RunAsync("bench", $"{python.Port}", "math_service/plus", "1", "2", "-d", "50ms", "--warmup", "10ms")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_shell_on_a_pipe_calls_line_by_line()
    {
        await using Sample sample = await Sample.StartAsync();
        string lines = """
            # a comment
            math_service.plus(10, b=20)

            math_service/divide(17, 5)
            math_service.round(2.5, towards='Away')
            math_service.sum(*3)
            math_service.plus(1, 2
            math_service.divide(1, 0)
            lst
            list
            describe math_service.plus
            exit
            math_service.plus(0, 0)
            """;

        ToolRun run = await ToolRun.RunAsync(["shell", sample.Address], lines);

        run.ExitCode.Should().Be(1, "the last failure was a usage error");
        Approved.Check(run.Out + "--- stderr\n" + run.Error, "shell.txt", sample.Port);
    }

    [Fact]
    public async Task A_measurement_counts_calls_and_times()
    {
        await using Sample sample = await Sample.StartAsync();

        ToolRun json = await ToolRun.RunAsync("bench", sample.Address, "math_service/plus", "1", "2", "-c", "4", "-d", "100ms", "--warmup", "10ms", "--json");
        json.ExitCode.Should().Be(0, json.Error);
        Dictionary<string, object?> figures = GawSerializer.Deserialize<Dictionary<string, object?>>(json.Out)!;
        figures.Keys.Should().Equal("path", "callers", "seconds", "calls", "calls_per_second", "errors", "p50_us", "p90_us", "p99_us", "p99_9_us", "max_us");
        ((IConvertible)figures["calls"]!).ToInt64(null).Should().BePositive();
        figures["errors"].Should().Be(0);

        ToolRun text = await ToolRun.RunAsync(["bench", sample.Address, "math_service/plus", "1", "2", "-c1", "-d", "100ms", "--warmup", "10ms"], variables: new() { ["NO_COLOR"] = "1" }, terminal: true);
        text.Out.Should().Contain("calls/s").And.Contain("p99.9").And.Contain("errors 0").And.Contain("█");
        (await ToolRun.RunAsync("bench", sample.Address, "math_service/plsu")).ExitCode.Should().Be(2, "what is wrong with the call shows before the measurement");
        (await ToolRun.RunAsync("bench", sample.Address, "math_service/plus", "-c", "0")).ExitCode.Should().Be(1);
    }

    public sealed class Letters
    {
        [Entrypoint]
        public string Say(string v = "ñ日本😀 \"\\u00f1\n\u202e") => v;
    }
}
