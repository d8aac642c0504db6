namespace Gaw.Services.Discovery;

/// <summary>The name of a service that is given when it is added.</summary>
internal static class ServiceName
{
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">It can be none.</exception>
    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"\"{name}\" cannot be the name of a service: a slash parts the service from the method. Give a name without one.", nameof(name))
            : name;
    }
}
