using System.Collections.Concurrent;
using Gaw.PostOffice.Framing;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Server;

/// <summary>The connections of one server: how many there are, how many there may be, and what they hold together.</summary>
/// <param name="maxConnections">How many there may be.</param>
/// <param name="isMeasured"><see cref="PostOfficeOptions.IsMeasured"/>.</param>
/// <param name="rejections">Counts those that are refused.</param>
/// <param name="logger">The server's.</param>
internal sealed class ConnectionRegistry(int maxConnections, bool isMeasured, RejectionLog rejections, ILogger logger)
{
    /// <summary>Refused peers that are still being told so; beyond that they are only closed.</summary>
    private const int MaxRefusedOpen = 1000;

    private readonly ConcurrentDictionary<ServerConnection, ServerConnection> _connections = new();

    /// <summary>
    /// The increment in <see cref="Admit"/> pairs with the decrement in <see cref="Remove"/>, which comes before
    /// the removal. For a moment one connection too few may be admitted, never one too many.
    /// </summary>
    private int _refusedOpen;

    /// <summary>A counter: the addition pairs with the read in <see cref="ReceivedCount"/>.</summary>
    private long _receivedOnEnded;

    /// <summary>What the incomplete large frames of all connections may hold together.</summary>
    public FrameBudget Budget { get; } = new(FrameBudget.DefaultMaxBytes);

    /// <summary>How many connections are open, or have calls that run on.</summary>
    public int Count => _connections.Count;

    /// <summary>All of them; may be walked while some come and go.</summary>
    public IEnumerable<ServerConnection> All => _connections.Select(static entry => entry.Key);

    /// <summary>How many messages have come.</summary>
    public long ReceivedCount => Interlocked.Read(ref _receivedOnEnded) + All.Sum(static connection => connection.Received);

    /// <summary>How many messages run.</summary>
    public int RunningCount => All.Sum(static connection => connection.Running);

    /// <summary>A new connection: it is admitted, refused with a word, or closed without one.</summary>
    public ConnectionAdmission Admit(ServerConnection connection)
    {
        if (_connections.Count - Volatile.Read(ref _refusedOpen) < maxConnections)
        {
            Add(connection);
            return ConnectionAdmission.Admitted;
        }

        if (rejections.Count("connections"))
        {
            logger.TooManyConnections(connection.RemoteEndPoint, maxConnections);
        }

        if (Interlocked.Increment(ref _refusedOpen) > MaxRefusedOpen)
        {
            Interlocked.Decrement(ref _refusedOpen);
            return ConnectionAdmission.Dropped;
        }

        Add(connection);
        return ConnectionAdmission.Refused;
    }

    public void Remove(ServerConnection connection)
    {
        // In this order: for a moment there is one too few to be had, never one too many.
        if (connection.WasRefused)
        {
            Interlocked.Decrement(ref _refusedOpen);
        }

        if (_connections.TryRemove(connection, out _))
        {
            Interlocked.Add(ref _receivedOnEnded, connection.Received);
            CountChange(-1);
        }
    }

    /// <summary>When the incomplete large frames of all connections are above their budget together, the one that holds most loses its connection.</summary>
    public void CheckBudget()
    {
        if (!Budget.IsExceeded)
        {
            return;
        }

        ServerConnection? largest = All.MaxBy(static connection => connection.BufferedBytes);
        if (largest is { IsCutOff: false })
        {
            // One that was cut off is about to give its bytes back: it is not counted again, and no other has to suffer for it.
            if (rejections.Count("budget"))
            {
                logger.OverBudget(largest.RemoteEndPoint);
            }

            largest.Abort();
        }
    }

    private void Add(ServerConnection connection)
    {
        _connections.TryAdd(connection, connection);
        CountChange(1);
    }

    private void CountChange(int change)
    {
        if (isMeasured)
        {
            Instruments.ServerConnectionsChanged(change);
        }
    }
}
