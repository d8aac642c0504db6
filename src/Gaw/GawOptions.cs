using Gaw.PostOffice;

namespace Gaw;

/// <summary>How a <see cref="GawServer"/> serves. The defaults suit a private network.</summary>
public sealed record GawServerOptions : PostOfficeServerOptions
{
    /// <summary>User types beyond those of the entrypoints' signatures. Default: none.</summary>
    public GawTypes Types { get; init; } = new();

    /// <summary>Who gets the stack trace of a failed call. Default: <see cref="TracePolicy.Auto"/>.</summary>
    public TracePolicy Traces { get; init; }
}

/// <summary>How a <see cref="GawClient"/> talks to its server.</summary>
public sealed record GawClientOptions : PostOfficeClientOptions
{
    /// <summary>User types beyond those of the calls' signatures. Default: none.</summary>
    public GawTypes Types { get; init; } = new();
}

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
