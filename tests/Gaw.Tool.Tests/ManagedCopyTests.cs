using Gaw.Tool.Running;
using Gaw.Tool.Terminals;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>What a native program needs before it can leave a command to its managed copy. That it does is seen from its package: .ci/native-tool.</summary>
public sealed class ManagedCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    [Fact]
    public void Dotnet_is_looked_for_where_its_own_programs_look_and_then_on_the_path()
    {
        string own = Install("own");
        string root = Install("root");
        string path = Install("path");
        string nothing = Path.Combine(_folder, "nothing");
        Dictionary<string, string?> variables = new()
        {
            ["DOTNET_HOST_PATH"] = own,
            ["DOTNET_ROOT"] = Path.GetDirectoryName(root),
            ["PATH"] = string.Join(Path.PathSeparator, "", nothing, Path.GetDirectoryName(path)),
        };

        DotnetHost.Find(variables.GetValueOrDefault).Should().Be(own);
        variables["DOTNET_HOST_PATH"] = nothing;
        DotnetHost.Find(variables.GetValueOrDefault).Should().Be(root);
        variables["DOTNET_ROOT"] = nothing;
        DotnetHost.Find(variables.GetValueOrDefault).Should().Be(path);
        variables["PATH"] = nothing;
        DotnetHost.Find(variables.GetValueOrDefault).Should().BeNull();
        DotnetHost.Find(static _ => null).Should().BeNull();
    }

    [Fact]
    public async Task A_copy_that_is_not_there_is_said_to_be_missing()
    {
        Terminal terminal = new() { OpenIn = static () => TextReader.Null, RawOut = TextWriter.Null, RawError = TextWriter.Null };

        Func<Task> running = () => ManagedCopy.RunAsync(terminal);

        ToolException missing = (await running.Should().ThrowAsync<ToolException>()).Which;
        missing.ExitCode.Should().Be(6);
        missing.Message.Should().Contain(Path.Combine("managed", "Gaw.Tool.dll")).And.Contain("Install the tool again");
    }

    [Fact]
    public async Task A_project_is_built_by_the_dotnet_that_the_environment_names()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The dotnet of this test is a script of a Unix shell.");
        string dotnet = Install("root");

        // Another process writes it: a child of this one that is started meanwhile would hold the file open, and it could not be run ("text file busy").
        const string script = "#!/bin/sh\necho \"Shop.cs(1,1): error: built by $0\"\nexit 1\n";
        (await ToolProcess.RunAsync("/bin/sh", ["-c", "printf %s \"$1\" > \"$0\" && chmod 500 \"$0\"", dotnet, script])).ExitCode.Should().Be(0);

        Terminal terminal = new() { OpenIn = static () => TextReader.Null, RawOut = TextWriter.Null, RawError = TextWriter.Null, GetVariable = name => name == "DOTNET_ROOT" ? Path.GetDirectoryName(dotnet) : null };

        Func<Task> building = () => ProjectBuilder.BuildAsync(Path.Combine(_folder, "Shop.csproj"), null, terminal, TestContext.Current.CancellationToken);

        (await building.Should().ThrowAsync<ToolException>()).Which.Message.Should().Contain($"error: built by {dotnet}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Install(string name)
    {
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, name)).FullName, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        File.WriteAllText(file, "");
        return file;
    }
}
