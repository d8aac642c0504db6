using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>The packages as a stranger gets them: packed, installed on a clean project and a clean tool path, and used. Takes a minute and asks the package sources.</summary>
[Trait("Category", "Packages")]
public sealed partial class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw-test-").FullName;
    private readonly string _version = $"1.0.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    private string Packages => Path.Combine(_folder, "packages");

    [Fact]
    public async Task Both_packages_install_on_a_clean_machine_and_talk_to_each_other()
    {
        await PackAsync("Gaw");
        await PackAsync("Gaw.Tool");
        CheckLibrary();

        await DotnetAsync(_folder, "tool", "install", "Gaw.Tool", "--tool-path", Path.Combine(_folder, "tools"), "--add-source", Packages, "--version", _version);
        string gaw = Path.Combine(_folder, "tools", OperatingSystem.IsWindows() ? "gaw.exe" : "gaw");
        (await ToolProcess.RunAsync(gaw, ["--version"])).Should().Be(new ToolRun(0, "1.0.0\n", ""));
        await using ToolProcess server = ToolProcess.Start(gaw, [Sample.Assembly, "--port", "0", "--kwargs", "hello_msg='hello!'"]);
        string line = await server.ReadLineAsync();
        string address = line[(line.IndexOf(" on ", StringComparison.Ordinal) + 4)..line.IndexOf(". Ctrl", StringComparison.Ordinal)];
        (await ToolProcess.RunAsync(gaw, ["call", address, "math_service/plus", "1", "2"])).Should().Be(new ToolRun(0, "hello!: 3\n", ""));

        string project = Path.Combine(_folder, "program");
        Directory.CreateDirectory(project);
        (await ToolProcess.RunAsync(gaw, ["generate", "csharp", address, "-o", Path.Combine(project, "IMathService.cs")])).Should().Be(new ToolRun(0, "", ""));
        await WriteProgramAsync(project);
        await DotnetAsync(project, "build", "-nologo", "-v:quiet");
        ToolRun program = await ToolProcess.RunAsync("dotnet", [Path.Combine(project, "bin", "Debug", "net10.0", "program.dll"), address.Split(':')[1]]);

        program.Should().Be(new ToolRun(0, "hello!: 30\n6.5\nDivision { Header = hello!, Quotient = 3, Rest = 2 }\n", ""));
    }

    /// <summary>The reference to Gaw.Hosting brings the library and its generator.</summary>
    [Fact]
    public async Task A_worker_needs_the_package_for_hosts_and_no_other_of_ours()
    {
        await PackAsync("Gaw");
        await PackAsync("Gaw.Hosting");
        string project = Path.Combine(_folder, "worker");
        Directory.CreateDirectory(project);
        await WriteProjectAsync(project, "Gaw.Hosting", "Microsoft.Extensions.Hosting");
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), """
            using Gaw;
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;
            using Microsoft.Extensions.Logging;

            HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
            builder.Logging.ClearProviders();
            builder.Services.AddGawServer(settings => settings.Port = 0).AddService<Echo>();
            using IHost host = builder.Build();
            await host.StartAsync();
            await using GawClient client = new("127.0.0.1", host.Services.GetRequiredService<GawServer>().LocalEndPoint.Port);
            System.Console.WriteLine(client.For<IEcho>().Say("from the host"));
            await host.StopAsync();

            [Service]
            public interface IEcho
            {
                string Say(string text);
            }

            public sealed class Echo : IEcho
            {
                public string Say(string text) => text;
            }
            """, TestContext.Current.CancellationToken);
        await DotnetAsync(project, "build", "-nologo", "-v:quiet", "-p:EmitCompilerGeneratedFiles=true");

        ToolRun run = await ToolProcess.RunAsync("dotnet", [Path.Combine(project, "bin", "Debug", "net10.0", "program.dll")]);

        run.Should().Be(new ToolRun(0, "from the host\n", ""));
        Directory.EnumerateFiles(Path.Combine(project, "obj"), "*.g.cs", SearchOption.AllDirectories).Should().Contain(static file => file.Contains("Gaw.Generators", StringComparison.Ordinal));
    }

    /// <summary>What the README says under "Install", to the letter, by somebody whose home holds no cache, no settings and no tools.</summary>
    [Fact]
    public async Task The_lines_of_the_readme_install_library_and_tool_where_nothing_is_cached()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        string section = DocumentTests.All["README.md"].Split("\n## Install\n")[1].Split("\n## ")[0];
        string[] lines = [.. section.Split("```sh\n").Skip(1).Select(static block => block.Split("```")[0])];
        string config = section.Split("```xml\n")[1].Split("```")[0];
        lines.Should().HaveCount(2);

        // The test's own part: what is built stays out of the clone, whose folders other tests use.
        string pack = PackCommand().Replace(lines[0], $"dotnet pack $1 --artifacts-path '{_folder}/artifacts' -o");
        pack.Should().NotBe(lines[0]);
        string project = Path.Combine(_folder, "hello");
        Directory.CreateDirectory(project);
        await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(project, "hello.csproj"),
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>""",
            TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(Repository.Root, "samples", "Quickstart", "Program.cs"), Path.Combine(project, "Program.cs"));
        string script = $"set -e\nexport HOME='{_folder}'\nunset NUGET_PACKAGES\ncd '{Repository.Root}'\n{pack}cd '{project}'\n{lines[1]}dotnet bin/Debug/net10.0/hello.dll\n";

        ToolRun run = await ToolProcess.RunAsync("/bin/bash", ["-c", script], _folder);

        run.ExitCode.Should().Be(0, "{0}{1}", run.Out, run.Error);
        run.Out.Should().Contain("\n1.0.0\n", "that is what gaw --version says").And.EndWith("hello!: 30\nhello!: 200\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"dotnet pack (src/\S+) -o")]
    private static partial Regex PackCommand();

    private async Task PackAsync(string project) =>
        await DotnetAsync(_folder, "pack", Path.Combine(Repository.Root, "src", project), "-c", "Release", "-nologo", "-v:quiet", "-o", Packages, "-p:PackageVersion=" + _version, "-p:ContinuousIntegrationBuild=true");

    private void CheckLibrary()
    {
        File.Exists(Path.Combine(Packages, $"Gaw.{_version}.snupkg")).Should().BeTrue("those who debug want the symbols");
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Packages, $"Gaw.{_version}.nupkg"));
        package.Entries.Select(static e => e.FullName).Should().Contain(["README.md", "icon.png", "lib/net10.0/Gaw.dll", "lib/net10.0/Gaw.xml", "analyzers/dotnet/cs/Gaw.Generators.dll"]);
        using Stream stream = package.GetEntry("Gaw.nuspec")!.Open();
        XElement[] all = [.. XDocument.Load(stream).Descendants()];
        all.Where(static e => e.Name.LocalName == "dependency").Select(static e => (string?)e.Attribute("id")).Should().Equal("Microsoft.Extensions.Logging.Abstractions");
        all.Select(static e => e.Name.LocalName).Should().Contain(["description", "tags", "readme", "authors", "icon", "copyright", "releaseNotes"]);
    }

    private Task WriteProjectAsync(string project, string package, string? other = null) =>
        File.WriteAllTextAsync(Path.Combine(project, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestoreAdditionalProjectSources>{Packages}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(_folder, "cache")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{_version}" />
                {(other is null ? "" : $"<PackageReference Include=\"{other}\" Version=\"10.0.0\" />")}
              </ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);

    private async Task WriteProgramAsync(string project)
    {
        await WriteProjectAsync(project, "Gaw");
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), """
            using Gaw;
            using GawServices;

            using GawClient client = new("127.0.0.1", int.Parse(args[0]));
            dynamic rpc = client;
            System.Console.WriteLine(rpc.math_service.plus(10, 20));
            System.Console.WriteLine(await client.For<IMathService>().SumAsync(1, 2, 3.5));
            System.Console.WriteLine(client.Call<Division>("math_service/divide", [17, 5]));
            """);
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        ToolRun run = await ToolProcess.RunAsync("dotnet", arguments, folder);
        run.ExitCode.Should().Be(0, "dotnet {0} said: {1}{2}", string.Join(' ', arguments), run.Out, run.Error);
    }
}
