using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client;

/// <summary>
/// The servers of one client, which all serve the same. A call goes to the one with the fewest open and waiting calls. One that could not be
/// connected, or let a call wait in silence, is left alone for a while and then tried without a caller, unless no other is left.
/// </summary>
internal sealed class ServerPicker
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>A caller whose connection has not come about by then looks for another server.</summary>
    private static readonly TimeSpan ElsewhereAfter = TimeSpan.FromMilliseconds(250);

    private readonly RequestCarrier[] _servers;
    private readonly TimeProvider _time;

    /// <summary>When each has failed last; 0 where nothing is known against it.</summary>
    private readonly long[] _failedAt;
    private int _turn;

    public ServerPicker(RequestCarrier[] servers, TimeProvider time)
    {
        _servers = servers;
        _time = time;
        _failedAt = new long[servers.Length];
        for (int i = 0; i < servers.Length && servers.Length > 1; i++)
        {
            int at = i;
            servers[i].OnOpened = success => Volatile.Write(ref _failedAt[at], success ? 0 : Now());
        }
    }

    public RequestCarrier[] All => _servers;

    /// <summary>The server for the next attempt.</summary>
    public RequestCarrier Choose() => _servers.Length == 1 ? _servers[0] : ChooseAmong(static (_, _) => true)!;

    /// <summary>The server could not be connected, takes no calls, or is silent.</summary>
    /// <returns><see langword="true"/>: nothing is known against another one, which can be tried at once.</returns>
    public bool Failed(RequestCarrier server)
    {
        if (_servers.Length == 1)
        {
            return false;
        }

        Volatile.Write(ref _failedAt[Array.IndexOf(_servers, server)], Now());
        return Enumerable.Range(0, _servers.Length).Any(at => Volatile.Read(ref _failedAt[at]) == 0);
    }

    /// <summary>As <see cref="RequestCarrier.WaitForCapacityAsync"/>, and goes to another server where the connection takes its time.</summary>
    /// <returns>The server to be asked now, and whether a connection to it was opened for the call.</returns>
    public async Task<(RequestCarrier Server, bool WasOpened)> WaitForCapacityAsync(
        RequestCarrier server, PendingCall call, bool wasOpened, bool isBound, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        if (_servers.Length == 1 || isBound)
        {
            return (server, await server.WaitForCapacityAsync(call, wasOpened, connectTime, cancellationToken).ConfigureAwait(false));
        }

        using CancellationTokenSource elsewhere = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> room = server.WaitForCapacityAsync(call, wasOpened, connectTime, elsewhere.Token);
        while (await Task.WhenAny(room, Task.Delay(ElsewhereAfter, cancellationToken)).ConfigureAwait(false) != room && !cancellationToken.IsCancellationRequested)
        {
            // One that waits for its own connection as well, or has just failed, would be no better.
            if (ChooseAmong((other, standing) => other != server && standing != ServerStanding.Resting && (other.TakesCalls || !other.IsOpening)) is { } other)
            {
                await elsewhere.CancelAsync().ConfigureAwait(false);
                await ((Task)room).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return (other, false);
            }
        }

        return (server, await room.ConfigureAwait(false));
    }

    /// <summary>The best of those that are wanted; <see langword="null"/> where there is none.</summary>
    private RequestCarrier? ChooseAmong(Func<RequestCarrier, ServerStanding, bool> isWanted)
    {
        // Those that are equally good take turns.
        int first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)_servers.Length);
        bool oneTakesCalls = Array.Exists(_servers, static server => server.TakesCalls);
        RequestCarrier? best = null;
        (ServerStanding Standing, int Load) least = (ServerStanding.Resting + 1, 0);
        for (int i = 0; i < _servers.Length; i++)
        {
            int at = (first + i) % _servers.Length;
            RequestCarrier server = _servers[at];
            ServerStanding standing = Judge(at, oneTakesCalls);
            if (standing == ServerStanding.Suspect && oneTakesCalls)
            {
                // Nobody waits for it: as soon as it answers again, it is as good as the others.
                server.Prepare();
            }

            (ServerStanding, int) rank = (standing, server.Load);
            if (isWanted(server, standing) && rank.CompareTo(least) < 0)
            {
                least = rank;
                best = server;
            }
        }

        return best;
    }

    private ServerStanding Judge(int at, bool oneTakesCalls)
    {
        RequestCarrier server = _servers[at];
        return Volatile.Read(ref _failedAt[at]) switch
        {
            0 => oneTakesCalls && server.IsOpening && !server.TakesCalls ? ServerStanding.Connecting : ServerStanding.Good,
            long since when _time.GetElapsedTime(since) < Rest => ServerStanding.Resting,
            _ => ServerStanding.Suspect,
        };
    }

    private long Now() => Math.Max(1, _time.GetTimestamp());
}

/// <summary>How willingly calls are sent to a server, the best first.</summary>
internal enum ServerStanding
{
    /// <summary>Nothing is known against it.</summary>
    Good,

    /// <summary>Its connection is under way, while another server has one.</summary>
    Connecting,

    /// <summary>It has failed a while ago.</summary>
    Suspect,

    /// <summary>It has just failed.</summary>
    Resting,
}
