using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>What <c>.editorconfig</c> asks for where no compiler looks.</summary>
public sealed class SourceFileTests
{
    [Fact]
    public void No_source_begins_with_a_byte_order_mark()
    {
        string[] patterns = ["*.cs", "*.csproj", "*.props", "*.sln", "*.md", "*.json", "*.py", "*.txt"];

        patterns.SelectMany(static pattern => Repository.Files(".", pattern))
            .Where(static file => File.ReadAllBytes(Path.Combine(Repository.Root, file)) is [0xEF, 0xBB, 0xBF, ..])
            .Should().BeEmpty();
    }

    [Fact]
    public void The_solution_has_every_project_on_one_platform()
    {
        string solution = Repository.Read("Gaw.sln");

        solution.Should().NotContain("|x64").And.NotContain("|x86");
        Repository.Files("src", "*.csproj").Where(file => !solution.Contains(file.Replace('/', '\\'), StringComparison.Ordinal)).Should().BeEmpty();
    }
}
