using System.Text.Json;
using Gaw.Tool.Running;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary><c>gaw run</c> computes what the services compute in a process of their own, or says before it serves why it cannot.</summary>
public sealed class HostTests : IDisposable
{
    private const string Probing = """
        using System;
        using System.Globalization;
        using System.Linq;
        using System.Text;

        public sealed class Probe
        {
            [Gaw.Entrypoint] public string Ascii(string s) => new(s.Normalize(NormalizationForm.FormD).Where(c => c < 128).ToArray());
            [Gaw.Entrypoint] public string Sorted() => string.Join(' ', new[] { "b", "A", "a", "B", "ä" }.OrderBy(x => x));
            [Gaw.Entrypoint] public int Decomposed(string s) => s.Normalize(NormalizationForm.FormD).Length;
            [Gaw.Entrypoint] public string Money(double v) => v.ToString("N2", CultureInfo.GetCultureInfo("de-DE"));
            [Gaw.Entrypoint] public string? Setting(string name) => AppContext.GetData(name)?.ToString();
            [Gaw.Entrypoint] public bool IsServer() => System.Runtime.GCSettings.IsServerGC;
            [Gaw.Entrypoint] public string Folder() => AppContext.BaseDirectory;
            [Gaw.Entrypoint] public string? Program() => System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name;
            [Gaw.Entrypoint] public string? Variable(string name) => Environment.GetEnvironmentVariable(name);
        }
        """;

    private static readonly string AspNetCore = Path.Combine(HostFacts.Root, "shared", "Microsoft.AspNetCore.App");

    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    [Fact]
    public async Task Culture_data_the_runtime_and_the_folder_are_those_of_a_process_of_its_own()
    {
        CompiledCode.Write(File("Probe.dll"), Probing);
        (ToolProcess server, string address) = await ToolProcess.ServeAsync(File("Probe.dll"));
        await using ToolProcess _ = server;

        (await CallAsync(address, "ascii", "Café")).Should().Be("Cafe");
        (await CallAsync(address, "sorted")).Should().Be("a A ä b B");
        (await CallAsync(address, "decomposed", "é")).Should().Be("2");
        (await CallAsync(address, "money", "1234.5")).Should().Be("1.234,50");
        (await CallAsync(address, "setting", "System.Runtime.TieredPGO")).Should().Be("null", "no setting of the tool is imposed");
        (await CallAsync(address, "setting", "System.Globalization.Invariant")).Should().BeOneOf("null", "false");
        (await CallAsync(address, "folder")).Should().Be(_folder + Path.DirectorySeparatorChar);
        (await CallAsync(address, "program")).Should().Be("Probe");
    }

