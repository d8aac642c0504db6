namespace Gaw;

/// <summary>The names that a program listens to: <c>AddSource(GawTelemetry.SourceName)</c>, <c>AddMeter(GawTelemetry.MeterName)</c>.</summary>
public static class GawTelemetry
{
    /// <summary>The activity source of calls: a client span for each call, a server span for each that runs.</summary>
    public const string SourceName = "Gaw";

    /// <summary>The meter of servers and clients.</summary>
    public const string MeterName = "Gaw";
}
