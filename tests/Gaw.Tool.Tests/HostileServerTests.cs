using Gaw.Tool.Generating;
using Gaw.Tool.Terminals;
using Gaw.Tool.Tests.Support;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gaw.Tool.Tests;

/// <summary>What a server says of itself gives no orders: not to the compiler, not to a shell, not to the terminal.</summary>
public sealed class HostileServerTests
{
    private const string Evil = "0 }\npublic static class Evil { [System.Runtime.CompilerServices.ModuleInitializer] public static void Run() {} }\npublic enum Other { X";
    private const string Orders = "\u001b]0;pwned\u0007\u001b[2J\u009b31m\u202e";

    [Theory]
    [InlineData("error_hostile_name.txt", "a = 0); } static int X = Evil(); //", "int", "fine")]
    [InlineData("error_hostile_type.txt", "a", "int a); } //", "fine")]
    [InlineData("hostile_doc.txt", "a", "int", "fine\n/// </summary>\nEvil();\u2028More();")]
    public async Task What_is_written_of_a_hostile_server_is_as_it_should_be(string approved, string name, string type, string doc)
    {
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(new() { ["name"] = "m\n\"" }, new() { ["csharp"] = name, ["type"] = type }, doc: doc);

        ToolRun run = await ToolRun.RunAsync("generate", "csharp", $"{server.LocalEndPoint.Port}");

        Approved.Check(run.Out + run.Error, approved, server.LocalEndPoint.Port);
    }

