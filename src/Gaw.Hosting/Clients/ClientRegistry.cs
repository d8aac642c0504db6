namespace Gaw.Hosting.Clients;

/// <summary>Which interface is called by which client.</summary>
internal sealed class ClientRegistry
{
    private readonly Dictionary<string, ClientRegistration> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, List<string>> _names = [];

    /// <summary>A client goes on with the time and the token of the call that is being served.</summary>
    public bool PropagatesCalls { get; set; }

    /// <summary>The names of all clients.</summary>
    public IEnumerable<string> Names => _clients.Keys;

    /// <summary>Every interface with the name of each client that calls it.</summary>
    public IEnumerable<(Type Contract, string Name)> Contracts => _names.SelectMany(static pair => pair.Value.Select(name => (pair.Key, name)));

    /// <summary>The client of a name, made where there was none.</summary>
    public ClientRegistration GetOrAdd(string name, out bool isNew)
    {
        isNew = !_clients.TryGetValue(name, out ClientRegistration? known);
        return known ?? (_clients[name] = new ClientRegistration(name));
    }

    /// <summary>Notes that an interface is called by a client; <see langword="false"/>: it was noted before.</summary>
    public bool TryAdd(Type type, string name)
    {
        if (!_names.TryGetValue(type, out List<string>? names))
        {
            names = _names[type] = [];
        }

        if (names.Contains(name))
        {
            return false;
        }

        names.Add(name);
        return true;
    }

    /// <summary>The one client that an interface is called by.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public string FindOnly(Type type) => _names[type] is [{ } only]
        ? only
        : throw new InvalidOperationException(
            $"{type.FullName} is called by the clients {string.Join(", ", _names[type].Select(static name => $"\"{name}\""))}. Say which: [FromKeyedServices(\"{_names[type][0]}\")] {type.Name}.");
}
