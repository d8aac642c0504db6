using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Running;

/// <summary>A class to be served, and what its constructor gets.</summary>
internal sealed record ServedClass(Type Type, IReadOnlyDictionary<string, object?> Arguments);

/// <summary>Makes the classes to be served out of what <c>gaw run</c> was given; as often as they change.</summary>
/// <param name="target">The assembly or project.</param>
/// <param name="services">Only these services; empty for all.</param>
/// <param name="configuration">What a project is built as; <see langword="null"/> for its default.</param>
/// <param name="arguments">What constructors get.</param>
/// <param name="terminal">For the progress of a build.</param>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal sealed class ServiceSource(Target target, IReadOnlyCollection<string> services, string? configuration, Func<ConstructorArguments> arguments, Terminal terminal)
{
    private bool IsProject => Path.GetExtension(target.Path) == ".csproj";

    /// <summary>Builds a project, loads the assembly, and matches the arguments with the constructors.</summary>
    /// <exception cref="ToolException">Something of that cannot be done.</exception>
    public Task<IReadOnlyList<ServedClass>> LoadAsync(CancellationToken cancellationToken) => EndedBySignalsAsync(
        async stopping =>
        {
            ConstructorArguments given = arguments();
            string file = IsProject ? (await ProjectBuilder.BuildAsync(target.Path, configuration, terminal, stopping).ConfigureAwait(false)).Assembly : target.Path;
            return Load(file, given);
        },
        cancellationToken);

    /// <summary>
    /// Like <see cref="LoadAsync"/>, from a copy: the next build writes over the assembly while this one is in use. Begins to watch before it
    /// looks at the files, so that no change is missed.
    /// </summary>
    public Task<IReadOnlyList<ServedClass>> LoadWatchedAsync(ChangeWatcher watcher, CancellationToken cancellationToken) => EndedBySignalsAsync(
        async stopping =>
        {
            ConstructorArguments given = arguments();
            string file = target.Path;
            if (IsProject)
            {
                watcher.WatchSources(Path.GetDirectoryName(target.Path)!);
                BuiltProject built = await ProjectBuilder.BuildAsync(target.Path, configuration, terminal, stopping).ConfigureAwait(false);
                built.Folders.ToList().ForEach(watcher.WatchSources);
                watcher.WatchFiles(built.Content);
                file = built.Assembly;
            }
            else
            {
                watcher.WatchOutput(Path.GetDirectoryName(target.Path)!);
            }

            try
            {
                return Load(watcher.Copy(file), given);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw ToolException.NothingToRun($"{Path.GetFileName(file)} cannot be read: {e.Message}", e);
            }
        },
        cancellationToken);

    private List<ServedClass> Load(string file, ConstructorArguments given)
    {
        IReadOnlyList<Type> types = ServiceAssembly.Load(file, target.ClassName, services, terminal);
        List<ServedClass> served = [.. types.Select(type => new ServedClass(type, given.For(type)))];
        given.CheckAllTaken(types);
        return served;
    }

    /// <summary>While it loads, no server listens for Ctrl+C and SIGTERM: what was begun, a build or copies of files, has to be ended and taken away.</summary>
    private static async Task<IReadOnlyList<ServedClass>> EndedBySignalsAsync(Func<CancellationToken, Task<List<ServedClass>>> load, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        List<ServedClass> loaded = await load(stopping.Token).ConfigureAwait(false);
        stopping.Token.ThrowIfCancellationRequested();
        return loaded;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }
}
