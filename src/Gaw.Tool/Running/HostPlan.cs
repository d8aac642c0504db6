using System.Text.Json.Nodes;

namespace Gaw.Tool.Running;

/// <summary>Whether an assembly computes in this process what it computes in its own. Pure: needs and facts in, decision out.</summary>
internal abstract record HostPlan
{
    /// <summary>The shared framework that every program has.</summary>
    public const string Core = "Microsoft.NETCore.App";

    /// <summary>Decides.</summary>
    /// <param name="file">The assembly's name, for what is said.</param>
    /// <param name="needs">What it needs.</param>
    /// <param name="facts">What there is.</param>
    public static HostPlan Decide(string file, HostNeeds needs, HostFacts facts)
    {
        // A framework below the tool's own is never asked for: the tool has to run on it as well.
        Dictionary<string, string> wanted = needs.Frameworks.Where(f => f.Key != Core || HostNeeds.Number(f.Value) > facts.Loaded[Core]).ToDictionary();
        foreach ((string name, string version) in wanted)
        {
            Version number = HostNeeds.Number(version);
            IReadOnlyList<Version> installed = facts.Installed.GetValueOrDefault(name, []);
            if (!installed.Any(i => i.Major == number.Major && i >= number))
            {
                string there = installed.Count == 0 ? "there is none on this machine" : $"this machine has {string.Join(", ", installed)}";
                return new Refusal($"{file} needs the shared framework {name} {version}, and {there}. Install it{(name is Core or "Microsoft.AspNetCore.App" or "Microsoft.WindowsDesktop.App" ? $": https://dotnet.microsoft.com/download/dotnet/{number.ToString(2)}" : ".")}");
            }
        }

        bool isHere = wanted.All(f => facts.Loaded.TryGetValue(f.Key, out Version? loaded) && loaded >= HostNeeds.Number(f.Value))
            && needs.Properties.All(p => string.Equals(facts.Property(p.Key), p.Value, StringComparison.OrdinalIgnoreCase));
        return isHere ? new Fit() : new Restart(Configure(wanted, facts.Loaded[Core], needs.Properties));
    }

    private static string Configure(Dictionary<string, string> wanted, Version core, IReadOnlyDictionary<string, string> properties)
    {
        JsonArray frameworks = [.. wanted.Append(new(Core, wanted.GetValueOrDefault(Core, core.ToString(3)))).DistinctBy(static f => f.Key)
            .Select(static f => (JsonNode)new JsonObject { ["name"] = f.Key, ["version"] = f.Value })];
        JsonObject settings = [.. properties.Select(static p => KeyValuePair.Create(p.Key, ToNode(p.Value)))];
        return new JsonObject { ["runtimeOptions"] = new JsonObject { ["frameworks"] = frameworks, ["configProperties"] = settings } }.ToJsonString();
    }

    private static JsonNode? ToNode(string value) => bool.TryParse(value, out bool flag) ? flag : long.TryParse(value, out long number) ? number : value;

    /// <summary>It runs here.</summary>
    internal sealed record Fit : HostPlan;

    /// <summary>It runs in a process with this <c>.runtimeconfig.json</c>.</summary>
    internal sealed record Restart(string RuntimeConfig) : HostPlan;

    /// <summary>It does not run on this machine as it is.</summary>
    internal sealed record Refusal(string Message) : HostPlan;
}

/// <summary>Ends what this process does, in favour of one that has what the services need.</summary>
internal sealed class RestartException(HostPlan.Restart plan) : Exception("This process lacks what the services need.")
{
    public HostPlan.Restart Plan => plan;
}