    [Fact]
    public async Task The_settings_of_a_program_are_its_own_under_the_tool_as_well()
    {
        CompiledCode.Write(File("Probe.dll"), Probing);
        WriteConfig("Probe", """{ "System.Globalization.Invariant": true, "System.GC.Server": true, "My.Setting": "mine", "My.Number": 7 }""", "Microsoft.NETCore.App 10.0.0");
        (ToolProcess server, string address) = await ToolProcess.ServeAsync(File("Probe.dll"));
        await using ToolProcess _ = server;

        (await CallAsync(address, "ascii", "Café")).Should().Be("Caf", "it has chosen to have no culture data");
        (await CallAsync(address, "is_server")).Should().Be("true");
        (await CallAsync(address, "setting", "My.Setting")).Should().Be("mine");
        (await CallAsync(address, "setting", "My.Number")).Should().Be("7");
        (await CallAsync(address, "variable", "GAW_RUN_CONFIG")).Should().Be("null");
        server.Terminate();
        (await server.WaitAsync()).Should().Be(0);
        Directory.EnumerateDirectories(Path.GetTempPath(), "gaw-run-*").Where(static d => Directory.GetCreationTimeUtc(d) > DateTime.UtcNow.AddMinutes(-1) && !Directory.EnumerateFileSystemEntries(d).Any()).Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_assembly_of_another_shared_framework_just_runs(bool saysSo)
    {
        Assert.SkipUnless(Directory.Exists(AspNetCore), "There is no ASP.NET Core beside this runtime.");
        string references = Directory.GetDirectories(AspNetCore).Max()!;
        CompiledCode.Write(
            File("Web.dll"),
            "public sealed class Web { [Gaw.Entrypoint] public string Cookie(string name) => new Microsoft.AspNetCore.Http.CookieBuilder { Name = name }.Name!; }",
            Path.Combine(references, "Microsoft.AspNetCore.Http.Abstractions.dll"), Path.Combine(references, "Microsoft.AspNetCore.Http.Features.dll"), Path.Combine(references, "Microsoft.AspNetCore.Http.dll"));
        if (saysSo)
        {
            WriteConfig("Web", "{}", "Microsoft.NETCore.App 10.0.0", "Microsoft.AspNetCore.App 10.0.0");
        }

        (ToolProcess server, string address) = await ToolProcess.ServeAsync(File("Web.dll"));
        await using ToolProcess _ = server;

        (await ToolRun.RunAsync("call", address, "web/cookie", "x")).Should().Be(new ToolRun(0, "x\n", ""));
    }

    [Fact]
    public async Task What_cannot_run_is_not_served_and_what_is_missing_is_named()
    {
        string service = "public sealed class S { [Gaw.Entrypoint] public object M() => Helper.Make(); }";
        string helper = "public static class Helper { public static object Make() => Deep.Make(); }";
        string deep = "[assembly: System.Reflection.AssemblyVersion(\"2.0.0.0\")] public static class Deep { public static object Make() => 1; }";
        string parts = Directory.CreateDirectory(File("parts")).FullName;
        CompiledCode.Write(Path.Combine(parts, "Deep.dll"), deep);
        CompiledCode.Write(Path.Combine(parts, "Helper.dll"), helper, Path.Combine(parts, "Deep.dll"));
        CompiledCode.Write(Path.Combine(parts, "S.dll"), service, Path.Combine(parts, "Helper.dll"));
        CompiledCode.Write(Path.Combine(parts, "OldDeep.dll"), deep.Replace("2.0.0.0", "1.0.0.0", StringComparison.Ordinal));
        CompiledCode.Write(File("Microsoft.Extensions.Logging.Abstractions.dll"), "[assembly: System.Reflection.AssemblyVersion(\"99.0.0.0\")] public static class Newer { public static int One => 1; }");
        CompiledCode.Write(Path.Combine(parts, "Logs.dll"), "public sealed class Logs { [Gaw.Entrypoint] public int M() => Newer.One; }", File("Microsoft.Extensions.Logging.Abstractions.dll"));
        CompiledCode.Write(File("System.Linq.dll"), "[assembly: System.Reflection.AssemblyVersion(\"99.0.0.0\")] namespace System.Linq { public static class Later { public static int One => 1; } }");
        CompiledCode.Write(Path.Combine(parts, "Later.dll"), "public sealed class L { [Gaw.Entrypoint] public int M() => System.Linq.Later.One; }", File("System.Linq.dll"));
        (string What, string[] Files, Action<string>? Also)[] rows =
        [
            ("a package that is not there", ["S.dll"], null),
            ("one that a package needs, as the build has written down", ["S.dll", "Helper.dll"], static folder => System.IO.File.WriteAllText(Path.Combine(folder, "S.deps.json"), """{"runtimeTarget":{"name":".NETCoreApp,Version=v10.0"},"targets":{".NETCoreApp,Version=v10.0":{"S/1.0.0":{"runtime":{"S.dll":{}}},"Helper/1.0.0":{"runtime":{"Helper.dll":{}}},"Deep/2.0.0":{"runtime":{"lib/net10.0/Deep.dll":{}}}}},"libraries":{"S/1.0.0":{"type":"project","serviceable":false,"sha512":""},"Helper/1.0.0":{"type":"project","serviceable":false,"sha512":""},"Deep/2.0.0":{"type":"package","serviceable":true,"sha512":"","path":"deep/2.0.0"}}}""")),
            ("an older one than it was built with", ["S.dll", "Helper.dll", "OldDeep.dll>Deep.dll"], static folder => CompiledCode.Write(Path.Combine(folder, "S.dll"), "public sealed class S { [Gaw.Entrypoint] public object M() => Deep.Make(); }", Path.Combine(folder, "..", "parts", "Deep.dll"))),
            ("a newer one than the tool shares", ["Logs.dll"], null),
            ("a newer .NET", ["Later.dll"], null),
            ("a shared framework that is not installed", ["S.dll", "Helper.dll", "Deep.dll"], folder => WriteConfig(Path.Combine(Path.GetFileName(folder), "S"), "{}", "Microsoft.Nothing.App 1.2.3")),
            ("a version of .NET that is not installed", ["S.dll", "Helper.dll", "Deep.dll"], folder => WriteConfig(Path.Combine(Path.GetFileName(folder), "S"), "{}", "Microsoft.NETCore.App 99.0.0-preview.1")),
            ("a file of dependencies that is none", ["S.dll", "Helper.dll", "Deep.dll"], static folder => System.IO.File.WriteAllText(Path.Combine(folder, "S.deps.json"), """{"runtimeTarget":{"name":"x"},"targets":{},"libraries":{"S/1.0.0":{"type":"project"}}}""")),
            ("a file of settings that is none", ["S.dll", "Helper.dll", "Deep.dll"], static folder => System.IO.File.WriteAllText(Path.Combine(folder, "S.runtimeconfig.json"), "{")),
        ];
        List<string> said = [];
        foreach ((string what, string[] files, Action<string>? also) in rows)
        {
            string folder = Directory.CreateTempSubdirectory("gaw").FullName;
            string own = Path.Combine(_folder, Path.GetFileName(folder));
            Directory.Move(folder, own);
            foreach (string[] names in files.Select(static f => f.Split('>')))
            {
                System.IO.File.Copy(Path.Combine(parts, names[0]), Path.Combine(own, names[^1]));
            }

            also?.Invoke(own);
            ToolRun run = await ToolProcess.RunAsync("dotnet", [ToolProcess.Tool, Path.Combine(own, files[0]), "--port", "0"]);
            run.Out.Should().BeEmpty(what);
            said.Add($"{what}\n  {run.ExitCode} {string.Join("VERSION", System.Text.RegularExpressions.Regex.Split(run.Error, @"\b10\.0\.\d+(?:, 10\.0\.\d+)*(?:\.0)?\b"))}");
        }

        Approved.Check(string.Concat(said), "error_cannot_run.txt");
    }

    [Fact]
    public async Task What_may_be_missing_is_a_warning()
    {
        CompiledCode.Write(File("Deep.dll"), "public static class Deep { public static object Make() => 1; }");
        CompiledCode.Write(File("Helper.dll"), "public static class Helper { public static object Make() => Deep.Make(); }", File("Deep.dll"));
        CompiledCode.Write(File("S.dll"), "public sealed class S { [Gaw.Entrypoint] public int M() => typeof(Helper).Name.Length; }", File("Helper.dll"));
        System.IO.File.Delete(File("Deep.dll"));

        LineWriter error = new();
        await using ServingTool tool = await ToolRun.ServeAsync(error, File("S.dll"), "--port", "0");

        (await error.NextAsync()).Should().Be("gaw: warning: Helper.dll refers to Deep, which is not beside it; calls that reach it fail.");
        (await ToolRun.RunAsync("call", $"{tool.Port}", "s/m")).Out.Should().Be("6\n");
    }

    public static TheoryData<string, string, string> Plans() => new()
    {
        { "a library", "", "fit" },
        { "what is here", "Microsoft.NETCore.App 10.0.0", "fit" },
        { "less than what is here", "Microsoft.NETCore.App 8.0.0", "fit" },
        { "a newer patch that is installed", "Microsoft.NETCore.App 10.0.9", "restart Microsoft.NETCore.App 10.0.9" },
        { "a newer patch that is not", "Microsoft.NETCore.App 10.1.0", "refusal" },
        { "a newer .NET that is installed", "Microsoft.NETCore.App 11.0.0-preview.2", "restart Microsoft.NETCore.App 11.0.0-preview.2" },
        { "a newer .NET that is not", "Microsoft.NETCore.App 12.0.0", "refusal" },
        { "another framework", "Microsoft.NETCore.App 10.0.0, Microsoft.AspNetCore.App 10.0.0", "restart Microsoft.AspNetCore.App 10.0.0, Microsoft.NETCore.App 10.0.1" },
        { "another framework, older", "Microsoft.AspNetCore.App 9.0.0", "refusal" },
        { "a framework that is nowhere", "Microsoft.WindowsDesktop.App 10.0.0", "refusal" },
        { "a setting that is set so", "set=True", "fit" },
        { "a setting that is set otherwise", "set=false", "restart Microsoft.NETCore.App 10.0.1" },
        { "a setting that is not set", "unset=1", "restart Microsoft.NETCore.App 10.0.1" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_process_is_left_only_for_one_that_has_more(string what, string wanted, string decided)
    {
        string[] parts = wanted.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        HostNeeds needs = new(
            parts.Where(static p => p.Contains(' ')).Select(static p => p.Split(' ')).ToDictionary(static p => p[0], static p => p[1]),
            parts.Where(static p => p.Contains('=')).Select(static p => p.Split('=')).ToDictionary(static p => p[0], static p => p[1]));
        HostFacts facts = new(
            new Dictionary<string, Version> { ["Microsoft.NETCore.App"] = new(10, 0, 1) },
            new Dictionary<string, IReadOnlyList<Version>> { ["Microsoft.NETCore.App"] = [new(10, 0, 1), new(10, 0, 9), new(11, 0, 0)], ["Microsoft.AspNetCore.App"] = [new(10, 0, 1)] },
            static name => name == "set" ? "true" : null);

        string plan = HostPlan.Decide("S.dll", needs, facts) switch
        {
            HostPlan.Fit => "fit",
            HostPlan.Refusal => "refusal",
            HostPlan.Restart restart => "restart " + string.Join(", ", HostNeeds.Parse(restart.RuntimeConfig).Frameworks.OrderBy(static f => f.Key, StringComparer.Ordinal).Select(static f => $"{f.Key} {f.Value}")),
            _ => "",
        };

        plan.Should().Be(decided, what);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> CallAsync(string address, string method, params string[] words)
    {
        ToolRun run = await ToolRun.RunAsync(["call", address, "probe/" + method, .. words]);
        run.ExitCode.Should().Be(0, run.Error);
        return run.Out.TrimEnd('\n');
    }

    private string File(string name) => Path.Combine(_folder, name);

    private void WriteConfig(string name, string properties, params string[] frameworks)
    {
        string list = string.Join(", ", frameworks.Select(static f => f.Split(' ')).Select(static f => JsonSerializer.Serialize(new { name = f[0], version = f[1] })));
        System.IO.File.WriteAllText(File(name + ".runtimeconfig.json"), $$"""{ "runtimeOptions": { "tfm": "net10.0", "frameworks": [{{list}}], "configProperties": {{properties}} } }""");
    }
}
