using System.Net;
using System.Text;
using Gaw.Json;
using Gaw.PostOffice;

namespace Gaw.Tests.Support;

/// <summary>A carrier whose state a test sets, and which remembers what was asked of it. Without connections of its own.</summary>
internal sealed class ScriptedCarrier(string host = "10.0.0.1") : RequestCarrier(new DnsEndPoint(host, 5555), 1 << 20)
{
    /// <summary>Where calls are sent; <see langword="null"/>: there is no room.</summary>
    public ScriptedRoute? Route { get; init; }

    /// <summary>How often it was told to connect for nobody.</summary>
    public int Prepared { get; private set; }

    /// <summary>The documents that were sent.</summary>
    public List<string> Sent { get; } = [];

    public object? Known { get; set; }

    public int Calls { get; set; }

    public bool HasConnection { get; set; } = true;

    public bool Connects { get; set; }

    /// <summary>Nothing is sent on a route that it gives.</summary>
    public bool Refuses { get; init; }

    /// <summary>What <see cref="WaitForCapacityAsync"/> gives.</summary>
    public Task<bool> Capacity { get; set; } = Task.FromResult(true);

    public override object? Server => Known;

    public override CallRoute? Next => Route;

    public override int Load => Calls;

    public override bool TakesCalls => HasConnection;

    public override bool IsOpening => Connects;

    public override Action<bool>? OnOpened { get; set; }

    public override void Prepare() => Prepared++;

    public override CallRoute? TrySend(PendingCall call, JsonWriter message)
    {
        if (Route is not null)
        {
            Sent.Add(Encoding.UTF8.GetString(message.Written));
            ReturnWriter(message);
        }

        return Route;
    }

    public override bool TrySend(CallRoute route, PendingCall call, JsonWriter message) => !Refuses && TrySend(call, message) == route;

    public override Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken) => Capacity;

    public override void Dispose()
    {
    }

    /// <summary>A route of which only what is known of its server matters.</summary>
    internal sealed class ScriptedRoute(bool isSequential = false) : CallRoute
    {
        public override bool IsSequential => isSequential;

        public override bool TrySend(PendingCall call, JsonWriter message) => throw new NotSupportedException();

        public override void Wait(PendingCall call, bool mayRead) => throw new NotSupportedException();

        public override void Abandon(PendingCall call, Exception reason) => throw new NotSupportedException();

        public override void Tell(PendingCall call, JsonWriter message) => throw new NotSupportedException();

        public override void ContinuationFailed(Exception e) => throw new NotSupportedException();
    }
}
