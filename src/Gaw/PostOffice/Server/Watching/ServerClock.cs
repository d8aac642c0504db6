using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Server.Watching;

/// <summary>Looks at the connections of one server twice a second, from its start to its end.</summary>
internal sealed class ServerClock : IAsyncDisposable
{
    private readonly ConnectionRegistry _connections;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    public ServerClock(ConnectionRegistry connections, TimeProvider time, ILogger logger)
    {
        _connections = connections;
        _logger = logger;
        _timer = Background.CreateTimer(time, static self => ((ServerClock)self!).OnTick(), this, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called first each time.</summary>
    public Action? Also { get; set; }

    public void Start() => _timer.Change(ConnectionWatch.Tick, ConnectionWatch.Tick);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void OnTick()
    {
        // On the timer's thread, where an exception would end the process.
        try
        {
            Also?.Invoke();
        }
        catch (Exception e)
        {
            _logger.TickFailed(null, e);
        }

        foreach (ServerConnection connection in _connections.All)
        {
            try
            {
                connection.OnTick();
            }
            catch (Exception e)
            {
                _logger.TickFailed(connection.RemoteEndPoint, e);
            }
        }
    }
}
