namespace Gaw.Tests.Support;

/// <summary>What carries the calls of a test: how a server is started on it, and how its clients are made. Each test project has those that it can reach.</summary>
public abstract class TestCarrier
{
    /// <summary>Starts a server to which <paramref name="add"/> has added the services.</summary>
    public Task<CarriedServer> StartAsync(Action<GawServer> add, GawServerOptions? options)
    {
        options ??= new GawServerOptions();
        LogCollector? log = options.LoggerFactory is LogCollector ? null : new LogCollector();
        return StartAsync(add, log is null ? options : options with { LoggerFactory = log }, log);
    }

    protected abstract Task<CarriedServer> StartAsync(Action<GawServer> add, GawServerOptions options, LogCollector? log);
}
