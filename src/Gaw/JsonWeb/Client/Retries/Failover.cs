namespace Gaw.JsonWeb.Client.Retries;

/// <summary>
/// How often a call goes elsewhere at once. Another connection, or another server, is no further attempt on the one that has failed, and no business of <c>Retries</c>: at once
/// where a connection had grown stale, once in a call, and where another server is left that is not known to have failed, each once in a call. So is a server that was not named,
/// and has said its identity, and another of several where one was full: it takes a round of them and a wait until one is asked again. Pure.
/// </summary>
internal struct Failover
{
    /// <summary>So many full servers are passed by at once; after more of them the call pauses.</summary>
    public const int MostRefusals = 3;

    /// <summary>So often in one call a server is named anew at once; more is no load balancer's doing.</summary>
    private const int MostMisdirected = 8;

    private bool _wasStale;
    private int _serversLeft;
    private int _misdirected;

    /// <summary>So many servers behind the address had no place for the call.</summary>
    public int Refusals { get; private set; }

    /// <summary>Whether the call, which has not run, goes out again at once. <see langword="null"/>: only to another server, where one is left (<see cref="TryAnother"/>).</summary>
    public bool? Decide(GawConnectionException failure)
    {
        if (failure.WasStale)
        {
            bool isFirst = !_wasStale;
            _wasStale = true;
            return isFirst;
        }

        if (failure.WasMisdirected)
        {
            return ++_misdirected <= MostMisdirected;
        }

        if (failure.HasWaited)
        {
            Refusals = 0;
            return true;
        }

        return failure.WasFull ? ++Refusals <= MostRefusals : null;
    }

    /// <summary>A server that is not known to have failed is left. <see langword="false"/>: the call has left as many as there are.</summary>
    /// <param name="servers">How many there are.</param>
    public bool TryAnother(int servers) => ++_serversLeft < servers;
}
