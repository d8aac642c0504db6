namespace Gaw;

/// <summary>
/// Names a service. Not needed on a class: without it the service has the class's name in snake_case (<c>MathService</c> is
/// <c>math_service</c>). On an interface it makes every member an entrypoint of the classes that implement it.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, Inherited = false)]
public sealed class ServiceAttribute : Attribute
{
    /// <summary>A service with the type's name in snake_case, an interface's leading <c>I</c> dropped.</summary>
    public ServiceAttribute()
    {
    }

    /// <summary>A service with a name of its own, taken verbatim.</summary>
    public ServiceAttribute(string name) => Name = !string.IsNullOrEmpty(name) ? name : throw new ArgumentException("Give the service a name, or leave the argument out.", nameof(name));

    /// <summary>The service's name; <see langword="null"/> for the type's.</summary>
    public string? Name { get; }
}
