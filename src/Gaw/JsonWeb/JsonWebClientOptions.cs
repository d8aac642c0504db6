using System.Net;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>How a client connects, waits and tries again.</summary>
public record JsonWebClientOptions : PostOfficeClientOptions
{
    /// <summary>Which calls are sent again when their connection is lost. Default: those that cannot have run, and those that are idempotent.</summary>
    public RetryWhen RetryWhen { get; init; }

    /// <summary>
    /// What runs around each call, the first outermost: for each call each factory makes a filter, or gives one that serves many calls at once. Default: none.
    /// </summary>
    public IReadOnlyList<Func<IGawFilter>> Filters { get; init; } = [];

    /// <summary>
    /// Finds the call of a server of this process that a call belongs to: it then takes no longer than that one's caller waits (<see cref="GawCallContext.TimeLeft"/>), and is cancelled with it. Gives
    /// <see langword="null"/> where there is none. Default: none, each call has its own time.
    /// </summary>
    public Func<GawCallContext?>? ServedCall { get; init; }

    /// <summary>Gives the addresses of a name; blocks. For tests.</summary>
    internal Func<string, IPAddress[]> LookUp { get; init; } = Dns.GetHostAddresses;
}
