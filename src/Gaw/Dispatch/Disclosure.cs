using System.Net;

namespace Gaw.Dispatch;

/// <summary>To whom a server says what it offers, and where its failures come from. Pure.</summary>
internal static class Disclosure
{
    /// <summary>The service <c>_gaw</c> is offered on a TCP address.</summary>
    /// <param name="policy">What the options say.</param>
    /// <param name="hasSecret">Peers have to know a secret.</param>
    /// <param name="host">The address that is listened on, or a name for it.</param>
    public static bool DescribesItself(SelfDescriptionPolicy policy, bool hasSecret, string host) => policy switch
    {
        SelfDescriptionPolicy.Always => true,
        SelfDescriptionPolicy.Never => false,
        _ => hasSecret || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)),
    };

    /// <summary>The service <c>_gaw</c> is offered on an engine, which knows no strangers: with a secret only, or where it was said.</summary>
    /// <param name="policy">What the options say.</param>
    /// <param name="hasSecret">Peers have to know a secret.</param>
    public static bool DescribesItselfToEngines(SelfDescriptionPolicy policy, bool hasSecret) => policy switch
    {
        SelfDescriptionPolicy.Always => true,
        SelfDescriptionPolicy.Never => false,
        _ => hasSecret,
    };

    /// <summary>The trace of a failure goes to the peer.</summary>
    /// <param name="policy">What the options say.</param>
    /// <param name="peer">Its address; <see langword="null"/>: there is none.</param>
    /// <param name="isDevelopment">The program runs in the environment of a developer.</param>
    public static bool SendsTrace(TracePolicy policy, EndPoint? peer, bool isDevelopment) => policy switch
    {
        TracePolicy.Always => true,
        TracePolicy.Never => false,
        _ => (peer is IPEndPoint { Address: { } address } && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)) || isDevelopment,
    };
}
