namespace Gaw.Tool.Values;

/// <summary>The path of a method as people write it: a slash between service and method, or a dot.</summary>
internal static class MethodPath
{
    /// <summary>Where the method's name begins: behind the last slash, or the last dot where there is no slash; -1 for neither.</summary>
    public static int SplitAt(string path) => path.Contains('/', StringComparison.Ordinal) ? path.LastIndexOf('/') : path.LastIndexOf('.');

    /// <summary>The path with a slash before the method. A service's name may have dots, so only the last one counts.</summary>
    public static string Slashed(string path) => SplitAt(path) is > 0 and int split ? $"{path[..split]}/{path[(split + 1)..]}" : path;
}
