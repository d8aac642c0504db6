using Gaw.Tests.Support;
using Gaw.Tool.Terminals;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>Calls whose result is a stream: call, shell and bench.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData(false, "1\n2\n3\n", "feed/count", "3")]
    [InlineData(true, "1\n2\n3\n", "feed/count", "3")]
    [InlineData(false, "1\n2\n3\n", "feed/count", "3", "--json")]
    [InlineData(false, "", "feed/count", "0")]
    [InlineData(true, "", "feed/count", "0")]
    [InlineData(false, "{\"name\": \"nail\", \"weight\": 1.5}\nnull\n{\"name\": \"a\\nb\", \"weight\": \"NaN\"}\n", "feed/things")]
    [InlineData(true, "Thing(name: \"nail\", weight: 1.5)\nnull\nThing(name: \"a\\nb\", weight: NaN)\n", "feed/things")]
    [InlineData(true, "{\"name\": \"nail\", \"weight\": 1.5}\nnull\n{\"name\": \"a\\nb\", \"weight\": \"NaN\"}\n", "feed/things", "--json")]
    [InlineData(false, "\"one\"\n\"two words\"\n", "feed/texts", "one", "two words")]
    [InlineData(true, "one\ntwo words\n", "feed/texts", "one", "two words")]
    [InlineData(true, "a\\x1b]0;title\\x07b\n", "feed/texts", "a\u001b]0;title\u0007b")]
    [InlineData(false, "[1, 2, 3]\n", "feed/list", "3")]
    [InlineData(false, "[]\n", "feed/list", "0")]
    [InlineData(false, "(1, \"a\")\n", "feed/pair")]
    [InlineData(false, "null\n", "feed/nothing")]
    public async Task Items_are_written_one_a_line_and_a_value_as_before(bool terminal, string shown, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        ToolRun run = await ToolRun.RunAsync(["call", feed.Address, .. words], terminal: terminal);

        run.Should().Be(new ToolRun(0, shown, ""));
    }

    [Fact]
    public async Task An_item_is_there_before_the_next_is_made()
    {
        await using FeedServer feed = await FeedServer.StartAsync();
        LineWriter output = new();
        Task<int> running = GawTool.RunAsync(["call", feed.Address, "feed/steps", "--limit", "3"], CreateTerminal(output));

        for (int i = 1; i <= 3; i++)
        {
            (await output.NextAsync()).Should().Be($"{i}");
            feed.Step.Release();
        }

        (await running.WithinAsync(TestTimeouts.Limit, static () => "it did not end")).Should().Be(0);
    }

    [Theory]
    [InlineData("1\n2\n", "gaw: Ended the stream after 2 items (--limit).\n", "2")]
    [InlineData("1\n", "gaw: Ended the stream after 1 item (--limit).\n", "1")]
    [InlineData("1\n2\n", "{\"warning\": \"Ended the stream after 2 items (--limit).\"}\n", "2", "--json")]
    public async Task A_limit_ends_the_method_on_the_server(string shown, string said, string limit, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        ToolRun run = await ToolRun.RunAsync(["call", feed.Address, "feed/endless", "--limit", limit, .. words]);

        run.Should().Be(new ToolRun(0, shown, said));
        await feed.Left.WithinAsync(TestTimeouts.Limit, static () => "the method goes on");
    }

    [Fact]
    public async Task Items_that_are_made_when_they_are_asked_for_are_not_made_beyond_the_limit()
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        (await ToolRun.RunAsync("call", feed.Address, "feed/endless", "--limit", "5", "--read-ahead", "1")).Out.Should().Be("1\n2\n3\n4\n5\n");

        await feed.Left.WithinAsync(TestTimeouts.Limit, static () => "the method goes on");
        feed.Made.Should().Be(5);
    }

    [Theory]
    [InlineData("7\n", "gaw: feed/value gives one value and no stream, so --limit changed nothing.\n", "feed/value", "--limit", "3")]
    [InlineData("[1, 2, 3]\n", "gaw: feed/list gives one value and no stream, so --limit and --read-ahead changed nothing.\n", "feed/list", "3", "--limit", "2", "--read-ahead", "1")]
    public async Task A_limit_on_what_is_no_stream_is_said_to_do_nothing(string shown, string said, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        (await ToolRun.RunAsync(["call", feed.Address, .. words])).Should().Be(new ToolRun(0, shown, said));
    }

    [Theory]
    [InlineData(2, "1\n2\n", "gaw: feed/fail failed on the server with ValueError: no more. Before that came 2 items.\n", "feed/fail", "2")]
    [InlineData(2, "", "gaw: feed/fail failed on the server with ValueError: no more\n", "feed/fail", "0")]
    [InlineData(2, "1\n", "{\"error\": {\"kind\": \"remote\", \"exit_code\": 2, \"name\": \"ValueError\", \"message\": \"no more\", \"path\": \"feed/fail\", \"advice\": \"feed/fail failed on the server with ValueError: no more. Before that came 1 item.\"}}\n", "feed/fail", "1", "--json")]
    [InlineData(2, "", "gaw: feed/cuont failed on the server with KeyError: path: feed/cuont not found, did you mean feed/count?\n", "feed/cuont", "--limit", "1")]
    [InlineData(1, "", "gaw: --limit 0 is no number of items. Give 1 or more.\n", "feed/count", "3", "--limit", "0")]
    [InlineData(1, "", "gaw: --read-ahead -1 is no number of items. Give 1 or more.\n", "feed/count", "3", "--read-ahead", "-1")]
    [InlineData(1, "", "gaw: --limit few is no whole number. See gaw call --help.\n", "feed/count", "3", "--limit", "few")]
    public async Task A_failure_comes_after_the_items_before_it(int exitCode, string shown, string said, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync(new GawServerOptions { Traces = TracePolicy.Never });

        (await ToolRun.RunAsync(["call", feed.Address, .. words])).Should().Be(new ToolRun(exitCode, shown, said));
    }

    [Fact]
    public async Task A_server_that_goes_away_in_the_middle_is_named_after_the_items()
    {
        await using FeedServer feed = await FeedServer.StartAsync(new GawServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(1) });
        LineWriter output = new();
        StringWriter error = new() { NewLine = "\n" };
        Task<int> running = GawTool.RunAsync(["call", feed.Address, "feed/steps"], CreateTerminal(output, error));
        await output.NextAsync();

        await feed.Server.StopAsync(TestContext.Current.CancellationToken);

        (await running.WithinAsync(TestTimeouts.Limit, static () => "it did not end")).Should().Be(3);
        error.ToString().Should().StartWith("gaw: ").And.Contain(feed.Address).And.EndWith(". Before that came 1 item.\n");
    }

    [Fact]
    public async Task An_item_may_be_huge()
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        (await ToolRun.RunAsync("call", feed.Address, "feed/huge", "2000000")).Should().Be(new ToolRun(0, $"\"{new string('x', 2000000)}\"\n", ""));
    }

    [Fact]
    public async Task Who_reads_no_further_ends_the_stream_without_a_word()
    {
        await using FeedServer feed = await FeedServer.StartAsync();
        StringWriter error = new();

        int exitCode = await GawTool.RunAsync(["call", feed.Address, "feed/endless"], CreateTerminal(new Narrow(3, new IOException("Broken pipe", 32)), error)).WithinAsync(TestTimeouts.Limit, static () => "it did not end");

        exitCode.Should().Be(0);
        error.ToString().Should().BeEmpty();
        await feed.Left.WithinAsync(TestTimeouts.Limit, static () => "the method goes on");
    }

    [Fact]
    public async Task Output_that_cannot_be_written_is_no_quiet_end()
    {
        await using FeedServer feed = await FeedServer.StartAsync();
        StringWriter error = new() { NewLine = "\n" };

        int exitCode = await GawTool.RunAsync(["call", feed.Address, "feed/endless"], CreateTerminal(new Narrow(3, new IOException("No space left on device", 28)), error)).WithinAsync(TestTimeouts.Limit, static () => "it did not end");

        exitCode.Should().Be(1);
        error.ToString().Should().Contain("No space left on device").And.EndWith("\n");
    }

    [Theory]
    [InlineData("[1, 2, 3]\n", "1\n2\n\n3\n", "feed/echo", "items=@-")]
    [InlineData("[Thing(name: \"nail\", weight: 1.5)]\n", "{\"_v\": {\"name\": \"nail\", \"weight\": 1.5}, \"_t\": \"Thing\"}", "feed/echo", "items=@-")]
    [InlineData("[]\n", "", "feed/echo", "items=@-")]
    [InlineData("\"@-\"\n", "1\n", "feed/echo", "--string", "items=@-", "--json")]
    [InlineData("6\n", "1\n2\n\n3\n", "feed/add", "items=@-")]
    [InlineData("2\n4\n6\n", "1\n2\n3\n", "feed/twice", "items=@-")]
    [InlineData("6\n", "", "feed/add", "items=[1, 2, 3]")]
    [InlineData("@there is no such file\n", "", "feed/echo", "items=@there is no such file")]
    public async Task The_items_of_an_argument_are_read_from_stdin(string shown, string input, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        (await ToolRun.RunAsync(["call", feed.Address, .. words], input)).Should().Be(new ToolRun(0, shown, ""));
    }

    [Fact]
    public async Task The_items_of_an_argument_are_read_from_a_file()
    {
        await using FeedServer feed = await FeedServer.StartAsync();
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "1\n2\n", TestContext.Current.CancellationToken);

        (await ToolRun.RunAsync("call", feed.Address, "feed/add", $"items=@{file}")).Should().Be(new ToolRun(0, "3\n", ""));
        (await ToolRun.RunAsync("call", feed.Address, "feed/echo", $"items=@{file}")).Should().Be(new ToolRun(0, "[1, 2]\n", ""));
        File.Delete(file);
    }

    [Fact]
    public async Task A_line_that_is_no_item_ends_a_stream_in_its_middle()
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        (await ToolRun.RunAsync(["call", feed.Address, "feed/add", "items=@-"], "1\ntwo\n")).Should().Be(
            new ToolRun(1, "", "gaw: items=@-: line 2 is not JSON: Byte 0 of the document: met a letter where true was expected. Each line on stdin is one item.\n"));
    }

    [Fact]
    public async Task A_list_shows_which_arguments_stream()
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        (await ToolRun.RunAsync("list", feed.Address)).Out.Should().Contain("add(items: stream of int) -> int");
        (await ToolRun.RunAsync("generate", "csharp", feed.Address)).Out.Should().Contain("Task<int> AddAsync(IAsyncEnumerable<int> items");
        (await ToolRun.RunAsync("generate", "python", feed.Address)).Out.Should().Contain("def add(self, items: list[int]) -> int:");
    }

    [Theory]
    [InlineData("gaw: items=@-: line 3 is not JSON: Byte 0 of the document: met a letter where true was expected. Each line on stdin is one item.\n", "1\n\ntwo\n", "items=@-")]
    [InlineData("gaw: items=@- and more=@- both read stdin, which can be read once.\n", "1\n", "items=@-", "more=@-")]
    [InlineData("gaw: --data - and items=@- both read stdin, which can be read once.\n", "{}", "items=@-", "--data", "-")]
    public async Task What_is_wrong_with_stdin_is_said_with_its_line(string said, string input, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        (await ToolRun.RunAsync(["call", feed.Address, "feed/echo", .. words], input)).Should().Be(new ToolRun(1, "", said));
    }

    [Fact]
    public async Task A_shell_shows_items_and_goes_on()
    {
        await using FeedServer feed = await FeedServer.StartAsync(new GawServerOptions { Traces = TracePolicy.Never });

        ToolRun run = await ToolRun.RunAsync(["shell", feed.Address], "feed.things()\nfeed.fail(1)\nfeed.count(0)\nfeed.nothing()\nfeed.value()\n");

        run.Should().Be(new ToolRun(2, "Thing(name: \"nail\", weight: 1.5)\nnull\nThing(name: \"a\\nb\", weight: NaN)\n1\n7\n", "gaw: feed/fail failed on the server with ValueError: no more\n"));
    }

    [Fact]
    public async Task A_measurement_counts_items()
    {
        await using FeedServer feed = await FeedServer.StartAsync();

        ToolRun json = await ToolRun.RunAsync("bench", feed.Address, "feed/count", "10", "-c", "4", "-d", "100ms", "--warmup", "10ms", "--json");
        json.ExitCode.Should().Be(0, json.Error);
        Dictionary<string, object?> figures = GawSerializer.Deserialize<Dictionary<string, object?>>(json.Out)!;
        figures.Keys.Should().Equal(
            "path", "callers", "seconds", "items", "items_per_second", "calls", "calls_per_second", "errors", "first_p50_us", "first_p90_us", "first_p99_us", "first_p99_9_us", "first_max_us");
        ((IConvertible)figures["items"]!).ToInt64(null).Should().BeGreaterThanOrEqualTo(((IConvertible)figures["calls"]!).ToInt64(null) * 10).And.BePositive();

        ToolRun text = await ToolRun.RunAsync(["bench", feed.Address, "feed/endless", "-c1", "-d", "100ms", "--warmup", "10ms"], variables: new() { ["NO_COLOR"] = "1" }, terminal: true);
        text.Should().Match<ToolRun>(static run => run.ExitCode == 0 && run.Error == "");
        text.Out.Should().MatchRegex("^feed/endless: [\\d,]+ items/s \\([\\d,]+ items, 0 streams to their end, by 1 caller in ").And.Contain("first item after p50").And.Contain("errors 0");
        (await ToolRun.RunAsync("bench", feed.Address, "feed/fail", "0", "-d", "100ms")).ExitCode.Should().Be(2, "what is wrong with the call shows before the measurement");
    }

    [Fact]
    public async Task A_list_of_a_python_server_is_a_list()
    {
        await using PythonServer python = await PythonPeer.StartServerAsync();

        (await ToolRun.RunAsync("call", $"{python.Port}", "v/opt", "1", "--limit", "1")).Should().Be(
            new ToolRun(0, "[1, 2, \"see\"]\n", "gaw: v/opt gives one value and no stream, so --limit changed nothing.\n"));
    }

    private static Terminal CreateTerminal(TextWriter output, TextWriter? error = null) => new()
    {
        OpenIn = static () => TextReader.Null,
        RawOut = output,
        RawError = error ?? TextWriter.Null,
        GetVariable = static _ => null,
    };

    /// <summary>Takes so many lines, and then fails.</summary>
    private sealed class Narrow(int lines, IOException failure) : StringWriter
    {
        private int _left = lines;

        public override void WriteLine(string? value)
        {
            if (_left-- == 0)
            {
                throw failure;
            }
        }
    }
}
