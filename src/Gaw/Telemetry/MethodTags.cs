using System.Net;

namespace Gaw.Telemetry;

/// <summary>The tags that all calls of a method have in common, made once: building and boxing them for each call would cost more than the listeners do.</summary>
internal sealed class MethodTags
{
    private readonly KeyValuePair<string, object?>[] _tags;

    /// <param name="method">The path.</param>
    /// <param name="server">Which server is called, if that is to be said and has an address of its own.</param>
    public MethodTags(string method, EndPoint? server = null)
    {
        Method = method;
        KeyValuePair<string, object?> system = new(TelemetryNames.RpcSystem, TelemetryNames.System);
        KeyValuePair<string, object?> name = new(TelemetryNames.RpcMethod, method);
        _tags = server switch
        {
            DnsEndPoint dns => [system, name, new(TelemetryNames.ServerAddress, dns.Host), new(TelemetryNames.ServerPort, dns.Port)],
            IPEndPoint ip => [system, name, new(TelemetryNames.ServerAddress, ip.Address.ToString()), new(TelemetryNames.ServerPort, ip.Port)],
            _ => [system, name],
        };
    }

    public string Method { get; }

    /// <summary>For an instrument.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> All => _tags;

    /// <summary>For a span: a sampler may look at them, and the span copies them.</summary>
    public IEnumerable<KeyValuePair<string, object?>> AsSequence() => _tags;

    /// <summary>These, and others behind them.</summary>
    public KeyValuePair<string, object?>[] With(params ReadOnlySpan<KeyValuePair<string, object?>> others) => [.. _tags, .. others];
}
