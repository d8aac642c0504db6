using System.Collections.Concurrent;
using Gaw.PostOffice.Addresses;

namespace Gaw.Carriers;

/// <summary>The carriers of other packages in this process, by scheme.</summary>
internal static class CarrierRegistry
{
    private static readonly ConcurrentDictionary<string, CarrierProvider> Providers = new(StringComparer.Ordinal);

    /// <summary>Makes a scheme known. The same scheme once more takes the place of the first.</summary>
    /// <param name="scheme">In lower case, without <c>://</c>.</param>
    /// <param name="provider">Makes the ends of the carrier.</param>
    public static void Register(string scheme, CarrierProvider provider) => Providers[scheme] = provider;

    /// <summary>The provider of a scheme.</summary>
    /// <exception cref="ArgumentException">Nobody has registered it.</exception>
    public static CarrierProvider Get(string scheme, string parameter) => Providers.TryGetValue(scheme, out CarrierProvider? provider)
        ? provider
        : throw new ArgumentException(Explain(scheme), parameter);

    /// <summary>The one provider of a client's addresses.</summary>
    /// <exception cref="ArgumentException">Nobody has registered their scheme, or they have several.</exception>
    public static CarrierProvider GetOnly(IReadOnlyList<ServerAddress> addresses, string parameter) =>
        addresses.FirstOrDefault(address => address.Scheme != addresses[0].Scheme) is { } other
            ? throw new ArgumentException($"\"{addresses[0]}\" and \"{other}\" cannot stand in one list: a client goes one way. Make a client for each.", parameter)
            : Get(addresses[0].Scheme, parameter);

    /// <summary>What to do about a scheme that nobody has registered.</summary>
    private static string Explain(string scheme) => scheme switch
    {
        "nats" => "nats:// needs the package Gaw.Nats. Run: dotnet add package Gaw.Nats. Where it is there, and Gaw's source generator did not run, call GawNats.Register() first.",
        "memory" => "memory:// has no server behind it: a process knows its own by no name. In tests, GawTestHost of the package Gaw.Testing serves over memory, and its Connect() makes the clients.",
        _ => $"{scheme}:// is no kind of address that Gaw knows. Give host:port, gaw://host:port, dns:///name:port or nats://host:port.",
    };
}
