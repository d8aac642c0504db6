using Gaw.JsonWeb;

namespace Gaw;

/// <summary>How a <see cref="GawClient"/> talks to its server.</summary>
public sealed record GawClientOptions : JsonWebClientOptions
{
    /// <summary>User types beyond those of the calls' signatures. Default: none.</summary>
    public GawTypes Types { get; init; } = new();
}
