using Microsoft.Win32.SafeHandles;

namespace Gaw.PostOffice.Sockets;

/// <summary>Descriptors that are held open so that there is something to give, and the look at how many there are. <see cref="DescriptorReserve"/> says when.</summary>
/// <param name="probed">A file that can always be opened where descriptors are free.</param>
internal sealed class HeldDescriptors(string probed)
{
    private readonly Stack<SafeFileHandle> _held = new();

    /// <summary>How many should be held; none where the file cannot be opened whatever is free.</summary>
    private int _wanted = OperatingSystem.IsWindows() ? 0 : DescriptorPolicy.Reserve;

    public int Count => _held.Count;

    /// <summary>How many more should be held.</summary>
    public int Missing => _wanted - _held.Count;

    public void Refill()
    {
        while (_held.Count < _wanted && TryOpen() is { } handle)
        {
            _held.Push(handle);
        }
    }

    public void Release()
    {
        while (_held.TryPop(out SafeFileHandle? handle))
        {
            handle.Dispose();
        }
    }

    /// <summary>How many descriptors can be had, up to a depth.</summary>
    public int Probe(int depth)
    {
        Stack<SafeFileHandle> opened = new Stack<SafeFileHandle>(depth);
        while (opened.Count < depth && TryOpen() is { } handle)
        {
            opened.Push(handle);
        }

        int count = opened.Count;
        while (opened.TryPop(out SafeFileHandle? handle))
        {
            handle.Dispose();
        }

        return _wanted == 0 ? depth : count;
    }

    private SafeFileHandle? TryOpen()
    {
        try
        {
            return File.OpenHandle(probed, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // A bare root directory: that says nothing of descriptors, so nothing is held and nobody waits.
            _wanted = 0;
            return null;
        }
        catch (Exception e) when (e is IOException or OutOfMemoryException)
        {
            return null;
        }
    }
}
