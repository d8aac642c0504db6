using System.Collections.Immutable;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>The connections of a pool at one moment. Immutable, so that any thread reads it without a lock.</summary>
internal sealed class ConnectionSet(ImmutableArray<ClientConnection> connections)
{
    public static readonly ConnectionSet Empty = new([]);

    public ImmutableArray<ClientConnection> All => connections;

    /// <summary>Calls that are open on all connections.</summary>
    public int OpenCalls
    {
        get
        {
            int count = 0;
            foreach (ClientConnection connection in connections)
            {
                count += connection.OpenCalls;
            }

            return count;
        }
    }

    /// <summary>The connection that a call would be sent on now; <see langword="null"/>: none has room.</summary>
    public ClientConnection? Next
    {
        get
        {
            foreach (ClientConnection connection in connections)
            {
                if (connection.HasRoom)
                {
                    return connection;
                }
            }

            return null;
        }
    }

    /// <summary>A connection is there to which calls may be sent.</summary>
    public bool TakesCalls
    {
        get
        {
            foreach (ClientConnection connection in connections)
            {
                if (connection.State.TakesCalls)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Of those that take calls the one with the fewest.</summary>
    public ClientConnection? LeastLoaded => connections.Where(static connection => connection.State.TakesCalls).MinBy(static connection => connection.OpenCalls);

    public ConnectionSet With(ClientConnection connection) => new(connections.Add(connection));

    public ConnectionSet Without(ClientConnection connection) => new(connections.Remove(connection));

    /// <summary>What <see cref="PoolDecision"/> asks.</summary>
    /// <param name="maxConnections">How many may be open at once.</param>
    /// <param name="isOpening">A connection is being opened.</param>
    /// <param name="isSilent">For a while none has told the server's mode.</param>
    /// <param name="waitedForMode">How long the call has waited for it.</param>
    public PoolFacts GetFacts(int maxConnections, bool isOpening, bool isSilent, TimeSpan waitedForMode)
    {
        bool hasRoom = false;
        bool takesCalls = false;
        int counted = 0;
        ServerMode mode = isSilent ? ServerMode.Silent : ServerMode.Unknown;
        foreach (ClientConnection connection in connections)
        {
            hasRoom |= connection.HasRoom;
            takesCalls |= connection.State.TakesCalls;

            // A connection that leaves is not counted: the next server at the address is another one.
            counted += connection.State.IsLeaving ? 0 : 1;
            mode = connection.State.Mode == ServerMode.Sequential ? ServerMode.Sequential : mode;
        }

        return new PoolFacts(hasRoom, takesCalls, counted < maxConnections, isOpening, mode, waitedForMode);
    }

    /// <summary>As <see cref="Next"/>, and known to be alive.</summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    public ClientConnection? FindUsable(long now)
    {
        foreach (ClientConnection connection in connections)
        {
            if (connection.HasRoom && connection.IsUsable(now))
            {
                return connection;
            }
        }

        return null;
    }
}
