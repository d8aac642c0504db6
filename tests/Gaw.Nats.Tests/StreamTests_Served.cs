using Gaw.Nats.Tests.Support;

// The other part of the class is the same file as in Gaw.Tests.
#pragma warning disable IDE0130
namespace Gaw.Tests.Testing;

/// <summary>The engine, with and without a secret.</summary>
public sealed partial class StreamTests
{
    /// <summary>What carries the calls.</summary>
    public enum Carrier
    {
        Nats,
        WithSecret,
        WithEncryption,
    }

    /// <summary>A server over one of the carriers.</summary>
    public sealed class Served : Sources, IAsyncDisposable
    {
        private static readonly Secret Key = Secret.Generate();

        private readonly Carrier _carrier;
        private readonly string _address;

        private Served(Carrier carrier, string address)
        {
            _carrier = carrier;
            _address = address;
        }

        public GawServer Server { get; private set; } = null!;

        private Secret? Secret => _carrier == Carrier.Nats ? null : Key;

        public static async Task<Served> StartAsync(Carrier carrier, GawServerOptions? options = null)
        {
            Served served = new(carrier, await NatsEngine.GetAddressAsync());
            served.Server = new GawServer(served._address, (options ?? new GawServerOptions()) with { Secret = served.Secret, Encrypt = carrier == Carrier.WithEncryption }).Add<Source>(served).Add<Sink>(served);
            await served.Server.StartAsync(Cancellation);
            return served;
        }

        public GawClient Connect(GawClientOptions? options = null) => new([_address], (options ?? new GawClientOptions()) with { Secret = Secret, Encrypt = _carrier == Carrier.WithEncryption });

        /// <summary>The server stops as it does when its process is told to.</summary>
        public Task StopAsync() => Server.StopAsync(Cancellation);

        /// <summary>The server ends, whatever runs.</summary>
        public void Cut() => _ = Server.StopAsync(new CancellationToken(canceled: true));

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
