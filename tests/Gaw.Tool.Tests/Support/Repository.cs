using System.Runtime.CompilerServices;

namespace Gaw.Tool.Tests.Support;

/// <summary>Where the sources of this project are.</summary>
public static class Repository
{
    public static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
