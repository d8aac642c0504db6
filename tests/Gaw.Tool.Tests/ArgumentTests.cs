using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>What a command line gives to a call: words, texts, documents, metadata; and what is said where it was taken for something else.</summary>
public sealed class ArgumentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    [Theory]
    [InlineData("123", "--", "123")]
    [InlineData("-1", "--", "-1")]
    [InlineData("--help", "--", "--help")]
    [InlineData("AQI=", "--", "AQI=")]
    [InlineData("Host=db;Port=1", "--", "Host=db;Port=1")]
    [InlineData("{}", "--", "{}")]
    [InlineData("--", "--", "--")]
    [InlineData("123", "--string", "text=123")]
    [InlineData("a=b", "--string", "text=a=b")]
    [InlineData("", "--string", "text=")]
    [InlineData("null", "--string=text=null")]
    [InlineData("plain", "plain")]
    [InlineData("text", "\"text\"")]
    public async Task Text_is_text_where_it_is_called_text(string received, params string[] words)
    {
        await using GawServer server = await StartAsync();

        (await ToolRun.RunAsync(["call", $"{server.LocalEndPoint.Port}", "echo/text", .. words])).Should().Be(new ToolRun(0, received + "\n", ""));
    }

    [Theory]
    [InlineData("echo/text", "123")]
    [InlineData("echo/text", "text=123")]
    [InlineData("echo/text", "true")]
    [InlineData("echo/text", "AQI=")]
    [InlineData("echo/text", "Host=db;Port=1")]
    [InlineData("echo/bytes", "AQI=")]
    public async Task The_way_out_is_said_where_the_guess_shows_and_works(string path, string word)
    {
        await using GawServer server = await StartAsync();
        string[] call = ["call", $"{server.LocalEndPoint.Port}", path];

        ToolRun refused = await ToolRun.RunAsync([.. call, word]);

        refused.ExitCode.Should().Be(2);
        string advice = refused.Error.TrimEnd('\n');
        advice = advice.Contains("--string ", StringComparison.Ordinal) ? advice[advice.IndexOf("--string ", StringComparison.Ordinal)..] : advice[advice.IndexOf("-- ", StringComparison.Ordinal)..];
        string[] followed = [.. advice.Split(' ', 2).Select(static w => w.Trim('\''))];
        (await ToolRun.RunAsync([.. call, .. followed])).ExitCode.Should().Be(0, "it says: {0}", refused.Error);
    }

    [Theory]
    [InlineData("5\n", "[2, 3]")]
    [InlineData("5\n", "{\"a\": 2, \"b\": 3}")]
    public async Task Arguments_come_from_a_document(string result, string document)
    {
        await using GawServer server = await StartAsync();
        string file = Path.Combine(_folder, "args.json");
        await File.WriteAllTextAsync(file, document, TestContext.Current.CancellationToken);
        string[] call = ["call", $"{server.LocalEndPoint.Port}", "echo/sum", "--json-args"];

        (await ToolRun.RunAsync([.. call, file])).Should().Be(new ToolRun(0, result, ""));
        (await ToolRun.RunAsync([.. call, "-"], document)).Should().Be(new ToolRun(0, result, ""));
    }

    [Fact]
    public async Task What_is_wrong_with_arguments_is_said_with_what_to_write()
    {
        await using GawServer server = await StartAsync();
        string[][] lines =
        [
            ["--string", "text"], ["--string", "=x"], ["--string", "text=1", "--string", "text=2"], ["text=1", "--string", "text=2"], ["--json-args", "there/is/none.json"], ["--json-args", "-"],
            ["--json-args", "-", "--data", "[]"], ["--metadata", "user"], ["--metadata", "=x"], ["--metadata", "user=a", "--metadata", "user=b"], ["-hello"], ["-help"], ["--hello"], ["123"], ["AQI="], ["text=1"],
        ];
        List<string> said = [];
        foreach (string[] line in lines)
        {
            ToolRun run = await ToolRun.RunAsync(["call", $"{server.LocalEndPoint.Port}", "echo/text", .. line], "not json");
            run.Out.Should().BeEmpty();
            said.Add($"{string.Join(' ', line)}\n  {run.ExitCode} {run.Error.Replace(Directory.GetCurrentDirectory(), ".", StringComparison.Ordinal)}");
        }

        Approved.Check(string.Concat(said), "error_arguments.txt", server.LocalEndPoint.Port);
    }

    [Fact]
    public async Task Metadata_goes_with_every_call_of_every_command()
    {
        await using GawServer server = new GawServer("127.0.0.1", 0, new GawServerOptions { Filters = [static () => new Guard()] }).Add<Echo>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        string address = $"{server.LocalEndPoint.Port}";
        string[] key = ["--metadata", "token=s=3", "--metadata", "user=Anna"];

        (await ToolRun.RunAsync("call", address, "echo/sum", "1", "2")).ExitCode.Should().Be(2);
        foreach (string[] line in new string[][] { ["call", address, "echo/sum", "1", "2"], ["list", address], ["describe", address], ["health", address], ["generate", "csharp", address], ["bench", address, "echo/sum", "1", "2", "-d", "20ms", "--warmup", "10ms"] })
        {
            (await ToolRun.RunAsync([.. line, .. key])).Should().Match<ToolRun>(run => run.ExitCode == 0, string.Join(' ', line));
        }

        (await ToolRun.RunAsync(["shell", address, .. key], "echo.sum(1, 2)\nlist\n")).Should().Match<ToolRun>(static run => run.ExitCode == 0 && run.Out.StartsWith("3\necho/"));
    }

    [Theory]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("Infinity", "\"Infinity\"")]
    [InlineData("-Infinity", "\"-Infinity\"", true)]
    [InlineData("[1.5, NaN, [Infinity]]", "[1.5, \"NaN\", [\"Infinity\"]]")]
    [InlineData("{\"a\": {\"b\": NaN}}", "{\"a\": {\"b\": \"NaN\"}}")]
    [InlineData("{\"_v\": [1, NaN], \"_t\": \"tuple\"}", "[1, \"NaN\"]")]
    [InlineData("{\"_v\": [NaN], \"_t\": \"set\"}", "[\"NaN\"]")]
    [InlineData("{\"_v\": {\"x\": NaN}, \"_t\": \"Point\"}", "{\"x\": \"NaN\"}")]
    public async Task Json_is_json_whatever_the_result_is(string argument, string written, bool byDocument = false)
    {
        await using GawServer server = await StartAsync();

        ToolRun run = await ToolRun.RunAsync(["call", $"{server.LocalEndPoint.Port}", "echo/any", "--json", .. byDocument ? new[] { "--data", $"[{argument}]" } : [argument]]);

        run.Should().Be(new ToolRun(0, written + "\n", ""));
        System.Text.Json.JsonDocument.Parse(run.Out).Dispose();
    }

    [Fact]
    public async Task With_json_failures_are_json_too()
    {
        await using GawServer server = await StartAsync();
        string address = $"{server.LocalEndPoint.Port}";
        string[][] lines = [["call", address, "echo/text", "1"], ["call", address, "echo/fail"], ["call", "1", "a/b"], ["call", address, "plus"], ["call", address, "echo/any", "--tiemout", "5s"], ["list", address, "nothing"], ["health", "1"], ["health", "x"], ["describe", address, "--secret-file", "/there/is/none"]];
        List<string> said = [];
        foreach (string[] line in lines)
        {
            ToolRun run = await ToolRun.RunAsync([.. line, "--json"]);
            run.Out.Should().BeEmpty();
            using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(run.Error);
            document.RootElement.GetProperty("error").GetProperty("exit_code").GetInt32().Should().Be(run.ExitCode);
            said.Add($"{string.Join(' ', line).Replace(address, "PORT", StringComparison.Ordinal)}\n  {run.Error}");
        }

        Approved.Check(string.Concat(said), "json_errors.txt", server.LocalEndPoint.Port);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<GawServer> StartAsync()
    {
        GawServer server = new GawServer("127.0.0.1", 0).Add<Echo>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public sealed class Echo
    {
        [Entrypoint]
        public string Text(string text) => text;

        [Entrypoint]
        public int Bytes(byte[] bytes) => bytes.Length;

        [Entrypoint]
        public int Sum(int a, int b) => a + b;

        [Entrypoint]
        public object? Any(object? value) => value;

        [Entrypoint]
        public void Fail() => throw new GawError("OddError", "it is \"odd\"");
    }

    private sealed class Guard : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) =>
            context.Metadata.GetValueOrDefault("token") != "s=3" ? throw new GawError("PermissionError", "no") : next(context);
    }
}
