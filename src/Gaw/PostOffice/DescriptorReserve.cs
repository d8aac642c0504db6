using Microsoft.Win32.SafeHandles;

namespace Gaw.PostOffice;

/// <summary>
/// Keeps descriptors free for the runtime, which needs them for each new thread and each assembly: a process without any does not fail a call but ends. The last ones
/// are no connection's. A few are held from the start, so that there is something to give where a limit was set too low.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Held = 32;

    /// <summary>What two threads and an assembly take.</summary>
    private const int Spare = 8;

    private readonly Stack<SafeFileHandle> _held = new();

    /// <summary>Begins with a full reserve, where there is one to be had.</summary>
    public DescriptorReserve() => Refill();

    /// <summary>After a connection was accepted: whether a further one may be. Gives the reserve away where not.</summary>
    public bool MayAcceptMore()
    {
        if (HasRoom(Spare))
        {
            return true;
        }

        Release();
        return HasRoom(Spare);
    }

    /// <summary>After a pause: whether connections may be accepted again. Takes the reserve back when there is plenty.</summary>
    public bool MayAcceptAgain()
    {
        if (!HasRoom(Spare))
        {
            return false;
        }

        if (HasRoom(Held + (2 * Spare)))
        {
            Refill();
        }

        return true;
    }

    /// <summary>Gives the reserve away: descriptors have run out.</summary>
    public void Release()
    {
        while (_held.TryPop(out SafeFileHandle? handle))
        {
            handle.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    private void Refill()
    {
        while (_held.Count < Held && TryOpen() is { } handle)
        {
            _held.Push(handle);
        }
    }

    private static bool HasRoom(int count)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        var opened = new List<SafeFileHandle>(count);
        while (opened.Count < count && TryOpen() is { } handle)
        {
            opened.Add(handle);
        }

        opened.ForEach(static handle => handle.Dispose());
        return opened.Count == count;
    }

    private static SafeFileHandle? TryOpen()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            return File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            return null;
        }
    }
}
