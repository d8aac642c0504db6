namespace Gaw.Nats.Directory;

/// <summary>A worker as it has described itself to the engine.</summary>
/// <param name="Name">Its own name, new with each start.</param>
/// <param name="Machine">Where it runs.</param>
/// <param name="Process">Its process there.</param>
/// <param name="Methods">The paths that it serves, <c>stock/find</c>, by service.</param>
internal sealed record NatsWorker(string Name, string Machine, string Process, IReadOnlyDictionary<string, IReadOnlyList<string>> Methods)
{
    /// <summary>The services that it serves.</summary>
    public IEnumerable<string> Services => Methods.Keys;
}
