using System.Text.Json;

namespace Gaw.Tool.Running;

/// <summary>What the process of an assembly must have: shared frameworks with their least versions, and the runtime's settings. So says its <c>.runtimeconfig.json</c>.</summary>
/// <param name="Frameworks">Versions by name, <c>Microsoft.AspNetCore.App</c> 10.0.0; as they are written, with the marks of a preview.</param>
/// <param name="Properties">The runtime's settings: culture data, garbage collection, thread pool, the program's own.</param>
internal sealed record HostNeeds(IReadOnlyDictionary<string, string> Frameworks, IReadOnlyDictionary<string, string> Properties)
{
    public static readonly HostNeeds None = new(new Dictionary<string, string>(), new Dictionary<string, string>());

    /// <summary>Reads what stands beside an assembly. A library has no such file, and needs nothing beyond what it refers to.</summary>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static HostNeeds ReadBeside(string assembly)
    {
        string file = Path.ChangeExtension(assembly, ".runtimeconfig.json");
        if (!File.Exists(file))
        {
            return None;
        }

        try
        {
            return Parse(File.ReadAllText(file));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or KeyNotFoundException)
        {
            throw ToolException.NothingToRun($"{Path.GetFileName(file)} cannot be read: {e.Message} Build the project again.", e);
        }
    }

    public static HostNeeds Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!document.RootElement.TryGetProperty("runtimeOptions", out JsonElement options))
        {
            return None;
        }

        IEnumerable<JsonElement> frameworks = options.TryGetProperty("framework", out JsonElement one) ? [one] : [];
        foreach (string list in new[] { "frameworks", "includedFrameworks" })
        {
            frameworks = options.TryGetProperty(list, out JsonElement several) ? frameworks.Concat(several.EnumerateArray()) : frameworks;
        }

        return new HostNeeds(
            frameworks.ToDictionary(static f => f.GetProperty("name").GetString()!, static f => f.GetProperty("version").GetString()!),
            options.TryGetProperty("configProperties", out JsonElement properties) ? properties.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value.ToString()) : new Dictionary<string, string>());
    }

    /// <summary>The needs of both; of two versions the higher.</summary>
    public HostNeeds With(IEnumerable<KeyValuePair<string, string>> frameworks)
    {
        Dictionary<string, string> all = new(Frameworks);
        foreach ((string name, string version) in frameworks)
        {
            all[name] = all.TryGetValue(name, out string? known) && Number(known) >= Number(version) ? known : version;
        }

        return this with { Frameworks = all };
    }

    /// <summary>A version's number, without the marks of a preview.</summary>
    public static Version Number(string version) => Version.TryParse(version.Split('-', '+')[0], out Version? number) ? number : new Version(0, 0);
}
