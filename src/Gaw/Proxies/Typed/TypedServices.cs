using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gaw.JsonWeb;
using Gaw.Proxies.Typed.Emitting;
using Gaw.Serialization.Types;

namespace Gaw.Proxies.Typed;

/// <summary>The services of a server as interfaces. Each interface is checked once, and has one proxy for each client.</summary>
internal sealed class TypedServices(JsonWebClient client)
{
    private readonly ConcurrentDictionary<Type, object> _proxies = new();

    /// <summary>The proxy of an interface: the one that was written at compile time, else one that is emitted now.</summary>
    /// <exception cref="ArgumentException">The type is no interface, or has members that cannot be called; says all that is wrong.</exception>
    public object Get([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type contract)
    {
        if (_proxies.TryGetValue(contract, out object? known))
        {
            return known;
        }

        Func<ProxyBinding, object> create = GeneratedProxies.TryGet(contract, out Func<ProxyBinding, object>? written) ? written
            : RuntimeFeature.IsDynamicCodeSupported ? ProxyEmitter.GetFactory(contract)
            : throw NotGenerated(contract);
        ProxyBinding binding = new(client, contract);
        object proxy = create(binding);
        return binding.Problems.Count == 0 ? _proxies.GetOrAdd(contract, proxy) : throw Refused(contract, binding.Problems);
    }

    internal static ArgumentException Refused(Type contract, IEnumerable<string> problems) =>
        new($"{TypeNames.Friendly(contract)} cannot be the interface of a service: {string.Join("; ", problems)}.");

    private static PlatformNotSupportedException NotGenerated(Type contract) => new(
        $"{TypeNames.Friendly(contract)} has no proxy, and this program cannot make one while it runs (it is compiled ahead of time, or set up for it). "
        + "Mark the interface with [Service], so that one is written when it is compiled; for a generic interface, mark one that derives from it and names the types.");
}
