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
    private readonly TimeProvider _time;
    private readonly ServerChoice _choice;

    /// <summary>Finds the servers; <see langword="null"/>: they were given, and stay.</summary>
    private readonly ServerMembership? _names;

    /// <summary>Replaced as a whole where servers come and go, so that a call sees one state. The write in <see cref="Use"/> pairs with each read.</summary>
    private volatile ServerEntry[] _servers;

    /// <summary>Servers that stay.</summary>
    public ServerPicker(RequestCarrier[] servers, TimeProvider time)
    {
        _time = time;
        _choice = new ServerChoice(time);
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
        _choice = new ServerChoice(time);
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
    public RequestCarrier Choose() => _servers is [{ } only] ? only.Carrier : _choice.Choose(_servers, static (_, _) => true)!;

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

        return await ElsewhereWait.WaitAsync(server, call, wasOpened, connectTime, FindBetter, cancellationToken).ConfigureAwait(false);

        // One that waits for its own connection as well, or has just failed, would be no better.
        RequestCarrier? FindBetter() => _choice.Choose(_servers, (other, standing) => other != server && standing != ServerStanding.Resting && (other.TakesCalls || !other.IsOpening));
    }

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
