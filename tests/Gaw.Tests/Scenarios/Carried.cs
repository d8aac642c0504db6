using Gaw.Testing;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>The carriers of this project, and the tests that are the same over each. <c>Gaw.Nats.Tests</c> has the same files and its own carriers. What only TCP has stands in the classes that end with <c>OnlyTcp</c>.</summary>
public static class Carried
{
    public static TestCarrier Tcp { get; } = new OverTcp();

    public static TestCarrier Memory { get; } = new OverMemory();

    private sealed class OverTcp : TestCarrier
    {
        protected override async Task<CarriedServer> StartAsync(Action<GawServer> add, GawServerOptions options, LogCollector? log)
        {
            GawServer server = new("127.0.0.1", 0, options);
            add(server);
            await server.StartAsync(TestContext.Current.CancellationToken);
            return new CarriedServer(server, client => new GawClient("127.0.0.1", server.LocalEndPoint.Port, client), () => server.StopAsync(), log);
        }
    }

    private sealed class OverMemory : TestCarrier
    {
        protected override Task<CarriedServer> StartAsync(Action<GawServer> add, GawServerOptions options, LogCollector? log)
        {
            GawTestHost host = GawTestHost.Serving(add, options);
            return Task.FromResult(new CarriedServer(host.Server, host.Connect, () => host.DisposeAsync().AsTask(), log));
        }
    }
}

// The tests of one class wait at one gate: its carriers follow each other.
[Collection(nameof(CallTests))]
public sealed class CallTests_Tcp() : CallTests(Carried.Tcp);

[Collection(nameof(CallTests))]
public sealed class CallTests_Memory() : CallTests(Carried.Memory);

public sealed class FilterTests_Tcp() : FilterTests(Carried.Tcp);

public sealed class FilterTests_Memory() : FilterTests(Carried.Memory);

public sealed class CallEndTests_Tcp() : CallEndTests(Carried.Tcp);

public sealed class CallEndTests_Memory() : CallEndTests(Carried.Memory);

public sealed class ProgressTests_Tcp() : ProgressTests(Carried.Tcp);

public sealed class ProgressTests_Memory() : ProgressTests(Carried.Memory);
