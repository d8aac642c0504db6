namespace Gaw.Tool.Running;

/// <summary>The command <c>dotnet</c>, for those who start it.</summary>
internal static class DotnetHost
{
    private static readonly string FileName = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>The one that runs this process; <see langword="null"/> where it was not started by one.</summary>
    public static string? OfProcess => In(HostFacts.Root) is var file && File.Exists(file) ? file : null;

    /// <summary>The one that the environment names; <see langword="null"/> if there is none.</summary>
    public static string? Find(Func<string, string?> getVariable) => FindAll(getVariable).FirstOrDefault();

    /// <summary>The first that has an SDK beside it, or else the first of all: a folder that the environment names may have a runtime only.</summary>
    public static string? FindSdk(Func<string, string?> getVariable) =>
        FindAll(getVariable).FirstOrDefault(static host => Directory.Exists(Path.Combine(Path.GetDirectoryName(File.ResolveLinkTarget(host, returnFinalTarget: true)?.FullName ?? host)!, "sdk"))) ?? Find(getVariable);

    private static IEnumerable<string> FindAll(Func<string, string?> getVariable)
    {
        string?[] folders = [getVariable("DOTNET_ROOT"), .. getVariable("PATH")?.Split(Path.PathSeparator) ?? []];
        return folders.Where(static folder => !string.IsNullOrEmpty(folder)).Select(static folder => In(folder!))
            .Prepend(getVariable("DOTNET_HOST_PATH")).OfType<string>().Where(File.Exists);
    }

    private static string In(string folder) => Path.Combine(folder, FileName);
}
