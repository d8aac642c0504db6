namespace Gaw.PostOffice.Client;

/// <summary>
/// What a connection has learned of its server, and whether it takes further calls. Every part only moves forward. The thread that reads writes <see cref="Mode"/> and
/// <see cref="HasReplied"/>; any thread reads all of it, without a lock.
/// </summary>
internal sealed class ConnectionState(ServerMode mode)
{
    /// <summary>
    /// Each of these is written before its consequence (a caller is woken, a call completed). Pairs with the reads of senders and of the clock. A reader that comes a moment too early
    /// meets the same again under the connection's lock.
    /// </summary>
    private volatile ServerMode _mode = mode;
    private volatile bool _hasReplied;
    private volatile bool _isRetired;
    private volatile bool _isLeaving;
    private volatile bool _isOld;
    private volatile bool _isClosed;

    public ServerMode Mode => _mode;

    /// <summary>The server has answered something on this connection.</summary>
    public bool HasReplied => _hasReplied;

    /// <summary>No further call is sent here; those that are open may still end.</summary>
    public bool IsRetired => _isRetired;

    /// <summary>Retired since the server stops, or since the connection is old: the next connection takes its place among those that may be open.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>Left since it is old: by this side, and with no word about the server.</summary>
    public bool IsOld => _isOld;

    /// <summary>The connection has ended.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Calls may be sent here, though they may have to wait behind others.</summary>
    public bool TakesCalls => !_isClosed && !_isRetired;

    /// <summary>A further call would not wait behind another.</summary>
    /// <param name="openCalls">Calls whose replies may still come.</param>
    public bool HasRoom(int openCalls) => TakesCalls && (_mode == ServerMode.Multiplexed || openCalls == 0);

    /// <summary>The server has answered. Without <c>meta</c> in its first reply it is sequential.</summary>
    public void Replied()
    {
        _hasReplied = true;
        if (_mode == ServerMode.Unknown)
        {
            _mode = ServerMode.Sequential;
        }
    }

    /// <summary>A reply with <c>meta</c> has come: the server answers each call as soon as it is done.</summary>
    /// <returns><see langword="false"/>: that was known.</returns>
    public bool TryBecomeMultiplexed()
    {
        if (_mode == ServerMode.Multiplexed)
        {
            return false;
        }

        _mode = ServerMode.Multiplexed;
        return true;
    }

    public void Retire() => _isRetired = true;

    /// <summary>Retires the connection, and leaves its place to the next.</summary>
    public void Leave()
    {
        _isLeaving = true;
        _isRetired = true;
    }

    /// <summary>As <see cref="Leave"/>, since it was in use for so long.</summary>
    public void GrowOld()
    {
        _isOld = true;
        Leave();
    }

    public void Close() => _isClosed = true;
}
