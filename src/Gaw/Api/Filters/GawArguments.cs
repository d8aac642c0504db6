using System.Collections;

namespace Gaw;

/// <summary>The arguments of a call as an <see cref="IGawFilter"/> sees them. They can be replaced, not added or removed.</summary>
public abstract class GawArguments : IReadOnlyList<object?>
{
    private protected GawArguments()
    {
    }

    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>The argument at a place, counted from 0.</summary>
    /// <exception cref="ArgumentException">On a server: the value is not of the parameter's type.</exception>
    public abstract object? this[int index] { get; set; }

    /// <summary>The argument with a name.</summary>
    /// <exception cref="KeyNotFoundException">None has it; says which there are.</exception>
    public object? this[string name]
    {
        get => this[Find(name)];
        set => this[Find(name)] = value;
    }

    /// <summary>
    /// The name of the argument at a place: on a server the parameter's in snake_case; on a client that of the interface's parameter, or the one that it
    /// is given by, else <see langword="null"/>.
    /// </summary>
    public abstract string? GetName(int index);

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(string name)
    {
        string?[] names = [.. Enumerable.Range(0, Count).Select(GetName)];
        int at = Array.IndexOf(names, name);
        return at >= 0 ? at : throw new KeyNotFoundException($"No argument of the call has the name {name}. There are: {string.Join(", ", names.Select(static n => n ?? "(without a name)"))}.");
    }
}
