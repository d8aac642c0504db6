using Gaw.Shared;

namespace Gaw.Tool.Running;

/// <summary>What <c>gaw run</c> was given: an assembly or a project, and perhaps one class of it.</summary>
internal sealed record Target(string Path, string? ClassName)
{
    /// <summary>Takes <c>path</c> or <c>path:ClassName</c> apart and finds the file.</summary>
    /// <exception cref="ToolException">There is no such file, or nothing that could be run.</exception>
    public static Target Find(string text)
    {
        // A colon may belong to a Windows drive.
        int colon = text.LastIndexOf(':');
        bool namesClass = colon > 1 && !System.IO.Path.Exists(text) && text.AsSpan(colon + 1).IndexOfAny('/', '\\') < 0;
        string path = namesClass ? text[..colon] : text;
        string? className = namesClass ? text[(colon + 1)..] : null;
        if (Directory.Exists(path))
        {
            string[] projects = Directory.GetFiles(path, "*.csproj");
            return projects.Length == 1
                ? new Target(projects[0], className)
                : throw ToolException.NothingToRun($"{path} holds {(projects.Length == 0 ? "no project" : $"{projects.Length} projects")}. Give a .csproj or a .dll.");
        }

        if (!File.Exists(path))
        {
            throw ToolException.NothingToRun($"There is no file {path}.{Suggest(path)}");
        }

        return System.IO.Path.GetExtension(path).ToLowerInvariant() is ".dll" or ".csproj"
            ? new Target(System.IO.Path.GetFullPath(path), className)
            : throw ToolException.NothingToRun($"{path} is neither an assembly (.dll) nor a project (.csproj).");
    }

    private static string Suggest(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        if (!Directory.Exists(folder))
        {
            return $" There is no folder {folder} either.";
        }

        string[] candidates = [.. Directory.EnumerateFiles(folder, "*.dll").Concat(Directory.EnumerateFiles(folder, "*.csproj")).Select(f => System.IO.Path.GetFileName(f)!)];
        string? near = NameSuggestion.FindNearest(System.IO.Path.GetFileName(path), candidates);
        return near is null ? " Give an assembly (.dll), a project (.csproj) or its folder." : $" Did you mean {System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, near)}?";
    }
}
