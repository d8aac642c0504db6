using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Gaw.Description;
using Gaw.Services;
using Gaw.Shared;

namespace Gaw.Dispatch;

/// <summary>What a server says of itself, as one more service: plain values, so that callers of any language can read them.</summary>
[Service(Name)]
internal sealed class SelfDescription(GawServer server)
{
    public const string Name = "_gaw";

    private const string Prefix = Name + "/";

    private double Uptime => server.Started is { } started ? Math.Round((server.Now - started).TotalSeconds, 3) : 0;

    /// <summary>Whether a path belongs to this service.</summary>
    public static bool Owns(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Answers "pong".</summary>
    [Entrypoint]
    public static string Ping() => "pong";

    /// <summary>Versions, the machine and since when the server runs.</summary>
    [Entrypoint]
    public object Info() => new Dictionary<string, object?>
    {
        ["name"] = Assembly.GetEntryAssembly()?.GetName().Name,
        ["gaw"] = VersionOf(typeof(GawServer).Assembly),
        ["protocol"] = "0.7.6",
        ["language"] = "C#",
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.RuntimeIdentifier,
        ["process"] = Environment.ProcessId,
        ["started"] = server.Started?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        ["services"] = UserEntrypoints().Select(static e => e.Path[..e.Path.LastIndexOf('/')]).Distinct().ToList<object?>(),
    };

    /// <summary>The services and their methods.</summary>
    /// <param name="service">Only this one.</param>
    [Entrypoint]
    public object List(string? service = null) => ServiceDescriber.List(service is null ? UserEntrypoints() : Find(service));

    /// <summary>Everything a caller must know: parameters, results, types and documentation.</summary>
    /// <param name="path">Only this service or method.</param>
    [Entrypoint]
    public object Describe(string? path = null) => ServiceDescriber.Describe(path is null ? UserEntrypoints() : Find(path));

    /// <summary>"ok", "degraded" or "unhealthy", with the checks of the process where it has any; "stopping" once the server takes no more calls.</summary>
    [Entrypoint]
    public async Task<object> HealthAsync(CancellationToken cancellationToken)
    {
        GawHealth health = await ForeignTask.Guard(server.CheckHealthAsync(cancellationToken)).ConfigureAwait(false);
        Dictionary<string, object?> report = new()
        {
            ["status"] = server.IsStopping ? "stopping" : health.Status.ToString().ToLowerInvariant(),
            ["uptime"] = Uptime,
        };
        if (health.Checks.Count > 0)
        {
            report["checks"] = health.Checks.ToDictionary(static check => check.Key, static check => (object?)check.Value, StringComparer.Ordinal);
        }

        return report;
    }

    /// <summary>Counts since the start. Requests to this service are counted as well; the one that asks is not among the running.</summary>
    [Entrypoint]
    public object Stats() => new Dictionary<string, object?>
    {
        ["calls"] = server.Calls,
        ["errors"] = server.Errors,
        ["running"] = Math.Max(0, server.RunningCalls - 1),
        ["connections"] = server.Connections,
        ["uptime"] = Uptime,
    };

    private IEnumerable<Entrypoint> UserEntrypoints() => server.Entrypoints.Where(static e => !Owns(e.Path));

    /// <exception cref="GawError">There is no such service or method.</exception>
    private List<Entrypoint> Find(string wanted)
    {
        List<Entrypoint> found = [.. server.Entrypoints.Where(e => e.Path == wanted || e.Path.StartsWith(wanted + "/", StringComparison.Ordinal))];
        if (found.Count > 0)
        {
            return found;
        }

        IEnumerable<string> known = server.Entrypoints.SelectMany(static e => new[] { e.Path, e.Path[..e.Path.LastIndexOf('/')] }).Distinct();
        string? near = NameSuggestion.FindNearest(wanted, known);
        throw new GawError("KeyError", $"path: {wanted} not found{(near is null ? "" : $", did you mean {near}?")}");
    }

    private static string? VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
