using Gaw.Scheduling;
using Gaw.Testing;
using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>TCP in its four modes, and memory.</summary>
public sealed partial class StreamTests
{
    /// <summary>What carries the calls.</summary>
    public enum Carrier
    {
        Tcp,
        WithSecret,
        WithEncryption,
        WithTls,
        Memory,
    }

    /// <summary>A server over one of the carriers.</summary>
    public sealed class Served : Sources, IAsyncDisposable
    {
        private static readonly Secret Key = Secret.Generate();

        private readonly Carrier _carrier;
        private readonly Authority? _authority;
        private GawTestHost? _host;

        private Served(Carrier carrier)
        {
            _carrier = carrier;
            _authority = carrier == Carrier.WithTls ? new Authority() : null;
        }

        public GawServer Server { get; private set; } = null!;

        private Secret? Secret => _carrier is Carrier.WithSecret or Carrier.WithEncryption ? Key : null;

        public static async Task<Served> StartAsync(Carrier carrier, GawServerOptions? options = null)
        {
            Served served = new(carrier);
            options ??= new GawServerOptions();
            if (carrier == Carrier.Memory)
            {
                served._host = GawTestHost.Serving(s => s.Add<Source>(served).Add<Sink>(served), options);
                served.Server = served._host.Server;
                return served;
            }

            served.Server = new GawServer("127.0.0.1", 0, options with { Secret = served.Secret, Encrypt = carrier == Carrier.WithEncryption, Tls = served._authority?.Server() }).Add<Source>(served).Add<Sink>(served);
            await served.Server.StartAsync(Cancellation);
            return served;
        }

        public GawClient Connect(GawClientOptions? options = null)
        {
            options ??= new GawClientOptions();
            return _host is not null
                ? _host.Connect(options)
                : new GawClient("127.0.0.1", Server.LocalEndPoint.Port, options with { Secret = Secret, Encrypt = _carrier == Carrier.WithEncryption, Tls = _authority?.Client() });
        }

        /// <summary>The server stops as it does when its process is told to.</summary>
        public Task StopAsync() => _host?.DisposeAsync().AsTask() ?? Server.StopAsync(Cancellation);

        /// <summary>The connection of each client is lost.</summary>
        public void Cut()
        {
            if (_host is not null)
            {
                _host.Cut();
            }
            else
            {
                Server.StopAsync(new CancellationToken(canceled: true)).Forget();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await (_host?.DisposeAsync() ?? Server.DisposeAsync());
            _authority?.Dispose();
        }
    }
}
