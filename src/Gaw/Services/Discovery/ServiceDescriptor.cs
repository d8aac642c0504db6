using System.Reflection;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Services.Instances;

namespace Gaw.Services.Discovery;

/// <summary>Finds the entrypoints of a type by reflection, once, and refuses a type with anything wrong in it.</summary>
internal static class ServiceDescriptor
{
    /// <summary>Describes a service.</summary>
    /// <param name="type">A class: with methods that carry <see cref="EntrypointAttribute"/>, or that implements interfaces which
    /// carry <see cref="ServiceAttribute"/>; or such an interface, where a factory makes the instances.</param>
    /// <param name="instances">Makes an instance for one call.</param>
    /// <param name="serializer">Reads arguments and writes results; learns the types of the signatures.</param>
    /// <param name="name">The service's name; <see langword="null"/> for the type's own.</param>
    /// <exception cref="ArgumentException">The type cannot be a service; says all that is wrong at once.</exception>
    public static IReadOnlyList<Entrypoint> Describe(Type type, InstanceSource instances, ValueSerializer serializer, string? name = null)
    {
        // The interface of a service may stand in another assembly than the types that it sends.
        Array.ForEach([type, .. type.GetInterfaces()], TrimmedProgram.EnterTypesOf);
        List<string> problems = [];
        List<(string Path, MethodInfo Method)> found = EntrypointFinder.Find(type, problems);
        if (found.Count == 0 && problems.Count == 0)
        {
            problems.Add("it has no entrypoint; mark the methods that may be called with [Entrypoint], or implement an interface with [Service]");
        }

        if (name is not null)
        {
            found = EntrypointFinder.Rename(found, name, problems);
        }

        List<Entrypoint> entrypoints = [];
        foreach ((string path, MethodInfo method) in found)
        {
            string[] own = [.. EntrypointProblems.Find(type, method)];
            own = own.Length > 0 ? own : [.. EntrypointProblems.FindInTypes(method, serializer)];
            problems.AddRange(own.Select(problem => $"{method.Name} ({path}) {problem}"));
            if (own.Length > 0)
            {
                continue;
            }

            try
            {
                entrypoints.Add(new Entrypoint(path, method, type, instances, serializer));
            }
            catch (Exception e) when (e is GawSerializationException or ArgumentException or NotSupportedException)
            {
                problems.Add($"{method.Name} ({path}) cannot be prepared: {e.Message.TrimEnd('.')}");
            }
        }

        IEnumerable<IGrouping<string, MethodInfo>> clashes = found.GroupBy(static f => f.Path, static f => f.Method, StringComparer.Ordinal).Where(static g => g.Count() > 1);
        problems.AddRange(clashes.Select(clash => EntrypointProblems.DescribeClash(type, clash)));
        return problems.Count == 0 ? entrypoints : throw new ArgumentException($"{TypeNames.Friendly(type)} cannot be a service: {string.Join("; ", problems)}.");
    }
}
