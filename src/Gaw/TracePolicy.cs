namespace Gaw;

/// <summary>Who gets the stack trace of a failed call. Name and message always cross.</summary>
public enum TracePolicy
{
    /// <summary>Callers on this machine, and everybody while the environment is <c>Development</c> (<c>DOTNET_ENVIRONMENT</c> or <c>ASPNETCORE_ENVIRONMENT</c>).</summary>
    Auto,

    /// <summary>Everybody. A trace shows class names and source paths.</summary>
    Always,

    /// <summary>Nobody.</summary>
    Never,
}