    public static TheoryData<string, Dictionary<string, object?>?, Dictionary<string, object?>?> Descriptions()
    {
        TheoryData<string, Dictionary<string, object?>?, Dictionary<string, object?>?> rows = [];
        foreach (object value in new object[] { Evil, "1", 1.5, true, new List<object?> { 1 }, double.NaN, new GawObject("X", []) })
        {
            rows.Add($"an enum's value: {value}", null, new() { ["E"] = Impostor.Enum(value: value) });
        }

        foreach (string text in new[] { Evil, "a b", "a;", "", "1a", "a\n", "a(", "a\u200b" })
        {
            rows.Add($"an enum's member: {text}", null, new() { ["E"] = Impostor.Enum(csharp: text) });
            rows.Add($"a type's name: {text}", null, new() { [text] = Impostor.Record() });
            rows.Add($"a parameter: {text}", new() { ["csharp"] = text }, null);
        }

        foreach (string text in new[] { Evil, "int a, int", "int>", "List<int", "(int", "int) {", "int[1]", "[Evil] int", "int | ", "a . b", "", "int\n", "int\u2028", "List<int>>", "int = 1", "lambda: 1", "__import__('x')", new string('(', 100) })
        {
            rows.Add($"a type: {text}", new() { ["type"] = text }, null);
            rows.Add($"a member's type: {text}", null, new() { ["R"] = Impostor.Record(type: text) });
            rows.Add($"an annotation: {text}", new() { ["python"] = text }, null);
            rows.Add($"a member's annotation: {text}", null, new() { ["R"] = Impostor.Record(python: text) });
        }

        foreach (object value in new object[] { new List<object?> { 1 }, new GawObject("X", []), Guid.Empty, new DateTime(2016, 7, 29) })
        {
            rows.Add($"a default: {value}", new() { ["optional"] = true, ["default"] = value }, null);
            rows.Add($"a member's default: {value}", null, new() { ["R"] = Impostor.Record(initial: value) });
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Descriptions))]
    public async Task No_code_is_made_of_what_is_not_of_its_kind(string what, Dictionary<string, object?>? parameter, Dictionary<string, object?>? types)
    {
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(parameter: parameter, types: types);
        foreach (string language in new[] { "csharp", "python" })
        {
            ToolRun run = await ToolRun.RunAsync("generate", language, $"{server.LocalEndPoint.Port}");

            run.ExitCode.Should().Be(2, "{0} in {1}: {2}", what, language, run.Error);
            run.Out.Should().BeEmpty();
            run.Error.Should().StartWith("gaw: The server describes itself with ").And.Contain("; no code is made of that.");
        }
    }

    [Fact]
    public async Task No_code_is_made_of_a_stream_of_nothing()
    {
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(new() { ["result"] = new Dictionary<string, object?> { ["type"] = "void", ["python"] = "list[None]", ["stream"] = true } });

        (await ToolRun.RunAsync("generate", "csharp", $"{server.LocalEndPoint.Port}")).Should().Be(new ToolRun(2, "", "gaw: The server describes itself with a stream of nothing; no code is made of that.\n"));
    }

    /// <summary>Texts that may be anything, in all places where a text may stand: the program holds the same declarations as one made of harmless texts.</summary>
    [Theory]
    [InlineData(Evil)]
    [InlineData("\"; } } class Evil { } /*")]
    [InlineData("\\\"); Evil(); //")]
    [InlineData("'''\"\"\"\\")]
    [InlineData("{0}")]
    [InlineData("\u2028\u0085\r")]
    public async Task Texts_of_a_server_stay_texts(string text)
    {
        string[] expected = await DeclarationsAsync("harmless");

        (await DeclarationsAsync(text)).Should().Equal(expected);
    }

    [Theory]
    [InlineData("int")]
    [InlineData("List<(int Count, string? Text)>")]
    [InlineData("Dictionary<string, HashSet<int>>?")]
    [InlineData("int[][,]")]
    [InlineData("byte[]?")]
    [InlineData("My.Own.Page<Order>")]
    [InlineData("dict[str, list[int | None]] | None")]
    [InlineData("tuple[int, str]")]
    [InlineData("uuid.UUID")]
    [InlineData("(int, int, (long, Ünïcode))")]
    public void What_is_a_type_is_one(string type) => TypeGrammar.IsType(type).Should().BeTrue();

    [Theory]
    [InlineData("list")]
    [InlineData("describe")]
    [InlineData("describe", "--example")]
    [InlineData("health")]
    [InlineData("call", "s/m")]
    [InlineData("call", "s/m", "--trace")]
    [InlineData("call", "s/m", "-v")]
    [InlineData("call", "s/failing")]
    [InlineData("call", "s/failing", "--trace")]
    [InlineData("call", "s/failing", "--json")]
    [InlineData("list", "--json")]
    [InlineData("generate csharp")]
    [InlineData("generate python")]
    [InlineData("bench", "s/failing", "-d", "10ms")]
    public async Task A_terminal_takes_no_orders_from_a_server(string command, params string[] words)
    {
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(
            new() { ["name"] = Orders, ["path"] = "s/" + Orders, ["signature"] = Orders + "()" }, new() { ["name"] = Orders }, new() { ["E"] = Impostor.Enum(name: Orders) }, doc: Orders);
        server.Map("s/m", _ => new(new Dictionary<string, object?> { [Orders] = new List<object?> { Orders } }));
        server.Map("s/failing", _ => throw new GawError(Orders, Orders));
        server.Map("_gaw/health", _ => new(new Dictionary<string, object?> { ["status"] = Orders }));

        ToolRun run = await ToolRun.RunAsync([.. command.Split(' '), $"{server.LocalEndPoint.Port}", .. words], variables: new() { ["NO_COLOR"] = "1" }, terminal: true);

        (run.Out + run.Error).Where(static c => c is not ('\n' or '\t') && CleanText.IsOrder(c)).Should().BeEmpty("this goes to a terminal:\n{0}{1}", run.Out, run.Error);
    }

    [Fact]
    public async Task A_caller_gives_no_orders_to_the_terminal_of_who_serves()
    {
        LineWriter error = new();
        await using ServingTool tool = await ToolRun.ServeAsync(error, Sample.Assembly, "--port", "0", "--kwarg", "hello_msg=x", "-v");
        await using GawClient client = new("127.0.0.1", tool.Port);
        await client.Awaiting(c => c.CallAsync<object>("x" + Orders + "\r\nerror       a line of the caller's own")).Should().ThrowAsync<GawRemoteException>();

        string line;
        do
        {
            line = await error.NextAsync();
            line.Where(static c => c != '\t' && CleanText.IsOrder(c)).Should().BeEmpty("a log message is one line: {0}", line);
        }
        while (!line.Contains("which does not exist", StringComparison.Ordinal));
        line.Should().Contain("1b]0;pwned", "what was called is shown, by its codes");
    }

    [Theory]
    [InlineData("s/p; touch pwned #", "'s/p; touch pwned #'", "'s/p; touch pwned #'")]
    [InlineData("s/$(touch pwned)", "'s/$(touch pwned)'", "'s/$(touch pwned)'")]
    [InlineData("s/`touch pwned`", "'s/`touch pwned`'", "'s/`touch pwned`'")]
    [InlineData("s/it's", "'s/it'\\''s'", "'s/it''s'")]
    [InlineData("s/\u2019; touch pwned", "'s/\u2019; touch pwned'", "'s/\u2019\u2019; touch pwned'")]
    [InlineData("s/a,b", "'s/a,b'", "'s/a,b'")]
    [InlineData("@s/a", "'@s/a'", "'@s/a'")]
    public async Task A_line_to_paste_is_one_call_whatever_its_words_hold(string path, string posix, string powerShell)
    {
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(new() { ["path"] = path, ["signature"] = "m()" });

        string[] lines = (await ToolRun.RunAsync("describe", $"{server.LocalEndPoint.Port}", "--example")).Out.Split('\n');

        lines.Should().Contain($"    gaw call 127.0.0.1:{server.LocalEndPoint.Port} {posix} 1");
        lines.Should().Contain(line => line == $"    gaw call 127.0.0.1:{server.LocalEndPoint.Port} {powerShell} 1" || line == $"    gaw call 127.0.0.1:{server.LocalEndPoint.Port} {powerShell} 1  # PowerShell");
    }

    [Theory]
    [InlineData("s/a\nb")]
    [InlineData("s/a\u001b[201~\nb")]
    [InlineData("--trace")]
    public async Task There_is_no_line_to_paste_of_a_name_that_a_terminal_or_the_tool_acts_on(string path)
    {
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(new() { ["path"] = path, ["signature"] = "m()" });

        (await ToolRun.RunAsync("describe", $"{server.LocalEndPoint.Port}", "--example")).Out.Should().Contain("(no line to paste:").And.NotContain("gaw call");
    }

    [Fact]
    public async Task An_example_of_a_type_that_holds_itself_many_times_stays_small()
    {
        List<object?> members = [.. Enumerable.Range(0, 22).Select(static i => (object?)new Dictionary<string, object?> { ["name"] = $"m{i}", ["csharp"] = $"M{i}", ["type"] = "R", ["python"] = "Any", ["required"] = true })];
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(parameter: new() { ["type"] = "R" }, types: new() { ["R"] = new Dictionary<string, object?> { ["kind"] = "record", ["members"] = members } });

        (await ToolRun.RunAsync("describe", $"{server.LocalEndPoint.Port}", "--example")).Out.Length.Should().BeLessThan(20_000);
    }

    private static async Task<string[]> DeclarationsAsync(string text)
    {
        await using JsonWeb.JsonWebServer server = await Impostor.StartAsync(
            new() { ["name"] = text, ["path"] = text },
            new() { ["optional"] = true, ["default"] = text, ["type"] = "string", ["python"] = "str", ["doc"] = text },
            new() { ["E"] = Impostor.Enum(name: text), ["R"] = Impostor.Record(name: text, wireName: text, type: "string", python: "str", initial: text) },
            doc: text);
        ToolRun run = await ToolRun.RunAsync("generate", "csharp", $"{server.LocalEndPoint.Port}");
        run.ExitCode.Should().Be(0, run.Error);
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(run.Out, cancellationToken: TestContext.Current.CancellationToken).GetCompilationUnitRoot(TestContext.Current.CancellationToken);
        root.ContainsDiagnostics.Should().BeFalse("this is C#:\n{0}", run.Out);
        return [.. root.DescendantNodes().Where(static node => node is MemberDeclarationSyntax or StatementSyntax or AttributeSyntax).Select(static node => $"{node.Kind()}")];
    }
}
