namespace Gaw;

/// <summary>How a server's process is, as <c>_gaw/health</c> tells it.</summary>
/// <param name="Status">The sum of all checks.</param>
public sealed record GawHealth(GawHealthStatus Status)
{
    /// <summary>Each check by name, with its status and what it says of itself. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Checks { get; init; } = new Dictionary<string, string>();
}
