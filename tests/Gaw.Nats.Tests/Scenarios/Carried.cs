using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;

// The classes that these tests stand in are the same files as in Gaw.Tests.
#pragma warning disable IDE0130
namespace Gaw.Tests.Scenarios;

/// <summary>The engine, without and with a seal, and the tests that are the same over each carrier.</summary>
public static class Carried
{
    public static TestCarrier Nats { get; } = new OverNats(secret: null);

    public static TestCarrier Sealed { get; } = new OverNats(Secret.Generate());

    private sealed class OverNats(Secret? secret) : TestCarrier
    {
        protected override async Task<CarriedServer> StartAsync(Action<GawServer> add, GawServerOptions options, LogCollector? log)
        {
            string address = await NatsEngine.GetAddressAsync();
            GawServer server = new(address, options with { Secret = secret, Encrypt = secret is not null });
            add(server);
            await server.StartAsync(TestContext.Current.CancellationToken);
            return new CarriedServer(server, client => new GawClient([address], client with { Secret = secret, Encrypt = secret is not null }), () => server.StopAsync(), log);
        }
    }
}

// The tests of one class wait at one gate: its carriers follow each other.
[Collection(nameof(CallTests))]
public sealed class CallTests_Nats() : CallTests(Carried.Nats);

[Collection(nameof(CallTests))]
public sealed class CallTests_NatsSealed() : CallTests(Carried.Sealed);

public sealed class FilterTests_Nats() : FilterTests(Carried.Nats);

public sealed class FilterTests_NatsSealed() : FilterTests(Carried.Sealed);

public sealed class CallEndTests_Nats() : CallEndTests(Carried.Nats);

public sealed class CallEndTests_NatsSealed() : CallEndTests(Carried.Sealed);

public sealed class ProgressTests_Nats() : ProgressTests(Carried.Nats);

public sealed class ProgressTests_NatsSealed() : ProgressTests(Carried.Sealed);
