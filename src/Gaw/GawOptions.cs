using Gaw.JsonWeb;
using Gaw.PostOffice;

namespace Gaw;

/// <summary>How a <see cref="GawServer"/> serves. The defaults suit a private network.</summary>
public sealed record GawServerOptions : PostOfficeServerOptions
{
    /// <summary>User types beyond those of the entrypoints' signatures. Default: none.</summary>
    public GawTypes Types { get; init; } = new();

    /// <summary>
    /// Takes each request once, and only when it was made within this time before or after now, by the clock of its client: what was
    /// recorded on the way cannot be sent again. Needs a <see cref="PostOfficeOptions.Secret"/>. Python clients are served, too, if their
    /// clock is right. Above zero, at most one hour. Default: none, since a wrong clock would shut a client out.
    /// </summary>
    public TimeSpan? ReplayWindow
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= TimeSpan.FromHours(1))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Give ReplayWindow a duration above zero and up to one hour, for example two minutes.");
    }

    /// <summary>
    /// What runs around each method that is called, those of <c>_gaw</c> included, with arguments that fit, the first outermost: for each call each factory makes
    /// a filter, or gives one that serves many calls at once. Default: none.
    /// </summary>
    public IReadOnlyList<Func<IGawFilter>> Filters { get; init; } = [];

    /// <summary>
    /// Keeps each reply for so long, 64 MiB in all, for .NET clients whose options say <see cref="RetryWhen.KeptReplies"/>: when an answer is lost with its connection, they
    /// get it again, and the method does not run twice. It is not cancelled either when they are gone. Above zero, at most one hour; two minutes suit a
    /// <c>CallTimeout</c> of 100 seconds. Default: none.
    /// </summary>
    public TimeSpan? KeepReplies
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= TimeSpan.FromHours(1))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Give KeepReplies a duration above zero and up to one hour, for example two minutes.");
    }

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
