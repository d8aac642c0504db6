using Gaw.Serialization.Types;

namespace Gaw.Services.Discovery;

/// <summary>Each path leads to one method of a server.</summary>
internal static class PathClash
{
    /// <exception cref="ArgumentException">A path is taken already.</exception>
    /// <param name="type">The service that is added.</param>
    /// <param name="entrypoints">Its methods.</param>
    /// <param name="known">Those that the server has.</param>
    public static void ThrowIfTaken(Type type, IReadOnlyList<Entrypoint> entrypoints, IReadOnlyList<Entrypoint> known)
    {
        foreach (Entrypoint added in entrypoints)
        {
            if (known.FirstOrDefault(entrypoint => entrypoint.Path == added.Path) is { } taken)
            {
                throw new ArgumentException(
                    $"{TypeNames.Full(type)} cannot be added: the path \"{added.Path}\" is taken already, by {TypeNames.Full(taken.Method.DeclaringType!)}.{taken.Method.Name}. Give one of the two another name: with [Service(\"...\")], or with AddNamed.");
            }
        }
    }
}
