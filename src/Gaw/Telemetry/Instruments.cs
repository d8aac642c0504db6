using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gaw.Telemetry;

/// <summary>
/// The source and the instruments, one each for the process. Whatever runs code of listeners is behind the <see cref="ListenerGuard"/>. An instrument is <see langword="null"/> where
/// a listener threw that was asked whether it wants it.
/// </summary>
internal static class Instruments
{
    private static readonly string? Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(GawTelemetry.MeterName, Version);

    /// <summary>The buckets that the conventions advise, in seconds.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    /// <summary>Streams last from a moment to days.</summary>
    private static readonly InstrumentAdvice<double> StreamBuckets = new() { HistogramBucketBoundaries = [0.01, 0.1, 1, 10, 60, 600, 3600, 36000, 86400] };

    private static readonly Counter<long>? RefusalCount = CreateCounter(TelemetryNames.Refusals, "{refusal}", "Connections, frames and requests that a server has refused, by kind.");
    private static readonly UpDownCounter<int>? ActiveCallCount = CreateUpDownCounter(TelemetryNames.ActiveCalls, "{call}", "Calls that run on servers of this process.");
    private static readonly UpDownCounter<int>? ServerConnectionCount = CreateUpDownCounter(TelemetryNames.ServerConnections, "{connection}", "Connections that servers of this process have open.");
    private static readonly UpDownCounter<int>? ClientConnectionCount = CreateUpDownCounter(TelemetryNames.ClientConnections, "{connection}", "Connections that clients of this process have open.");
    private static readonly UpDownCounter<int>? StreamCount = CreateUpDownCounter(TelemetryNames.ServerStreams, "{stream}", "Calls whose result or arguments come in parts, on servers of this process at this moment.");
    private static readonly Counter<long>? PartCount = CreateCounter(TelemetryNames.ServerParts, "{part}", "Parts of results that servers have sent, signs of life included.");
    private static readonly Counter<long>? ItemCount = CreateCounter(TelemetryNames.ServerItems, "{item}", "Items that servers have sent in parts.");
    private static readonly Counter<long>? ReceivedItemCount = CreateCounter(TelemetryNames.ServerReceivedItems, "{item}", "Items of arguments that are streams that servers have received.");
    private static readonly Counter<long>? RetryCount = CreateCounter(TelemetryNames.ClientRetries, "{attempt}", "Attempts that clients made after a first one of the same call had failed.");

    /// <summary>Spans of calls.</summary>
    public static ActivitySource? Source { get; } = ListenerGuard.Create(static () => new ActivitySource(GawTelemetry.SourceName, Version ?? ""));

    /// <summary>Somebody listens to spans.</summary>
    public static bool HasListeners => Source?.HasListeners() == true;

    /// <summary>How long servers took for calls, in seconds.</summary>
    public static Histogram<double>? ServerDuration { get; } = CreateHistogram(TelemetryNames.ServerDuration, "How long a call took on the server.", Buckets);

    /// <summary>How long callers waited, in seconds.</summary>
    public static Histogram<double>? ClientDuration { get; } = CreateHistogram(TelemetryNames.ClientDuration, "How long a call took for its caller, all attempts together.", Buckets);

    /// <summary>How long results in parts took on servers, in seconds: those are not among the calls, whose distribution a watch of an hour would say nothing about.</summary>
    public static Histogram<double>? ServerStreamDuration { get; } = CreateHistogram(TelemetryNames.ServerStreamDuration, "How long a result in parts took on the server.", StreamBuckets);

    /// <summary>How long callers enumerated streams, in seconds.</summary>
    public static Histogram<double>? ClientStreamDuration { get; } = CreateHistogram(TelemetryNames.ClientStreamDuration, "How long a stream took for its caller.", StreamBuckets);

    /// <summary>Somebody listens to something that a server measures of its calls.</summary>
    public static bool WantsServerCalls => ServerDuration is { Enabled: true } || ServerStreamDuration is { Enabled: true } || ActiveCallCount is { Enabled: true } || HasListeners;

    /// <summary>Somebody listens to something that a client measures of its calls.</summary>
    public static bool WantsClientCalls => ClientDuration is { Enabled: true } || ClientStreamDuration is { Enabled: true } || HasListeners;

    /// <summary>Counts one refusal.</summary>
    /// <param name="kind"><c>length_line</c>, <c>frame_size</c>, <c>seal</c>, <c>document</c>, <c>replay</c>, <c>audience</c>, <c>slow</c>, <c>budget</c>, <c>connections</c>, <c>streams</c> or <c>tls</c>.</param>
    public static void Refused(string kind) => ListenerGuard.Run(kind, static kind => RefusalCount?.Add(1, new KeyValuePair<string, object?>(TelemetryNames.RefusalKind, kind)));

    public static void ActiveCallsChanged(int change)
    {
        if (ActiveCallCount is { Enabled: true })
        {
            ListenerGuard.Run(change, static change => ActiveCallCount?.Add(change, new KeyValuePair<string, object?>(TelemetryNames.RpcSystem, TelemetryNames.System)));
        }
    }

    public static void StreamsChanged(int change) => ListenerGuard.Run(change, static change => StreamCount?.Add(change, new KeyValuePair<string, object?>(TelemetryNames.RpcSystem, TelemetryNames.System)));

    /// <summary>Counts a part that has left.</summary>
    /// <param name="items">How many items it has.</param>
    public static void PartSent(long items)
    {
        if (PartCount is { Enabled: true } || ItemCount is { Enabled: true })
        {
            ListenerGuard.Run(
                items,
                static items =>
                {
                    PartCount?.Add(1);
                    ItemCount?.Add(items);
                });
        }
    }

    /// <summary>Counts items of an argument that have come.</summary>
    public static void PartReceived(int items)
    {
        if (ReceivedItemCount is { Enabled: true })
        {
            ListenerGuard.Run(items, static items => ReceivedItemCount?.Add(items));
        }
    }

    public static void ServerConnectionsChanged(int change) => ListenerGuard.Run(change, static change => ServerConnectionCount?.Add(change));

    public static void ClientConnectionsChanged(int change) => ListenerGuard.Run(change, static change => ClientConnectionCount?.Add(change));

    public static void Retried(string method) => ListenerGuard.Run(method, static method => RetryCount?.Add(1, new KeyValuePair<string, object?>(TelemetryNames.RpcMethod, method)));

    private static Counter<long>? CreateCounter(string name, string unit, string description) => ListenerGuard.Create(() => Meter.CreateCounter<long>(name, unit, description));

    private static UpDownCounter<int>? CreateUpDownCounter(string name, string unit, string description) => ListenerGuard.Create(() => Meter.CreateUpDownCounter<int>(name, unit, description));

    private static Histogram<double>? CreateHistogram(string name, string description, InstrumentAdvice<double> buckets) =>
        ListenerGuard.Create(() => Meter.CreateHistogram(name, "s", description, tags: null, buckets));
}
