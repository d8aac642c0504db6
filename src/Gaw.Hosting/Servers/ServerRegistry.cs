namespace Gaw.Hosting.Servers;

/// <summary>The servers of a host, by name.</summary>
internal sealed class ServerRegistry
{
    private readonly Dictionary<string, ServerRegistration> _servers = new(StringComparer.Ordinal);

    /// <summary>The server of a name, made where there was none.</summary>
    public ServerRegistration GetOrAdd(string name, out bool isNew)
    {
        isNew = !_servers.TryGetValue(name, out ServerRegistration? known);
        return known ?? (_servers[name] = new ServerRegistration(name));
    }

    /// <summary>The server of a name; <see langword="null"/> where there is none.</summary>
    public ServerRegistration? Find(string name) => _servers.GetValueOrDefault(name);
}
