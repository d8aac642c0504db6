using System.Diagnostics.CodeAnalysis;

namespace Gaw.Tool.Running;

/// <summary>A class to be served, and what its constructor gets.</summary>
internal sealed record ServedClass(Type Type, IReadOnlyDictionary<string, object?> Arguments);

/// <summary>Makes the classes to be served out of what <c>gaw run</c> was given; as often as they change.</summary>
/// <param name="target">The assembly or project.</param>
/// <param name="services">Only these services; empty for all.</param>
/// <param name="literals">What <c>--kwargs</c> gives to the constructors.</param>
/// <param name="pairs">What <c>--kwarg</c> gives to them.</param>
/// <param name="terminal">For the progress of a build.</param>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal sealed class ServiceSource(Target target, IReadOnlyCollection<string> services, string? literals, IReadOnlyCollection<string> pairs, Terminal terminal)
{
    private bool IsProject => Path.GetExtension(target.Path) == ".csproj";

    /// <summary>Builds a project, loads the assembly, and matches the arguments with the constructors.</summary>
    /// <exception cref="ToolException">Something of that cannot be done.</exception>
    public async Task<IReadOnlyList<ServedClass>> LoadAsync(CancellationToken cancellationToken)
    {
        ConstructorArguments arguments = new(literals, pairs);
        string file = IsProject ? (await ProjectBuilder.BuildAsync(target.Path, terminal, cancellationToken).ConfigureAwait(false)).Assembly : target.Path;
        return Load(file, arguments);
    }

    /// <summary>
    /// Like <see cref="LoadAsync"/>, from a copy: the next build writes over the assembly while this one is in use. Begins to watch before it
    /// looks at the files, so that no change is missed.
    /// </summary>
    public async Task<IReadOnlyList<ServedClass>> LoadWatchedAsync(ChangeWatcher watcher, CancellationToken cancellationToken)
    {
        ConstructorArguments arguments = new(literals, pairs);
        string file = target.Path;
        if (IsProject)
        {
            watcher.Watch(Path.GetDirectoryName(target.Path)!);
            BuiltProject built = await ProjectBuilder.BuildAsync(target.Path, terminal, cancellationToken).ConfigureAwait(false);
            foreach (string folder in built.Folders)
            {
                watcher.Watch(folder);
            }

            file = built.Assembly;
        }
        else
        {
            watcher.WatchAssemblies(Path.GetDirectoryName(target.Path)!);
        }

        try
        {
            return Load(watcher.Copy(file), arguments);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.NothingToRun($"{Path.GetFileName(file)} cannot be read: {e.Message}", e);
        }
    }

    private List<ServedClass> Load(string file, ConstructorArguments arguments)
    {
        IReadOnlyList<Type> types = ServiceAssembly.Load(file, target.ClassName, services);
        List<ServedClass> served = [.. types.Select(type => new ServedClass(type, arguments.For(type)))];
        arguments.CheckAllTaken(types);
        return served;
    }
}
