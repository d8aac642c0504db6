namespace Gaw;

/// <summary>Whether a server describes itself: services, methods, types, documentation, counts. The tool <c>gaw</c> lives on it.</summary>
public enum SelfDescriptionPolicy
{
    /// <summary>Where strangers cannot ask: on a loopback address, or when there is a secret.</summary>
    Auto,

    /// <summary>To everybody who can connect.</summary>
    Always,

    /// <summary>To nobody.</summary>
    Never,
}
