using Gaw.Tests.Support;
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
    public async Task An_interrupt_ends_a_stream_in_order_and_its_method_on_the_server()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGINT to send on Windows.");
        await using FeedServer feed = await FeedServer.StartAsync();
        await using ToolProcess tool = ToolProcess.Start("dotnet", [ToolProcess.Tool, "call", feed.Address, "feed/patient"]);

        (await tool.ReadLineAsync()).Should().Be("1");
        tool.Interrupt();

        (await tool.WaitAsync()).Should().Be(130);
        (await tool.ErrorAsync()).Should().Be("gaw: Interrupted. Before that came 1 item.\n");
        await feed.Left.WithinAsync(TestTimeouts.Limit, static () => "the method goes on");
    }

    [Theory]
    [InlineData("gaw call $ADDRESS feed/endless | head -2", "1\n2\n")]
    [InlineData("gaw call $ADDRESS feed/endless | head -1 | cat", "1\n")]
    [InlineData("(echo before; gaw call $ADDRESS feed/count 2; echo after) > out; cat out", "before\n1\n2\nafter\n")]
    [InlineData("gaw call $ADDRESS feed/count 2 > out; gaw call $ADDRESS feed/count 1 >> out; cat out", "1\n2\n1\n")]
    [InlineData("echo 'feed.endless()' | gaw shell $ADDRESS | head -1", "1\n")]
    [InlineData("gaw call $ADDRESS feed/count 3 | gaw call $ADDRESS feed/echo items=@-", "[1, 2, 3]\n")]
    public async Task Items_go_through_pipes_and_into_files(string line, string shown)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        string folder = Directory.CreateTempSubdirectory("gaw").FullName;
        try
        {
            await using FeedServer feed = await FeedServer.StartAsync();

            ToolRun run = await ToolProcess.RunAsync("/bin/bash", ["-c", $"set -o pipefail; ADDRESS={feed.Address}; gaw() {{ dotnet '{ToolProcess.Tool}' \"$@\"; }}\n{line}"], folder);

            run.Should().Be(new ToolRun(0, shown, ""));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
    public async Task The_sample_of_streams_watches_imports_and_exports()
    {
        ToolRun run = await ToolProcess.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "Streams.dll")]);

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        run.Out.Split('\n').Should().BeEquivalentTo(
            ["99 of nail are left", "98 of nail are left", "97 of nail are left", "server: nobody watches nail any more", "imported 200 articles", "203 articles are in the depot", ""],
            "the server says when it likes that its method has ended");
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
