using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Server;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>How a server takes requests, beside connections and frames.</summary>
public record JsonWebServerOptions : PostOfficeServerOptions
{
    /// <summary>
    /// Protects against replay: a request is taken once, and only if its client made it within this time before or after now. A recorded
    /// request cannot be sent again; one of a .NET client names its server, and cannot be sent to another with the same secret
    /// either. Needs a <see cref="PostOfficeOptions.Secret"/>, and a right clock on every client, Python ones
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

    /// <summary>Makes what refuses repeated requests, and those for other servers; <see langword="null"/> where that was not asked for.</summary>
    /// <exception cref="ArgumentException"><see cref="ReplayWindow"/> is set without a <see cref="PostOfficeOptions.Secret"/>.</exception>
    internal ReplayGuard? CreateReplayGuard() => this switch
    {
        { ReplayWindow: null } => null,
        { Secret: null } => throw new ArgumentException("ReplayWindow is set, but there is no Secret: without one a request need not be recorded to be sent.", "options"),
        _ => new ReplayGuard(ReplayWindow.Value, TimeProvider),
    };

    /// <summary>Makes what keeps the replies; <see langword="null"/> where that was not asked for.</summary>
    internal ReplyCache? CreateReplyCache() => KeepReplies is { } retention ? new ReplyCache(retention, TimeProvider) : null;
}
