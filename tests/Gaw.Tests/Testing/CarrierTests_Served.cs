using Gaw.Testing;
using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>TCP, with and without a secret, and memory.</summary>
public sealed partial class CarrierTests
{
    /// <summary>What carries the calls.</summary>
    public enum Carrier
    {
        Tcp,
        WithSecret,
        WithEncryption,
        Memory,
    }

    /// <summary>A server over one of the carriers.</summary>
    public sealed class Served : IAsyncDisposable
    {
        private static readonly Secret Key = Secret.Generate();

        private readonly Carrier _carrier;
        private GawTestHost? _host;

        private Served(Carrier carrier) => _carrier = carrier;

        public GawServer Server { get; private set; } = null!;

        public bool IsStopping => _host?.IsStopping ?? Server.IsStopping;

        public Tally Waiting { get; } = new("calls that wait");

        public Tally Cancelled { get; } = new("calls that were cancelled");

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task<Served> StartAsync(Carrier carrier, GawServerOptions? options = null)
        {
            Served served = new(carrier);
            options ??= new GawServerOptions();
            if (carrier == Carrier.Memory)
            {
                served._host = GawTestHost.Serving(s => s.Add<Bench>(served), options);
                served.Server = served._host.Server;
            }
            else
            {
                served.Server = new GawServer("127.0.0.1", 0, options with { Secret = carrier == Carrier.Tcp ? null : Key, Encrypt = carrier == Carrier.WithEncryption }).Add<Bench>(served);
                await served.Server.StartAsync(Cancellation);
            }

            return served;
        }

        public GawClient Connect(GawClientOptions? options = null)
        {
            options ??= new GawClientOptions();
            return _host is not null
                ? _host.Connect(options)
                : new GawClient("127.0.0.1", Server.LocalEndPoint.Port, options with { Secret = _carrier == Carrier.Tcp ? null : Key, Encrypt = _carrier == Carrier.WithEncryption });
        }

        public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? Server.DisposeAsync();
    }
}
