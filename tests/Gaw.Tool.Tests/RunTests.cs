using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>Serving assemblies and projects.</summary>
public sealed class RunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    [Theory]
    [InlineData("--kwargs", "hello_msg='hello!'")]
    [InlineData("--kwargs", "helloMsg=\"hello!\"")]
    [InlineData("--kwarg", "hello_msg=hello!")]
    public async Task An_assembly_is_served_until_it_is_told_to_stop(params string[] options)
    {
        await using ServingTool tool = await ToolRun.ServeAsync([Sample.Assembly, "--port", "0", .. options]);

        Approved.Check(tool.FirstLine, "run.txt", tool.Port);
        (await ToolRun.RunAsync("call", $"{tool.Port}", "math_service/plus", "10", "20")).Should().Be(new ToolRun(0, "hello!: 30\n", ""));
        (await ToolRun.RunAsync("call", $"{tool.Port}", "math_service/divide", "17", "5")).Out.Should().StartWith("Division(");
    }

    [Fact]
    public async Task A_project_is_built_and_served()
    {
        string project = Path.Combine(Repository.Root, "samples", "MathService");

        await using ServingTool tool = await ToolRun.ServeAsync("run", project + ":MathService", "--port", "0", "--service", "math_service", "--kwargs", "hello_msg='hello!'");

        (await ToolRun.RunAsync("call", $"{tool.Port}", "math_service/plus", "10", "20")).Out.Should().Be("hello!: 30\n");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_left_alone_or_passed_over()
    {
        await using ServingTool first = await ToolRun.ServeAsync(Sample.Assembly, "--port", "0", "--kwarg", "hello_msg=1");

        ToolRun refused = await ToolRun.RunAsync(Sample.Assembly, "--port", $"{first.Port}", "--kwarg", "hello_msg=2");
        refused.ExitCode.Should().Be(3);
        Approved.Check(refused.Error.Replace($"{first.Port}", "PORT", StringComparison.Ordinal), "error_port_taken.txt");

        await using ServingTool second = await ToolRun.ServeAsync(Sample.Assembly, "--port", $"{first.Port}", "--find-port", "--kwarg", "hello_msg=2");
        second.Port.Should().BeGreaterThan(first.Port);
    }

    [Theory]
    [InlineData("error_no_arguments.txt", 6)]
    [InlineData("error_wrong_argument.txt", 1, "--kwargs", "helo_msg='x'")]
    [InlineData("error_evaluated_argument.txt", 1, "--kwargs", "hello_msg=__import__('os').getcwd()")]
    [InlineData("error_open_text.txt", 1, "--kwargs", "hello_msg='x")]
    [InlineData("error_kwarg_without_name.txt", 1, "--kwarg", "x")]
    [InlineData("error_no_such_service.txt", 6, "--kwarg", "hello_msg=x", "--service", "math_servise")]
    [InlineData("error_bad_ip.txt", 3, "--kwarg", "hello_msg=x", "--ip", "192.0.2.1")]
    [InlineData("error_run_port.txt", 1, "--kwarg", "hello_msg=x", "--port", "70000")]
    [InlineData("error_run_port_text.txt", 1, "--kwarg", "hello_msg=x", "--port", "many")]
    [InlineData("error_encrypt_without_secret.txt", 1, "--kwarg", "hello_msg=x", "--is_encrypt")]
    [InlineData("error_second_target.txt", 1, "other.dll")]
    public async Task What_is_wrong_with_a_run_is_one_line(string approved, int exitCode, params string[] options)
    {
        ToolRun run = await ToolRun.RunAsync([Sample.Assembly, .. options]);

        run.ExitCode.Should().Be(exitCode, run.Error);
        run.Out.Should().BeEmpty();
        Approved.Check(run.Error, approved);
    }

    [Fact]
    public async Task An_address_that_the_system_refuses_is_said_with_its_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the system takes such an address, or says that it is none.");

        // An address of one link alone names no interface here.
        ToolRun run = await ToolRun.RunAsync(Sample.Assembly, "--kwarg", "hello_msg=x", "--ip", "fe80::1");

        run.ExitCode.Should().Be(3);
        run.Error.Should().StartWith("gaw: fe80::1 cannot be listened on at port ").And.NotContain("no address of this machine");
    }

    [Fact]
    public async Task What_cannot_be_run_is_said_with_what_to_do()
    {
        string text = Path.Combine(_folder, "notes.txt");
        string broken = Path.Combine(_folder, "broken.dll");
        string newer = Path.Combine(_folder, "MathService.dll");
        await File.WriteAllTextAsync(text, "no program", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(broken, "no program", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(newer, BuiltWithGaw9(Sample.Assembly), TestContext.Current.CancellationToken);

        List<string> said = [];
        foreach (string target in new[] { Path.Combine(_folder, "MathServic.dll"), text, broken, newer, _folder, Sample.Assembly + ":Nothing", typeof(GawServer).Assembly.Location, "mathservice" })
        {
            ToolRun run = await ToolRun.RunAsync(target);
            run.Out.Should().BeEmpty();
            said.Add($"{run.ExitCode} {run.Error.Replace(_folder, "FOLDER", StringComparison.Ordinal)}");
        }

        Approved.Check(string.Concat(said), "error_targets.txt");
    }

    [Fact]
    public async Task A_project_that_does_not_build_is_said_with_its_first_error()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Broken.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Broken.cs"), "class {", TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.RunAsync([_folder], terminal: false);

        run.ExitCode.Should().Be(6);
        run.Error.Should().StartWith("gaw: Broken.csproj does not build: ").And.Contain("error CS1001").And.EndWith("Broken.csproj\".\n");
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The same assembly, save that it wants version 9 of Gaw.</summary>
    private static byte[] BuiltWithGaw9(string file)
    {
        byte[] image = File.ReadAllBytes(file);
        using PEReader reader = new(new MemoryStream(image));
        MetadataReader metadata = reader.GetMetadataReader();
        AssemblyReferenceHandle gaw = metadata.AssemblyReferences.Single(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name) == "Gaw");
        int row = metadata.GetTableMetadataOffset(TableIndex.AssemblyRef) + ((metadata.GetRowNumber(gaw) - 1) * metadata.GetTableRowSize(TableIndex.AssemblyRef));
        image[reader.PEHeaders.MetadataStartOffset + row] = 9;
        return image;
    }
}
