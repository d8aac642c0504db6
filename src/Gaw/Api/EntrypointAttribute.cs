namespace Gaw;

/// <summary>A method that can be called from the wire. One without it cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EntrypointAttribute : Attribute
{
    /// <summary>An entrypoint with the method's name in snake_case, a trailing <c>Async</c> dropped.</summary>
    public EntrypointAttribute()
    {
    }

    /// <summary>An entrypoint with a name of its own, taken verbatim.</summary>
    public EntrypointAttribute(string name) => Name = !string.IsNullOrEmpty(name) ? name : throw new ArgumentException("Give the entrypoint a name, or leave the argument out.", nameof(name));

    /// <summary>The name on the wire; <see langword="null"/> for the method's.</summary>
    public string? Name { get; }

    /// <summary>
    /// To run the method twice has the same effect as once, so a client may send a call again whose reply was lost. On the member of a typed
    /// client's interface. Default: <see langword="false"/>.
    /// </summary>
    public bool Idempotent { get; set; }
}
