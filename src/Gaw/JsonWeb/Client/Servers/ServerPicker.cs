using System.Net;
using Gaw.JsonWeb.Client.Names;
using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client.Servers;

/// <summary>
/// The servers of one client, which all serve the same. A call goes to the one with the fewest open and waiting calls. One that could not be
/// connected, or let a call wait in silence, is left alone for a while and then tried without a caller, unless no other is left.
/// </summary>
internal sealed class ServerPicker : IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>A caller whose connection has not come about by then looks for another server.</summary>
    private static readonly TimeSpan ElsewhereAfter = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;

    /// <summary>Finds the servers; <see langword="null"/>: they were given, and stay.</summary>
    private readonly ServerMembership? _names;

    /// <summary>Replaced as a whole where servers come and go, so that a call sees one state. The write in <see cref="Use"/> pairs with each read.</summary>
    private volatile ServerEntry[] _servers;

    /// <summary>The increment pairs with itself: each call has a turn of its own.</summary>
    private int _turn;

    /// <summary>Servers that stay.</summary>
    public ServerPicker(RequestCarrier[] servers, TimeProvider time)
    {
        _time = time;
        _servers = [.. servers.Select(static server => new ServerEntry(server))];
        EndPoint = servers[0].EndPoint;
        if (servers.Length > 1)
        {
            Array.ForEach(_servers, Watch);
        }
    }

    /// <summary>Servers that come and go.</summary>
    public ServerPicker(ServerMembership names, TimeProvider time)
    {
        _time = time;
        _names = names;
        EndPoint = names.EndPoint;
        _servers = names.Begin(Use);
    }

    /// <summary>The address of the first, as it was given.</summary>
    public EndPoint EndPoint { get; }

    public IEnumerable<RequestCarrier> All => _servers.Select(static server => server.Carrier);

    /// <summary>How many there are now.</summary>
    public int Count => _servers.Length;

    /// <summary>The server for the next attempt.</summary>
    public RequestCarrier Choose() => _servers is [{ } only] ? only.Carrier : ChooseAmong(static (_, _) => true)!;

    /// <summary>The server could not be connected, takes no calls, or is silent.</summary>
    /// <returns><see langword="true"/>: nothing is known against another one, which can be tried at once.</returns>
    public bool Failed(RequestCarrier server)
    {
        ServerEntry[] servers = _servers;
        if (servers.Length == 1)
        {
            return false;
        }

        if (Array.Find(servers, entry => entry.Carrier == server) is { } failed)
        {
            failed.FailedAt = Now();
        }

        return Array.Exists(servers, static entry => entry.FailedAt == 0);
    }

    /// <summary>Closes the connections to all servers.</summary>
    public void Dispose()
    {
        _names?.Dispose();
        Array.ForEach(_servers, static server => server.Carrier.Dispose());
    }

    /// <summary>As <see cref="RequestCarrier.WaitForCapacityAsync"/>, and goes to another server where the connection takes its time.</summary>
    /// <returns>The server to be asked now, and whether a connection to it was opened for the call.</returns>
    public async Task<(RequestCarrier Server, bool WasOpened)> WaitForCapacityAsync(
        RequestCarrier server, PendingCall call, bool wasOpened, bool isBound, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        if (server is NameCarrier)
        {
            await server.WaitForCapacityAsync(call, wasOpened, connectTime, cancellationToken).ConfigureAwait(false);
            return (Choose(), false);
        }

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
        ServerEntry[] servers = _servers;
        int first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)servers.Length);
        bool oneTakesCalls = Array.Exists(servers, static server => server.Carrier.TakesCalls);
        RequestCarrier? best = null;
        (ServerStanding Standing, int Load) least = (ServerStanding.Resting + 1, 0);
        for (int i = 0; i < servers.Length; i++)
        {
            ServerEntry entry = servers[(first + i) % servers.Length];
            RequestCarrier server = entry.Carrier;
            ServerStanding standing = Judge(entry, oneTakesCalls);
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

    private ServerStanding Judge(ServerEntry server, bool oneTakesCalls) => server.FailedAt switch
    {
        0 => oneTakesCalls && server.Carrier is { IsOpening: true, TakesCalls: false } ? ServerStanding.Connecting : ServerStanding.Good,
        long since when _time.GetElapsedTime(since) < Rest => ServerStanding.Resting,
        _ => ServerStanding.Suspect,
    };

    /// <summary>Other servers take the calls from now on.</summary>
    private void Use(ServerEntry[] servers)
    {
        Array.ForEach(servers, Watch);
        _servers = servers;
    }

    private void Watch(ServerEntry server) => server.Carrier.OnOpened ??= success =>
    {
        server.FailedAt = success ? 0 : Now();
        if (!success)
        {
            _names?.AskSoon();
        }
    };

    private long Now() => Math.Max(1, _time.GetTimestamp());
}
