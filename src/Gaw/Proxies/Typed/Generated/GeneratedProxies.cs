using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gaw.Proxies;

/// <summary>The proxies that were written at compile time. For the code of typed clients only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GeneratedProxies
{
    private static readonly ConcurrentDictionary<Type, Func<ProxyBinding, object>> Factories = new();

    /// <summary>Enters the proxy of an interface; called by the initializer of the module that holds it.</summary>
    public static void Add<TContract>(Func<ProxyBinding, TContract> create)
        where TContract : class => Factories[typeof(TContract)] = create;

    internal static bool TryGet(Type contract, [NotNullWhen(true)] out Func<ProxyBinding, object>? create)
    {
        if (Factories.TryGetValue(contract, out create))
        {
            return true;
        }

        // To name an interface does not run its module's initializer.
        RuntimeHelpers.RunModuleConstructor(contract.Module.ModuleHandle);
        return Factories.TryGetValue(contract, out create);
    }
}
