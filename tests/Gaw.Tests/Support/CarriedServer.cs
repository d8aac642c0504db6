namespace Gaw.Tests.Support;

/// <summary>A server over one of the things that carry calls. Fails its test on dispose where it logged an error of its own.</summary>
public sealed class CarriedServer : IAsyncDisposable
{
    private readonly GawServer _server;
    private readonly Func<GawClientOptions, GawClient> _connect;
    private readonly Func<Task> _stop;
    private readonly LogCollector? _log;

    /// <param name="server">The server, ready to be called.</param>
    /// <param name="connect">Makes a client of it.</param>
    /// <param name="stop">Lets what runs end, and ends it.</param>
    /// <param name="log">Its log, which is to have no errors; <see langword="null"/>: the test looks into it itself.</param>
    public CarriedServer(GawServer server, Func<GawClientOptions, GawClient> connect, Func<Task> stop, LogCollector? log)
    {
        _server = server;
        _connect = connect;
        _stop = stop;
        _log = log;
    }

    /// <summary>Connections of its own: none, where an engine has them.</summary>
    public int Connections => _server.Connections;

    public GawClient Connect(GawClientOptions? options = null) => _connect(options ?? new GawClientOptions());

    /// <summary>Lets what runs end.</summary>
    public Task StopAsync() => _stop();

    public async ValueTask DisposeAsync()
    {
        await _stop();
        await _server.DisposeAsync();
        _log?.Errors.Should().BeEmpty("the server logs an error only when it has failed itself");
    }
}
