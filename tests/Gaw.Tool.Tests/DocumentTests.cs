using System.Text.RegularExpressions;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>The lines for a shell that stand in README and pages are run, and their links lead somewhere.</summary>
public sealed partial class DocumentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    /// <summary>All documents by their paths below the root.</summary>
    public static Dictionary<string, string> All { get; } = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md"))
        .Concat([Path.Combine(Repository.Root, "src", "Gaw", "README.md"), Path.Combine(Repository.Root, "src", "Gaw.Tool", "README.md")])
        .ToDictionary(static file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), static file => File.ReadAllText(file).ReplaceLineEndings("\n"));

    /// <summary>The lines that a machine with the tool alone can run.</summary>
    public static TheoryData<string> Lines() =>
    [
        .. All.SelectMany(static d => d.Value.Split("```sh\n").Skip(1)).SelectMany(static block => block.Split("```")[0].Split('\n'))
            .Where(static line => Command().IsMatch(line) && !Elsewhere().IsMatch(line)).Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_line_of_a_document_does_what_it_says(string line)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        string secret = Path.Combine(_folder, "gaw.secret");
        bool isSecured = line.Split('#')[0].Contains("--secret-file gaw.secret", StringComparison.Ordinal);
        if (isSecured)
        {
            await ToolRun.RunAsync("secret", "new", "-o", secret);
        }

        await using GawServer server = new GawServer("127.0.0.1", 0, isSecured ? new GawServerOptions { Secret = Secret.FromFile(secret), Encrypt = true } : null).Add<MathService>("hello!").Add<Notes>().Add<Streams.Depot>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        string run = line.Replace("5555", $"{server.LocalEndPoint.Port}", StringComparison.Ordinal).Replace("-d 10s", "-d 20ms --warmup 10ms", StringComparison.Ordinal);

        ToolRun said = await ToolProcess.RunAsync("/bin/bash", ["-c", $"export GAW_TIMEOUT=60s\ngaw() {{ dotnet '{ToolProcess.Tool}' \"$@\"; }}\n{run}"], _folder);

        said.ExitCode.Should().Be(0, "{0}\n{1}{2}", run, said.Out, said.Error);
        said.Error.Should().MatchRegex(line.Contains("--limit", StringComparison.Ordinal) ? "^gaw: Ended the stream after \\d items? \\(--limit\\)\\.\n$" : "^$");
        Match promised = Regex.Match(line, "gaw call .*# (hello!: .*)$");
        if (promised.Success)
        {
            said.Out.Should().Be(promised.Groups[1].Value + "\n");
        }
    }

    [Fact]
    public void Every_link_leads_to_something()
    {
        foreach ((string path, string text) in All)
        {
            foreach (string link in Link().Matches(Code().Replace(text, "")).Select(static m => m.Groups[1].Value).Where(static l => !l.StartsWith("https://", StringComparison.Ordinal)))
            {
                string[] parts = link.Split('#');
                string target = parts[0].Length == 0 ? path : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, parts[0]))).Replace('\\', '/');
                File.Exists(Path.Combine(Repository.Root, target)).Should().BeTrue("{0} links to {1}", path, link);
                if (parts.Length > 1)
                {
                    All[target].Split('\n').Where(static line => line.StartsWith('#')).Select(Anchor).Should().Contain(parts[1], "{0} links to {1}", path, link);
                }
            }
        }

        Link().Matches(All["src/Gaw/README.md"] + All["src/Gaw.Tool/README.md"]).Where(static m => !m.Groups[1].Value.StartsWith("https://", StringComparison.Ordinal)).Should().BeEmpty("a package's page stands alone");
    }

    [Fact]
    public void Every_page_is_titled_by_a_question_and_found_from_the_readme()
    {
        foreach ((string path, string text) in All.Where(static d => d.Key.StartsWith("src/docs/", StringComparison.Ordinal)))
        {
            string title = text.Split('\n')[0];
            title.Should().StartWith("# ").And.EndWith("?", path);
            All["README.md"].Should().Contain(path).And.Contain(title[2..]);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Anchor(string heading) => NoAnchor().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^(echo .*\| )?gaw |^eval .*gaw ")]
    private static partial Regex Command();

    /// <summary>What needs files, servers or a service manager of its own.</summary>
    [GeneratedRegex(@"\.dll|--version|server\.internal|/etc/|systemctl|nats://|^gaw run ")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("[^a-z0-9 -]")]
    private static partial Regex NoAnchor();

    public sealed class Notes
    {
        [Entrypoint]
        public string Echo(string first, string second = "", string third = "") => $"{first} {second} {third}";
    }
}
