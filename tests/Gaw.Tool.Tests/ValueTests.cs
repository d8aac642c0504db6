using System.Numerics;
using Gaw.Tool.Measuring;
using Gaw.Tool.Values;

namespace Gaw.Tool.Tests;

/// <summary>Literals, printed values, percentiles.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("-1_000", "-1000")]
    [InlineData("3000000000", "3000000000")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("1.5e3", "1500.0")]
    [InlineData(".5", "0.5")]
    [InlineData("'it''s'", "\"its\"")]
    [InlineData("\"it's\"", "\"it's\"")]
    [InlineData(@"'a\n\t\\\'\x41\u00e9\U0001F600\q'", "\"a\\n\\t\\\\'Aé😀\\\\q\"")]
    [InlineData("[1, [2.5, None], True, false, null,]", "[1, [2.5, null], true, false, null]")]
    [InlineData("(1, 'a')", "(1, \"a\")")]
    [InlineData("(1,)", "(1,)")]
    [InlineData("(1)", "1")]
    [InlineData("()", "()")]
    [InlineData("{'a': 1, 2: (3,)}", "{\"a\": 1, 2: (3,)}")]
    [InlineData("{1, 2}", "{1, 2}")]
    [InlineData("{}", "{}")]
    [InlineData("Nested(name='text', points=[Point(x=1)])", "Nested(name: \"text\", points: [Point(x: 1)])")]
    [InlineData("Empty()", "Empty()")]
    public void A_literal_is_read(string text, string shown) => ValuePrinter.ShowInline(PythonLiteral.Parse(text)).Should().Be(shown);

    [Theory]
    [InlineData("", "a value is missing at the end (at character 1)")]
    [InlineData("1 2", "nothing can follow here, but \"2\" does (at character 3)")]
    [InlineData("hello", "hello is no literal; put a text into quotes: 'hello' (at character 6)")]
    [InlineData("os.system('x')", "os is no literal; put a text into quotes: 'os' (at character 3)")]
    [InlineData("open('x')", "open is no literal; put a text into quotes: 'open' (at character 5)")]
    [InlineData("True()", "nothing can follow here, but \"()\" does (at character 5)")]
    [InlineData("tuple(a=1)", "tuple is a name of the protocol's own, not of a class (at character 11)")]
    [InlineData("'open", "the closing ' is missing (at character 6)")]
    [InlineData("[1, 2", "] is missing (at character 6)")]
    [InlineData("{None: 1}", "None cannot be a key (at character 7)")]
    [InlineData("1x", "\"1x\" is no number (at character 3)")]
    [InlineData("'\\x4'", "2 hexadecimal digits are missing (at character 4)")]
    [InlineData("+", "\"+\" is no number (at character 2)")]
    public void What_is_no_literal_is_said(string text, string problem) =>
        FluentActions.Invoking(() => PythonLiteral.Parse(text)).Should().Throw<FormatException>().WithMessage(problem);

    [Fact]
    public void Literals_nested_without_end_are_refused() =>
        FluentActions.Invoking(() => PythonLiteral.Parse(new string('[', 100_000))).Should().Throw<FormatException>().WithMessage("this is nested too deep*");

    [Fact]
    public void Tuples_nested_deep_are_read_once_each() =>
        ValuePrinter.ShowInline(PythonLiteral.Parse(new string('(', 60) + "1" + string.Concat(Enumerable.Repeat(",2)", 60)))).Should().StartWith("((((").And.EndWith("2), 2)");

    [Fact]
    public void A_call_is_read()
    {
        (string path, List<object?> args, Dictionary<string, object?> kwargs) = PythonLiteral.ParseCall(" math_service.plus( 10, [1], b = {'x': 2} ) ");

        path.Should().Be("math_service/plus");
        args.Should().BeEquivalentTo(new object[] { 10, new List<object?> { 1 } });
        kwargs.Should().ContainKey("b");
        foreach (string wrong in new[] { "plus(1)", "a.b", "a.b(1", "a.b(x=1, 2)", "a.b(x=1, x=2)", "a b.c()", "a.b(1) + 1", "a.b(1 2)" })
        {
            FluentActions.Invoking(() => PythonLiteral.ParseCall(wrong)).Should().Throw<FormatException>(wrong);
        }
    }

    [Fact]
    public void Values_are_shown_as_people_write_them()
    {
        ValuePrinter.Show("a text", 80).Should().Be("a text");
        ValuePrinter.Show(new GawObject("Point", new Dictionary<string, object?> { ["x"] = 1, ["y"] = null }), 80).Should().Be("Point(x: 1, y: null)");
        ValuePrinter.Show(new DateTime(2016, 7, 29, 11, 18, 20), 80).Should().Be("2016-07-29 11:18:20");
        ValuePrinter.Show(new DateTimeOffset(2016, 7, 29, 11, 18, 20, 500, TimeSpan.FromHours(7)), 80).Should().Be("2016-07-29 11:18:20.5+07:00");
        ValuePrinter.Show(Guid.Empty, 80).Should().Be("00000000-0000-0000-0000-000000000000");
        ValuePrinter.Show(double.NaN, 80).Should().Be("NaN");
        ValuePrinter.Show(BigInteger.Pow(10, 30), 80).Should().Be("1" + new string('0', 30));
        ValuePrinter.Show(new List<object?> { "long", new Dictionary<string, object?> { ["key"] = "value" } }, 20).Should().Be("[\n  \"long\",\n  {\"key\": \"value\"}\n]");
    }

    [Theory]
    [InlineData("math_service/plus", "math_service/plus", "it is as it should be")]
    [InlineData("math_service.plus", "math_service/plus", "a dot does as well")]
    [InlineData("shop.stock.find", "shop.stock/find", "only the last dot is before the method")]
    [InlineData("shop.stock/find", "shop.stock/find", "where a slash is, dots belong to names")]
    [InlineData("a/b/c.d", "a/b/c.d", "the slash goes first, wherever the dot is")]
    [InlineData("math_service", "math_service", "a service alone")]
    [InlineData(".plus", ".plus", "there is no service before the dot")]
    [InlineData("", "", "nothing")]
    public void The_path_of_a_method_is_read_in_one_way(string written, string path, string reason) => MethodPath.Slashed(written).Should().Be(path, reason);

    [Fact]
    public void Percentiles_are_exact_to_one_per_cent()
    {
        LatencyHistogram histogram = new();
        for (int microseconds = 1; microseconds <= 10_000; microseconds++)
        {
            histogram.Add(microseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000);
        }

        histogram.Count.Should().Be(10_000);
        histogram.Max.Should().Be(10_000);
        histogram.Percentile(0.5).Should().BeApproximately(5_000, 50);
        histogram.Percentile(0.999).Should().BeApproximately(9_990, 100);
        histogram.CountBetween(0, 100).Should().BeCloseTo(100, 1);
        new LatencyHistogram().Percentile(0.5).Should().Be(0);
        LatencyHistogram sum = new();
        sum.Add(histogram);
        sum.Add(histogram);
        (sum.Count, sum.Max, sum.Percentile(0.9)).Should().Be((20_000, histogram.Max, histogram.Percentile(0.9)));
    }

    [Fact]
    public void A_histogram_takes_room_for_the_durations_that_it_counts_and_no_more()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        LatencyHistogram histogram = new();
        for (int microseconds = 100; microseconds < 200; microseconds++)
        {
            histogram.Add(microseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8192);
    }
}
