using System.Threading.Channels;

namespace Gaw.Tool.Running;

/// <summary>Tells when sources, settings or assemblies have changed, for <c>gaw run --watch</c>, and serves from copies of whole folders.</summary>
internal sealed class ChangeWatcher : IDisposable
{
    /// <summary>An editor or a build writes several files, and some of them more than once; what comes within this time is one change.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Sources = [".cs", ".csproj", ".props", ".targets", ".resx"];

    /// <summary>What programs write while they run; a service may do so in its own folder.</summary>
    private static readonly string[] Written = [".log", ".tmp", ".db", ".db-wal", ".db-shm", ".db-journal", ".sqlite", ".lock", ".pid", ".swp", ".new"];

    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, FileSystemWatcher> _watchers = [];
    private readonly Lock _gate = new();
    private readonly HashSet<string> _files = [];
    private string? _copies;
    private int _copied;

    /// <summary>Watches the sources below a project's folder, without what a build puts there.</summary>
    public void WatchSources(string folder) =>
        Watch("sources of ", folder, isRecursive: true, (file, parts) => !Array.Exists(parts[..^1], static part => part is "bin" or "obj" || part.StartsWith('.')) && (Sources.Contains(Path.GetExtension(file)) || IsWatchedFile(file)));

    /// <summary>Watches files that a build takes as they are, wherever they lie.</summary>
    public void WatchFiles(IEnumerable<string> files)
    {
        foreach (string file in files.Select(Path.GetFullPath))
        {
            lock (_gate)
            {
                _files.Add(file);
            }

            if (Path.GetDirectoryName(file) is { } folder && Directory.Exists(folder) && !_watchers.Values.Any(w => w.IncludeSubdirectories && file.StartsWith(w.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            {
                Watch("files of ", folder, isRecursive: false, (changed, _) => IsWatchedFile(changed));
            }
        }
    }

    /// <summary>Watches all that lies in the folder of an assembly, and below: dependencies, settings, content.</summary>
    public void WatchOutput(string folder) =>
        Watch("", folder, isRecursive: true, static (file, parts) => !Written.Contains(Path.GetExtension(file)) && !file.EndsWith('~') && !Array.Exists(parts, static part => part.StartsWith('.') || part is "obj"));

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

    /// <summary>Copies the folder of an assembly: whatever a program finds beside itself, the copy finds, too.</summary>
    /// <returns>The copy of the assembly.</returns>
    public string Copy(string assembly)
    {
        _copies ??= Directory.CreateTempSubdirectory("gaw-watch-").FullName;
        string copies = Path.Combine(_copies, $"{++_copied}");
        CopyFolder(new DirectoryInfo(Path.GetDirectoryName(assembly)!), copies);
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
            if (_copies is not null)
            {
                Directory.Delete(_copies, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // On Windows an assembly stays in use until the process ends; the system's temporary folder is cleaned elsewhere.
        }
    }

    /// <summary>A link to a folder stays one: it may lead upwards, and round in a circle.</summary>
    private static void CopyFolder(DirectoryInfo folder, string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(copy, file.Name));
        }

        foreach (DirectoryInfo inner in folder.EnumerateDirectories().Where(static inner => inner.Name[0] != '.'))
        {
            string target = Path.Combine(copy, inner.Name);
            if (inner.LinkTarget is null)
            {
                CopyFolder(inner, target);
            }
            else if (inner.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } linked)
            {
                Directory.CreateSymbolicLink(target, linked.FullName);
            }
        }
    }

    private bool IsWatchedFile(string file)
    {
        lock (_gate)
        {
            return _files.Contains(file);
        }
    }

    private void Watch(string kind, string folder, bool isRecursive, Func<string, string[], bool> isMeant)
    {
        if (_watchers.ContainsKey(kind + folder))
        {
            return;
        }

        FileSystemWatcher watcher = new(folder) { IncludeSubdirectories = isRecursive, NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
        watcher.Changed += Tell;
        watcher.Created += Tell;
        watcher.Deleted += Tell;
        watcher.Renamed += Tell;

        // The system has dropped messages: something has changed.
        watcher.Error += (_, _) => _changes.Writer.TryWrite(Path.GetFileName(folder));
        watcher.EnableRaisingEvents = true;
        _watchers.Add(kind + folder, watcher);

        void Tell(object sender, FileSystemEventArgs change)
        {
            if (isMeant(change.FullPath, Path.GetRelativePath(folder, change.FullPath).Split(Path.DirectorySeparatorChar)) && !Directory.Exists(change.FullPath))
            {
                _changes.Writer.TryWrite(Path.GetFileName(change.FullPath));
            }
        }
    }
}
