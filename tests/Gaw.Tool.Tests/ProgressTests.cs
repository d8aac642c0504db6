using Gaw.Tests.Support;
using Gaw.Tool.Terminals;
using Gaw.Tool.Tests.Support;
using Gaw.Tool.Values;

namespace Gaw.Tool.Tests;

/// <summary>What a method says of its progress, as a line of a terminal.</summary>
public sealed class ProgressTests
{
    public static TheoryData<string, object?, int> Lines() => new()
    {
        { "[                                        ]   0 %", 0.0, 80 },
        { "[####################                    ]  50 %", 0.5, 80 },
        { "[#####################################   ]  94 %", 0.949, 80 },
        { "[####################################### ]  99 %", 0.999, 80 },
        { "[########################################] 100 %", 1.0, 80 },
        { "[###########                             ]  29 %", 0.29, 80 },
        { "[                                        ]   1 %", 1, 80 },
        { "[####################                    ]  50 %", 50, 80 },
        { "[####################                    ]  50 %", 50L, 80 },
        { "[####################                    ]  50 %", 50.5, 80 },
        { "[########################################] 100 %", 100, 80 },
        { "101", 101, 80 },
        { "-1", -1, 80 },
        { "-0.1", -0.1, 80 },
        { "NaN", double.NaN, 80 },
        { "null", null, 80 },
        { "true", true, 80 },
        { "reading items.csv", "reading items.csv", 80 },
        { "two lines", "two\nlines", 80 },
        { "a\\x1b[2Jb", "a\u001b[2Jb", 80 },
        { "[########################################] 3 of 3", new object?[] { 3, 3 }, 80 },
        { "[####################                    ] 1 of 2", (1, 2), 80 },
        { "(4, 3)", new object?[] { 4, 3 }, 80 },
        { "(1, 0)", new object?[] { 1, 0 }, 80 },
        { "(\"a\", 3)", new object?[] { "a", 3 }, 80 },
        { "[##########                              ] 50 of 200", new GawObject("Progress", new Dictionary<string, object?> { ["done"] = 50, ["of"] = 200 }), 80 },
        { "[##########                              ] 1.5 of 6.0, items.csv", new Dictionary<string, object?> { ["current"] = 1.5, ["total"] = 6.0, ["file"] = "items.csv" }, 80 },
        { "Step(name: \"first\")", new GawObject("Step", new Dictionary<string, object?> { ["name"] = "first" }), 80 },
        { "[##########          ]  50 %", 0.5, 29 },
        { "[##   ]  50 %", 0.5, 14 },
        { " 50 %", 0.5, 13 },
        { "reading i…", "reading items.csv", 11 },
        { "日本語…", "日本語テキスト", 9 },
        { "…", "long", 1 },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_report_is_a_bar_where_it_says_how_much_is_done(string line, object? report, int width)
    {
        string shown = ProgressLine.Of(report).Render(width);

        shown.Should().Be(line);
        Shell.Cells.WidthOfText(shown).Should().BeLessThanOrEqualTo(Math.Max(1, width - 1));
    }

    [Fact]
    public void A_bar_stands_below_what_is_written_and_is_gone_at_the_end()
    {
        Screen screen = new(40, 5);
        using ProgressView view = new(new ScreenWriter(screen), () => screen.Width);

        view.Report(0.5);
        screen.Text.Should().Be("[###############                ]  50 %");
        view.WriteBeside(() => screen.Write("one\r\n"));
        screen.Text.Should().Be("one");
        view.Report("reading");
        screen.Text.Should().Be("one\nreading");
        view.Report("no");
        screen.Text.Should().Be("one\nno", "a shorter line leaves nothing of a longer one");
        view.Dispose();
        view.Report(1.0);
        screen.Text.Should().Be("one", "a late report is not shown");
    }

    [Theory]
    [InlineData("feed/import", "3", "3\n")]
    [InlineData("feed/report", "3", "1\n2\n3\n")]
    public async Task A_person_sees_how_far_a_call_is_and_then_its_result(string path, string count, string result)
    {
        await using FeedServer feed = await FeedServer.StartAsync();
        Screen screen = new(60, 10);
        SeenWriter seen = new(screen);
        feed.Step.Release(100);

        int exitCode = await GawTool.RunAsync(["call", feed.Address, path, count], CreateTerminal(new ScreenWriter(screen) { NewLine = "\r\n" }, seen)).WithinAsync(TestTimeouts.Limit, static () => "it did not end");

        exitCode.Should().Be(0);
        (screen.Text + "\n").Should().Be(result, "the bar is gone");
        seen.Lines.Should().Contain("[########################################] 100 %");
    }

    [Theory]
    [InlineData("call", "feed/import", "3", "--json")]
    [InlineData("call", "feed/import", "3")]
    public async Task A_program_sees_nothing_of_it(string command, params string[] words)
    {
        await using FeedServer feed = await FeedServer.StartAsync();
        feed.Step.Release(100);
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new();
        bool isTerminal = words.Contains("--json");

        (await GawTool.RunAsync([command, feed.Address, .. words], CreateTerminal(output, error, isTerminal))).Should().Be(0);

        output.ToString().Should().Be("3\n");
        error.ToString().Should().BeEmpty();
    }

    private static Terminal CreateTerminal(TextWriter output, TextWriter error, bool isTerminal = true) => new()
    {
        OpenIn = static () => TextReader.Null,
        RawOut = output,
        RawError = error,
        OutIsTerminal = isTerminal,
        ErrorIsTerminal = isTerminal,
        GetSize = static () => (60, 10),
        GetVariable = static _ => null,
    };

    /// <summary>Writes onto a screen, and keeps what stood on its last line.</summary>
    private sealed class SeenWriter(Screen screen) : StringWriter
    {
        public List<string> Lines { get; } = [];

        public override void Write(string? value)
        {
            screen.Write(value ?? "");
            Lines.Add(screen.Text.Split('\n')[^1]);
        }
    }
}
