using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>The command line itself.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("help.txt")]
    [InlineData("help_run.txt", "run")]
    [InlineData("help_list.txt", "list")]
    [InlineData("help_describe.txt", "describe")]
    [InlineData("help_call.txt", "call")]
    [InlineData("help_shell.txt", "shell")]
    [InlineData("help_generate.txt", "generate")]
    [InlineData("help_generate_csharp.txt", "generate", "csharp")]
    [InlineData("help_bench.txt", "bench")]
    [InlineData("help_health.txt", "health")]
    [InlineData("help_secret.txt", "secret")]
    [InlineData("help_secret_new.txt", "secret", "new")]
    [InlineData("help_completions.txt", "completions")]
    public async Task Every_command_has_a_help_text(string approved, params string[] command)
    {
        ToolRun run = await ToolRun.RunAsync([.. command, "--help"]);

        run.ExitCode.Should().Be(0);
        run.Error.Should().BeEmpty();
        Approved.Check(run.Out, approved);
    }

    [Fact]
    public async Task Without_a_word_the_tool_shows_its_help() =>
        (await ToolRun.RunAsync()).Should().Be(await ToolRun.RunAsync("--help"));

    [Fact]
    public async Task The_version_is_that_of_the_package() =>
        (await ToolRun.RunAsync("--version")).Out.Should().Be(typeof(GawServer).Assembly.GetName().Version!.ToString(3) + "\n");

    [Fact]
    public async Task What_is_no_command_is_said_with_what_was_meant()
    {
        string[][] lines =
        [
            ["lst"], ["xyzzy"], ["call"], ["call", "5555"], ["list"], ["generate"], ["generate", "cshrap"], ["secret"], ["secret", "nwe"], ["completions", "basch"],
            ["completions"], ["run"], ["list", "5555", "a", "b"], ["list", "5555", "--jsn"], ["call", "@file"], ["bench", "5555", "a/b", "-d"],
            ["call", "5555", "a/b", "--timeout"], ["completions", "tcsh"],
        ];
        List<string> said = [];
        foreach (string[] line in lines)
        {
            ToolRun run = await ToolRun.RunAsync(line);
            run.Out.Should().BeEmpty();
            said.Add($"{string.Join(' ', line)}\n  {run.ExitCode} {run.Error}");
        }

        Approved.Check(string.Concat(said), "error_command_lines.txt");
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task A_shell_gets_its_completion_script(string shell)
    {
        ToolRun run = await ToolRun.RunAsync("completions", shell);

        run.ExitCode.Should().Be(0);
        Approved.Check(run.Out, $"completions_{shell}.txt");
    }

    [Theory]
    [InlineData("gaw des", "describe")]
    [InlineData("gaw generate c", "csharp")]
    [InlineData("gaw call --tim", "--timeout")]
    [InlineData("gaw call 5555 a/b --tls-c", "--tls-ca")]
    [InlineData("gaw completions ", "zsh")]
    [InlineData("gaw completions z", "zsh")]
    [InlineData("gaw X.dll --k", "--kwargs")]
    [InlineData("gaw ./X.dll:S --watch --kw", "--kwarg")]
    [InlineData("gaw run X.dll --log-l", "--log-level")]
    public async Task The_words_of_a_completion_come_from_the_tool(string line, string completed) =>
        (await ToolRun.RunAsync($"[suggest:{line.Length}]", line)).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Contain(completed);

    [Theory]
    [InlineData("gaw ")]
    [InlineData("gaw completions ")]
    [InlineData("gaw call ")]
    public async Task A_completion_offers_no_spelling_of_other_systems(string line) =>
        (await ToolRun.RunAsync($"[suggest:{line.Length}]", line)).Out.Split('\n').Should().NotContain(["/?", "/h", "-?"]);

    [Theory]
    [InlineData("help")]
    [InlineData("help", "call")]
    [InlineData("help", "secret", "new")]
    public async Task Help_is_a_word_as_well(params string[] args) =>
        (await ToolRun.RunAsync(args)).Should().Be(await ToolRun.RunAsync([.. args[1..], "--help"]));

    [Theory]
    [InlineData("list", "http://127.0.0.1:5700")]
    [InlineData("list", "tcp://localhost/")]
    [InlineData("list", "127.0.0.1:5700/echo")]
    [InlineData("list", "localhost:")]
    [InlineData("list", ":")]
    [InlineData("list", "")]
    [InlineData("list", "a b:1")]
    [InlineData("list", "localhost:99999999999")]
    [InlineData("list", "localhost:-1")]
    [InlineData("help", "nothing")]
    public async Task What_is_no_address_is_said_with_what_to_write(params string[] args)
    {
        ToolRun run = await ToolRun.RunAsync(args);

        run.ExitCode.Should().Be(1);
        Approved.Check(run.Error, $"error_address_{string.Concat(args[1].Select(static c => char.IsLetterOrDigit(c) ? c : '_'))}.txt");
    }
}
