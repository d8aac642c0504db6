using System.Net;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>How long a call waits for the look-up of its servers' names. Pure.</summary>
/// <param name="Rest">What is left of the call's time; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
/// <param name="ConnectTime">How long it may wait for a connection.</param>
/// <param name="KnowsNone">No servers are known from an earlier look-up, which it could go to.</param>
internal readonly record struct NamePatience(TimeSpan Rest, TimeSpan ConnectTime, bool KnowsNone)
{
    /// <summary>A call that has servers from an earlier look-up waits no longer for a new one.</summary>
    private static readonly TimeSpan MostWithServers = TimeSpan.FromSeconds(1);

    public TimeSpan Limit => Shorter(Shorter(Rest, ConnectTime), KnowsNone ? Timeout.InfiniteTimeSpan : MostWithServers);

    /// <summary>What a call fails with that knows no servers when the time is over.</summary>
    public Exception Explain(string names, string path, EndPoint endPoint, TimeoutException e) => Limit == Rest
        ? new TimeoutException($"{names} could not be looked up within CallTimeout, so {path} was not sent.", e)
        : new GawConnectionException($"{names} could not be looked up within ConnectTimeout. Does the name server answer?", endPoint, CallExecution.NotRun, e);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one == Timeout.InfiniteTimeSpan ? other : other == Timeout.InfiniteTimeSpan || one < other ? one : other;
}
