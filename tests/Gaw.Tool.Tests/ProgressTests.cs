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
}
