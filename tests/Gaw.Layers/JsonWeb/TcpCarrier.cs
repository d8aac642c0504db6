using System.Net;
using Gaw.Json;
using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Client;

internal delegate ReadOnlySpan<byte> ReplyIdReader(ReadOnlySpan<byte> document);

/// <summary>All that JsonWeb may know of the carrier that it makes itself: how it is made.</summary>
internal sealed class TcpCarrier(string host, int port, PostOfficeClientOptions options, ReplyIdReader? replyId, CallIds ids, ILogger logger, string? name = null)
    : RequestCarrier(new DnsEndPoint(host, port), options.MaxFrameBytes)
{
    public ReplyIdReader? ReplyId => replyId;

    public CallIds Ids => ids;

    public ILogger Logger => logger;

    public string? Name => name;

    public bool IsRetired { get; set; }

    public TimeSpan ConnectTime { get; init; }

    public Action<CallRoute, TimeSpan>? Probe { get; init; }

    public override object? Server => null;

    public override CallRoute? Next => null;

    public override int Load => 0;

    public override bool TakesCalls => false;

    public override bool IsOpening => false;

    public override Action<bool>? OnOpened { get; set; }

    public override void Prepare()
    {
    }

    public override CallRoute? TrySend(PendingCall call, JsonWriter message) => null;

    public override Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken) => Task.FromCanceled<bool>(cancellationToken);

    public override void Dispose()
    {
    }
}
