using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>What only a process of its own shows.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_server_that_is_told_to_end_lets_its_calls_finish_and_ends_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        await using ToolProcess tool = ToolProcess.Start("dotnet", [ToolProcess.Tool, Sample.Assembly, "--port", "0", "--kwargs", "hello_msg='hello!'"]);
        string line = await tool.ReadLineAsync();
        string address = line[(line.LastIndexOf(' ', line.IndexOf(". Ctrl", StringComparison.Ordinal) - 1) + 1)..line.IndexOf(". Ctrl", StringComparison.Ordinal)];

        ToolRun called = await ToolProcess.RunAsync("dotnet", [ToolProcess.Tool, "call", address, "math_service/plus", "10", "20"]);
        tool.Terminate();

        called.Should().Be(new ToolRun(0, "hello!: 30\n", ""));
        (await tool.WaitAsync()).Should().Be(0);
    }

    [Fact]
    public async Task The_sample_program_serves_itself_and_calls_itself()
    {
        ToolRun run = await ToolProcess.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "MathProgram.dll")]);

        run.Should().Be(new ToolRun(0, """
            hello!: 30, hello!: 30, hello!: 30, shelf, hello!: 30, hello!: 30
            3 rest 2
            Division { Header = hello!, Quotient = 3, Rest = 2 }
            DivideByZeroException: Attempted to divide by zero.
            Item { Name = nail, Place = shelf }
            11, 30, shelf, no screw

            """.ReplaceLineEndings("\n"), ""));
    }

    [Fact]
    public async Task A_dependency_that_is_not_there_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("gaw").FullName;
        try
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "xunit.v3.core.dll"), Path.Combine(folder, "xunit.v3.core.dll"));

            ToolRun run = await ToolProcess.RunAsync("dotnet", [ToolProcess.Tool, Path.Combine(folder, "xunit.v3.core.dll")]);

            run.ExitCode.Should().Be(6);
            Approved.Check(run.Error, "error_missing_dependency.txt");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
