namespace Gaw.Tests.Scenarios;

/// <summary>What the README shows is what there is.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_first_screen_of_the_readme_is_the_quickstart()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gaw.sln")))
        {
            folder = folder.Parent;
        }

        string root = folder!.FullName;
        string readme = File.ReadAllText(Path.Combine(root, "README.md"));
        string shown = readme.Split("```csharp\n")[1].Split("```")[0];

        shown.Should().Be(File.ReadAllText(Path.Combine(root, "samples/Quickstart/Program.cs")));
    }
}
