namespace Gaw.Tests.Support;

/// <summary>Tests that are the same whatever carries the calls: a class of them has one class more for each carrier, which says no more than its name.</summary>
public abstract class CarriedTests(TestCarrier carrier)
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a server of one service.</summary>
    protected Task<CarriedServer> ServingAsync<T>(params object?[] args)
        where T : class => StartAsync(server => server.Add<T>(args));

    /// <summary>Starts a server to which <paramref name="add"/> has added the services.</summary>
    protected Task<CarriedServer> StartAsync(Action<GawServer> add, GawServerOptions? options = null) => carrier.StartAsync(add, options);
}
