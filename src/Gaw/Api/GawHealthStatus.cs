namespace Gaw;

/// <summary>Whether a process does its work.</summary>
public enum GawHealthStatus
{
    /// <summary>It does.</summary>
    Ok,

    /// <summary>It does, worse than it should.</summary>
    Degraded,

    /// <summary>It does not.</summary>
    Unhealthy,
}
