using System.Text.RegularExpressions;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>Constructor arguments from the command line: every type that a call takes, and advice that works as it is.</summary>
public sealed partial class ConstructorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    public static TheoryData<string, string, string> Types() => new()
    {
        { "string", "v='text'", "text" },
        { "int", "v=3", "3" },
        { "long", "v=9000000000", "9000000000" },
        { "byte", "v=255", "255" },
        { "double", "v=1.5", "1.5" },
        { "decimal", "v=1.5", "1.5" },
        { "bool", "v=True", "True" },
        { "char", "v='c'", "c" },
        { "int?", "v=None", "" },
        { "DayOfWeek", "v='monday'", "Monday" },
        { "Guid", "v='06335e84-2872-4914-8c5d-3ed07d2a2f16'", "06335e84-2872-4914-8c5d-3ed07d2a2f16" },
        { "DateTime", "v='2016-07-29 11:18:20'", "07/29/2016 11:18:20" },
        { "DateTimeOffset", "v='2016-07-29 11:18:20+07:00'", "07/29/2016 11:18:20 +07:00" },
        { "DateOnly", "v='2016-07-29'", "07/29/2016" },
        { "TimeOnly", "v='11:18:20'", "11:18" },
        { "TimeSpan", "v=1.5", "00:00:01.5000000" },
        { "Uri", "v='https://example.org/a'", "https://example.org/a" },
        { "System.Numerics.BigInteger", "v=123456789012345678901234567890", "123456789012345678901234567890" },
        { "System.IO.FileInfo", "v='/a/b.txt'", "/a/b.txt" },
        { "System.Net.IPAddress", "v='10.0.0.1'", "10.0.0.1" },
        { "Version", "v='1.2'", "1.2" },
        { "string[]", "v=['a', 'b']", "[a,b]" },
        { "byte[]", "v='AQI='", "[1,2]" },
        { "List<int>", "v=[1, 2]", "[1,2]" },
        { "IEnumerable<string>", "v=('a', 'b')", "[a,b]" },
        { "IReadOnlyList<Guid>", "v=['06335e84-2872-4914-8c5d-3ed07d2a2f16']", "[06335e84-2872-4914-8c5d-3ed07d2a2f16]" },
        { "HashSet<int>", "v={1, 2}", "[1,2]" },
        { "Dictionary<string, int>", "v={'a': 1}", "[[a, 1]]" },
        { "Dictionary<int, string>", "v={1: 'a'}", "[[1, a]]" },
        { "IReadOnlyDictionary<string, string[]>", "v={'a': ['b']}", "[[a, System.String[]]]" },
        { "(int, int)", "v=(1, 2)", "(1, 2)" },
        { "(int Count, string Text)", "v=(1, 'a')", "(1, a)" },
        { "Point", "v={'x': 1, 'name': 'p'}", "Point { X = 1, Name = p }" },
        { "List<Point>", "v=[{'x': 1, 'name': 'p'}]", "[Point { X = 1, Name = p }]" },
        { "SystemTests.Place", "v={'x': 1}", "Place { X = 1 }" },
        { "object", "v=1", "1" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_constructor_takes_what_a_call_takes_and_the_advice_can_be_pasted(string type, string given, string shown)
    {
        string file = Compile(type);

        await CheckAsync(given, shown);

        if (type != "int?" || given != "v=None")
        {
            string error = (await ToolRun.RunAsync(file)).Error;
            string advice = Advice().Match(error).Groups[1].Value;
            advice.Should().NotBeEmpty(error).And.NotContain("=...");
            await CheckAsync(advice, null);
        }

        async Task CheckAsync(string kwargs, string? expected)
        {
            await using ServingTool tool = await ToolRun.ServeAsync(file, "--port", "0", "--kwargs", kwargs);
            ToolRun run = await ToolRun.RunAsync("call", $"{tool.Port}", "made/show");
            run.ExitCode.Should().Be(0, run.Error);
            run.Out.TrimEnd('\n').Should().Be(expected ?? run.Out.TrimEnd('\n'), "{0} from {1}", type, kwargs);
        }
    }

    [Theory]
    [InlineData("int", "v='x'")]
    [InlineData("int", "v=1.5")]
    [InlineData("byte", "v=256")]
    [InlineData("bool", "v=1")]
    [InlineData("Guid", "v='x'")]
    [InlineData("string[]", "v=[1]")]
    [InlineData("List<int>", "v=1")]
    [InlineData("Dictionary<string, int>", "v={'a': 'b'}")]
    [InlineData("(int, int)", "v=(1, 2, 3)")]
    [InlineData("System.Net.IPAddress", "v='here'")]
    [InlineData("int", "v=None")]
    [InlineData("System.IO.Stream", "v='x'")]
    [InlineData("Point", "v={'x': 'one', 'name': 'p'}")]
    [InlineData("DayOfWeek", "v='someday'")]
    public async Task A_value_that_does_not_fit_is_named(string type, string given)
    {
        ToolRun run = await ToolRun.RunAsync(Compile(type), "--kwargs", given);

        run.ExitCode.Should().Be(1);
        Approved.Check(run.Error, $"error_kwargs_{NoName().Replace(type + given, "_")}.txt");
    }

    [Fact]
    public async Task What_no_literal_can_be_is_said_and_so_is_the_way_out_with_several_services()
    {
        ToolRun stream = await ToolRun.RunAsync(Compile("System.IO.Stream"));
        string two = Path.Combine(_folder, "Two.dll");
        CompiledCode.Write(two, "public sealed class A(int n) { [Gaw.Entrypoint] public int N() => n; } public sealed class B { [Gaw.Entrypoint] public int M() => 1; }");
        ToolRun needs = await ToolRun.RunAsync(two);
        string loop = Path.Combine(_folder, "Loop.dll");
        CompiledCode.Write(loop, "public sealed record X(Y Y); public sealed record Y(X X); public sealed class L(X x) { [Gaw.Entrypoint] public object M() => x; }");
        ToolRun endless = await ToolRun.RunAsync(loop);

        new[] { stream.ExitCode, needs.ExitCode, endless.ExitCode }.Should().AllBeEquivalentTo(6);
        Approved.Check(stream.Error + needs.Error + endless.Error, "error_constructors.txt");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Compile(string type)
    {
        string file = Path.Combine(_folder, "Made.dll");
        CompiledCode.Write(file, $$"""
            using System;
            using System.Collections;
            using System.Collections.Generic;
            using System.Globalization;
            using System.Linq;

            public sealed record Point(int X, string Name);

            namespace SystemTests
            {
                public sealed record Place(int X);
            }

            public sealed class Made({{type}} v)
            {
                [Gaw.Entrypoint]
                public string Show() => Text(v);

                private static string Text(object? value) => value switch
                {
                    string text => text,
                    IEnumerable list => $"[{string.Join(",", list.Cast<object?>().Select(Text))}]",
                    IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                    _ => value?.ToString() ?? "",
                };
            }
            """);
        return file;
    }

    [GeneratedRegex("--kwargs \"(.*?)\"")]
    private static partial Regex Advice();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NoName();
}
