using System.Threading.Channels;

namespace Gaw.Tool.Running;

/// <summary>Tells when sources or assemblies have changed, for <c>gaw run --watch</c>.</summary>
internal sealed class ChangeWatcher : IDisposable
{
    /// <summary>An editor or a build writes several files, and some of them more than once; what comes within this time is one change.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Sources = ["*.cs", "*.csproj", "*.props", "*.targets", "*.resx"];

    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, FileSystemWatcher> _watchers = [];
    private readonly string _copies = Directory.CreateTempSubdirectory("gaw-watch-").FullName;
    private int _copied;

    /// <summary>Watches the sources below a project's folder, without what a build puts there.</summary>
    public void Watch(string folder) => Watch(folder, Sources, isRecursive: true);

    /// <summary>Watches the assemblies in a folder.</summary>
    public void WatchAssemblies(string folder) => Watch(folder, ["*.dll"], isRecursive: false);

    /// <summary>Waits for a change, and for the end of the changes that come with it.</summary>
    /// <returns>The name of the first file that has changed.</returns>
    public async Task<string> NextAsync(CancellationToken cancellationToken)
    {
        string first = await _changes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        do
        {
            while (_changes.Reader.TryRead(out _))
            {
            }

            await Task.Delay(Quiet, cancellationToken).ConfigureAwait(false);
        }
        while (_changes.Reader.TryPeek(out _));
        return first;
    }

    /// <summary>Copies an assembly with all that may be loaded with it.</summary>
    /// <returns>The copy.</returns>
    public string Copy(string assembly)
    {
        string folder = Path.GetDirectoryName(assembly)!;
        string copies = Path.Combine(_copies, $"{++_copied}");
        Directory.CreateDirectory(copies);
        foreach (string pattern in new[] { "*.dll", "*.pdb", "*.xml", "*.deps.json", "*.so", "*.dylib" })
        {
            foreach (string file in Directory.EnumerateFiles(folder, pattern))
            {
                File.Copy(file, Path.Combine(copies, Path.GetFileName(file)));
            }
        }

        string runtimes = Path.Combine(folder, "runtimes");
        foreach (string file in Directory.Exists(runtimes) ? Directory.EnumerateFiles(runtimes, "*", SearchOption.AllDirectories) : [])
        {
            string copy = Path.Combine(copies, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return Path.Combine(copies, Path.GetFileName(assembly));
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers.Values)
        {
            watcher.Dispose();
        }

        try
        {
            Directory.Delete(_copies, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // On Windows an assembly stays in use until the process ends; the system's temporary folder is cleaned elsewhere.
        }
    }

    private void Watch(string folder, string[] patterns, bool isRecursive)
    {
        if (_watchers.ContainsKey(folder))
        {
            return;
        }

        FileSystemWatcher watcher = new(folder) { IncludeSubdirectories = isRecursive, NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
        foreach (string pattern in patterns)
        {
            watcher.Filters.Add(pattern);
        }

        watcher.Changed += Tell;
        watcher.Created += Tell;
        watcher.Deleted += Tell;
        watcher.Renamed += Tell;

        // The system has dropped messages: something has changed.
        watcher.Error += (_, _) => _changes.Writer.TryWrite(Path.GetFileName(folder));
        watcher.EnableRaisingEvents = true;
        _watchers.Add(folder, watcher);

        void Tell(object sender, FileSystemEventArgs change)
        {
            string[] parts = Path.GetRelativePath(folder, change.FullPath).Split(Path.DirectorySeparatorChar);
            if (!Array.Exists(parts[..^1], static part => part is "bin" or "obj" || part.StartsWith('.')))
            {
                _changes.Writer.TryWrite(parts[^1]);
            }
        }
    }
}
