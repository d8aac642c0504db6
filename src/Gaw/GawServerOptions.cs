using Gaw.JsonWeb;

namespace Gaw;

/// <summary>How a <see cref="GawServer"/> serves. The defaults suit a private network.</summary>
public sealed record GawServerOptions : JsonWebServerOptions
{
    /// <summary>User types beyond those of the entrypoints' signatures. Default: none.</summary>
    public GawTypes Types { get; init; } = new();

    /// <summary>
    /// Filters around each method, those of <c>_gaw</c> included; the first is the outermost. They run once the arguments are bound. Each factory is asked
    /// for each call, and may return one filter for many calls at once. Default: none.
    /// </summary>
    public IReadOnlyList<Func<IGawFilter>> Filters { get; init; } = [];

    /// <summary>
    /// Makes a scope for each call, before its filters run; it is disposed once the reply has been written and sent. Its services are <see cref="GawCallContext.Services"/>. Made where a filter, the
    /// method or what makes its instance takes the call's context. Default: none.
    /// </summary>
    public Func<IGawCallScope>? Scopes { get; init; }

    /// <summary>Asked by <c>_gaw/health</c>: how the process is. Default: none, a process that answers is healthy.</summary>
    public Func<CancellationToken, ValueTask<GawHealth>>? Health { get; init; }

    /// <summary>Who gets the stack trace of a failed call. Default: <see cref="TracePolicy.Auto"/>.</summary>
    public TracePolicy Traces { get; init; }

    /// <summary>Whether the service <c>_gaw</c> tells callers what can be called and how the server is. Default: <see cref="SelfDescriptionPolicy.Auto"/>.</summary>
    public SelfDescriptionPolicy SelfDescription { get; init; }
}
