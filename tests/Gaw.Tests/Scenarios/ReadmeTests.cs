using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>What the README shows is what there is.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_first_screen_of_the_readme_is_the_quickstart()
    {
        string readme = Repository.Read("README.md");
        string shown = readme.Split("```csharp\n")[1].Split("```")[0];

        shown.Should().Be(Repository.Read("samples/Quickstart/Program.cs"));
    }
}
