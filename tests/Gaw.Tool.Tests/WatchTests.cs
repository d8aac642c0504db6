using System.Text;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary><c>gaw run --watch</c>: what is served follows the files.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    [Fact]
    public async Task A_project_is_built_and_served_anew_when_its_sources_change()
    {
        string source = Path.Combine(_folder, "Greeter", "Greeter.cs");
        WriteProject("Words", "");
        await WriteAsync(Path.Combine(_folder, "Words", "Words.cs"), Words("one"));
        WriteProject("Greeter", $"""<Reference Include="Gaw" HintPath="{typeof(GawServer).Assembly.Location}" /><ProjectReference Include="../Words/Words.csproj" />""");
        await WriteAsync(source, Greeter("Words.Hello"));
        await using ServingTool tool = await ToolRun.ServeAsync("run", Path.Combine(_folder, "Greeter"), "--port", "0", "--watch");
        (await HelloAsync(tool)).Should().Be("one");

        await WriteAsync(source, "public class {");
        (await tool.Error.NextAsync()).Should().Be("gaw: Greeter.cs has changed.");
        (await tool.Error.NextAsync()).Should().StartWith("gaw: Greeter.csproj does not build: ").And.Contain("error CS").And.EndWith("The old services go on.");
        (await HelloAsync(tool)).Should().Be("one", "a version that does not build takes nothing away");

        await WriteAsync(source, Greeter("Words.Hello + \"!\""));
        (await tool.Error.NextAsync()).Should().Be("gaw: Greeter.cs has changed.");
        (await tool.Out.NextAsync()).Should().Be(tool.FirstLine, "the port stays");
        (await HelloAsync(tool)).Should().Be("one!");

        await WriteAsync(Path.Combine(_folder, "Words", "Words.cs"), Words("two"));
        (await tool.Error.NextAsync()).Should().Be("gaw: Words.cs has changed.");
        (await tool.Out.NextAsync()).Should().Be(tool.FirstLine);
        (await HelloAsync(tool)).Should().Be("two!");
    }

    [Fact]
    public async Task A_project_that_does_not_build_yet_is_waited_for()
    {
        string source = Path.Combine(_folder, "Greeter", "Greeter.cs");
        WriteProject("Greeter", $"""<Reference Include="Gaw" HintPath="{typeof(GawServer).Assembly.Location}" />""");
        await WriteAsync(source, "public class {");
        LineWriter error = new();
        Task<ServingTool> starting = ToolRun.ServeAsync(error, "run", Path.Combine(_folder, "Greeter"), "--port", "0", "--watch");
        (await error.NextAsync()).Should().StartWith("gaw: Greeter.csproj does not build: ").And.EndWith("Waiting for a change.");

        await WriteAsync(source, "public class { }");
        (await error.NextAsync()).Should().Be("gaw: Greeter.cs has changed.");
        (await error.NextAsync()).Should().StartWith("gaw: Greeter.csproj does not build: ").And.EndWith("Waiting for another change.");

        await WriteAsync(source, Greeter("\"one\""));
        await using ServingTool tool = await starting;
        (await HelloAsync(tool)).Should().Be("one");
    }

    [Fact]
    public async Task An_assembly_is_served_anew_when_it_changes()
    {
        string assembly = Path.Combine(_folder, "Greeter.dll");
        await CompileAsync(Greeter("\"one\""));
        await using ServingTool tool = await ToolRun.ServeAsync(assembly, "--port", "0", "--watch");
        (await HelloAsync(tool)).Should().Be("one");

        await CompileAsync("public class Greeter { }");
        await tool.Error.NextAsync();
        (await tool.Error.NextAsync()).Should().StartWith("gaw: Greeter.dll holds no service").And.EndWith("The old services go on.");
        (await HelloAsync(tool)).Should().Be("one");

        await CompileAsync(Greeter("\"two\"", "int number"));
        await tool.Error.NextAsync();
        (await tool.Error.NextAsync()).Should().Be("gaw: Greeter cannot be made without arguments for its constructor. Add --kwargs \"number=1\". The old services go on.");
        (await HelloAsync(tool)).Should().Be("one");

        await CompileAsync(Greeter("\"two\""));
        (await tool.Error.NextAsync()).Should().Be("gaw: Greeter.dll has changed.");
        (await tool.Out.NextAsync()).Should().Be(tool.FirstLine);
        (await HelloAsync(tool)).Should().Be("two");

        async Task CompileAsync(string source) => await WriteAsync(assembly, await CompiledCode.CompileAsync(generatesProxies: false, source));
    }

    [Fact]
    public async Task What_lies_beside_an_assembly_is_served_with_it_and_watched()
    {
        string assembly = Path.Combine(_folder, "Reader.dll");
        Directory.CreateDirectory(Path.Combine(_folder, "content", "deep"));
        await WriteAsync(Path.Combine(_folder, "data.txt"), "one");
        await WriteAsync(Path.Combine(_folder, "content", "deep", "more.txt"), "more");
        await WriteAsync(assembly, await CompiledCode.CompileAsync(generatesProxies: false, """
            using System.IO;
            public sealed class Greeter
            {
                private static string Folder => Path.GetDirectoryName(typeof(Greeter).Assembly.Location)!;
                [Gaw.Entrypoint] public string Hello() => File.ReadAllText(Path.Combine(Folder, "data.txt")) + File.ReadAllText(Path.Combine(Folder, "content", "deep", "more.txt"));
            }
            """));
        await using ServingTool tool = await ToolRun.ServeAsync(assembly, "--port", "0", "--watch");
        (await HelloAsync(tool)).Should().Be("onemore");

        await WriteAsync(Path.Combine(_folder, "content", "deep", "more.txt"), " and more");
        (await tool.Error.NextAsync()).Should().Be("gaw: more.txt has changed.");
        (await tool.Out.NextAsync()).Should().Be(tool.FirstLine);
        (await HelloAsync(tool)).Should().Be("one and more");
    }

    [Fact]
    public async Task Content_and_settings_of_a_project_are_served_and_watched()
    {
        string settings = Path.Combine(_folder, "Greeter", "appsettings.json");
        WriteProject("Greeter", $"""<Reference Include="Gaw" HintPath="{typeof(GawServer).Assembly.Location}" /><None Include="appsettings.json" CopyToOutputDirectory="PreserveNewest" />""");
        await WriteAsync(settings, "one");
        await WriteAsync(Path.Combine(_folder, "Greeter", "Greeter.cs"), Greeter("System.IO.File.ReadAllText(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(typeof(Greeter).Assembly.Location)!, \"appsettings.json\"))"));
        await using ServingTool tool = await ToolRun.ServeAsync("run", Path.Combine(_folder, "Greeter"), "--port", "0", "--watch", "-c", "Release");
        (await HelloAsync(tool)).Should().Be("one");

        await WriteAsync(settings, "two");
        (await tool.Error.NextAsync()).Should().Be("gaw: appsettings.json has changed.");
        (await tool.Out.NextAsync()).Should().Be(tool.FirstLine);
        (await HelloAsync(tool)).Should().Be("two");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task WriteAsync(string file, string text) => WriteAsync(file, Encoding.UTF8.GetBytes(text));

    /// <summary>Whole at once, however slow the machine is.</summary>
    private static async Task WriteAsync(string file, byte[] content)
    {
        await File.WriteAllBytesAsync(file + ".new", content, TestContext.Current.CancellationToken);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string Greeter(string hello, string parameters = "") =>
        $$"""public sealed class Greeter({{parameters}}) { [Gaw.Entrypoint] public string Hello() => {{hello}}; {{(parameters.Length > 0 ? "public int Number => number;" : "")}} }""";

    private static string Words(string hello) => $$"""public static class Words { public static string Hello => "{{hello}}"; }""";

    private static async Task<string> HelloAsync(ServingTool tool) => (await ToolRun.RunAsync("call", $"{tool.Port}", "greeter/hello")).Out.TrimEnd();

    private void WriteProject(string name, string items)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(
            Path.Combine(_folder, name, name + ".csproj"),
            $"""<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>{items}</ItemGroup></Project>""");
    }
}
