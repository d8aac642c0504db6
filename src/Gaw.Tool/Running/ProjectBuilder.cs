using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Running;

/// <summary>What a build has made.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Folders">Those that hold the sources of the project and of those it refers to.</param>
/// <param name="Content">Files of the project that the build puts beside the assembly, or into it.</param>
internal sealed record BuiltProject(string Assembly, IReadOnlyList<string> Folders, IReadOnlyList<string> Content);

/// <summary>Builds a project and says where its assembly is.</summary>
internal static class ProjectBuilder
{
    /// <summary>Runs <c>dotnet build</c>. Packages are copied beside the assembly, since nothing else would find them there.</summary>
    public static async Task<BuiltProject> BuildAsync(string project, string? configuration, Terminal terminal, CancellationToken cancellationToken)
    {
        if (terminal.ErrorIsTerminal)
        {
            await terminal.Error.WriteLineAsync($"Building {Path.GetFileName(project)} ...").ConfigureAwait(false);
        }

        (int exitCode, string said, string errors) = await RunAsync(
            ["build", project, "-nologo", "-v:quiet", "-clp:NoSummary", "-t:Build", "-p:CopyLocalLockFileAssemblies=true", "-getProperty:TargetPath", "-getItem:ReferencePath,Content,None,EmbeddedResource", .. configuration is null ? [] : new[] { "-c", configuration }],
            terminal, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            string all = said + "\n" + errors;
            string? first = all.Split('\n').Select(static l => l.Trim()).FirstOrDefault(static l => l.Contains("error", StringComparison.OrdinalIgnoreCase));
            if (first is null || !first.Contains(": error", StringComparison.Ordinal))
            {
                first = all.Trim().Split('\n')[0];
            }

            // The compiler puts the project behind each of its messages.
            int suffix = first.LastIndexOf(" [", StringComparison.Ordinal);
            string problem = suffix > 0 && first.EndsWith("proj]", StringComparison.Ordinal) ? first[..suffix] : first;
            throw ToolException.NothingToRun($"{Path.GetFileName(project)} does not build: {problem.TrimEnd('.')}. See dotnet build \"{project}\".");
        }

        using JsonDocument built = JsonDocument.Parse(said);
        if (built.RootElement.GetProperty("Properties").GetProperty("TargetPath").GetString() is not { Length: > 0 } assembly)
        {
            throw ToolException.NothingToRun($"{Path.GetFileName(project)} builds for several frameworks. Give the .dll of one.");
        }

        JsonElement items = built.RootElement.GetProperty("Items");
        IEnumerable<string> projects = items.GetProperty("ReferencePath").EnumerateArray()
            .Select(static reference => reference.TryGetProperty("MSBuildSourceProjectFile", out JsonElement source) ? source.GetString() : null)
            .OfType<string>().Prepend(project);
        IEnumerable<JsonElement> content = items.GetProperty("EmbeddedResource").EnumerateArray()
            .Concat(items.GetProperty("Content").EnumerateArray().Concat(items.GetProperty("None").EnumerateArray()).Where(IsCopied));
        return new BuiltProject(assembly, [.. projects.Select(static p => Path.GetDirectoryName(p)!).Distinct()], [.. content.Select(static item => item.GetProperty("FullPath").GetString()!)]);
    }

    private static bool IsCopied(JsonElement item) => item.TryGetProperty("CopyToOutputDirectory", out JsonElement copied) && copied.GetString() is "Always" or "PreserveNewest" or "IfDifferent";

    private static async Task<(int ExitCode, string Said, string Errors)> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        // A machine may have an SDK that the environment names, and run the tool on a runtime alone.
        string host = DotnetHost.FindSdk(terminal.GetVariable) ?? DotnetHost.OfProcess
            ?? throw ToolException.NothingToRun("A project is built with the .NET SDK, and there is no dotnet in DOTNET_ROOT or on the path. Install the SDK, let DOTNET_ROOT name its folder, or give the .dll.");
        ProcessStartInfo start = new(host, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> said = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return (process.ExitCode, await said.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (Win32Exception e)
        {
            throw ToolException.NothingToRun($"A project is built with the .NET SDK, and {host} does not start: {e.Message.TrimEnd('.')}. Install the SDK, let DOTNET_ROOT name its folder, or give the .dll.", e);
        }
    }
}
