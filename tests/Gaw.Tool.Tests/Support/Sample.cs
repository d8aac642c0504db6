namespace Gaw.Tool.Tests.Support;

/// <summary>The sample service on a free port of this machine.</summary>
public sealed class Sample : IAsyncDisposable
{
    private Sample(GawServer server) => Server = server;

    public GawServer Server { get; }

    public int Port => Server.LocalEndPoint.Port;

    public string Address => $"127.0.0.1:{Port}";

    public static string Assembly => typeof(MathService).Assembly.Location;

    public static async Task<Sample> StartAsync(GawServerOptions? options = null)
    {
        Sample sample = new(new GawServer("127.0.0.1", 0, options).Add<MathService>("hello!"));
        await sample.Server.StartAsync(TestContext.Current.CancellationToken);
        return sample;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
