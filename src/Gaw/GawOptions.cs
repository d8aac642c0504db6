using Gaw.JsonWeb;
using Gaw.PostOffice;

namespace Gaw;

/// <summary>How a <see cref="GawServer"/> serves. The defaults suit a private network.</summary>
public sealed record GawServerOptions : PostOfficeServerOptions
{
    /// <summary>User types beyond those of the entrypoints' signatures. Default: none.</summary>
    public GawTypes Types { get; init; } = new();

    /// <summary>
    /// Protects against replay: a request is taken once, and only if its client made it within this time before or after now. A recorded
    /// request cannot be sent again; one of a .NET client names its server, and cannot be sent to another with the same secret either. Needs a <see cref="PostOfficeOptions.Secret"/>, and a right clock on every client, Python ones
    /// included. Above zero, at most one hour. Default: none, since a wrong clock would shut a client out.
    /// </summary>
    public TimeSpan? ReplayWindow
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= TimeSpan.FromHours(1))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Give ReplayWindow a duration above zero and up to one hour, for example two minutes.");
    }

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

    /// <summary>
    /// How long replies are kept, 64 MiB in all, for .NET clients with <see cref="RetryWhen.KeptReplies"/>. Such a client asks again for a reply that was lost
    /// with its connection, and the method does not run a second time. The loss of the connection does not cancel the method. Above zero, at most one hour; two
    /// minutes suit a <c>CallTimeout</c> of 100 seconds. Default: none.
    /// </summary>
    public TimeSpan? KeepReplies
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= TimeSpan.FromHours(1))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Give KeepReplies a duration above zero and up to one hour, for example two minutes.");
    }

    /// <summary>Asked by <c>_gaw/health</c>: how the process is. Default: none, a process that answers is healthy.</summary>
    public Func<CancellationToken, ValueTask<GawHealth>>? Health { get; init; }

    /// <summary>Who gets the stack trace of a failed call. Default: <see cref="TracePolicy.Auto"/>.</summary>
    public TracePolicy Traces { get; init; }

    /// <summary>Whether the service <c>_gaw</c> tells callers what can be called and how the server is. Default: <see cref="SelfDescriptionPolicy.Auto"/>.</summary>
    public SelfDescriptionPolicy SelfDescription { get; init; }
}

/// <summary>How a <see cref="GawClient"/> talks to its server.</summary>
public sealed record GawClientOptions : JsonWebClientOptions
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
