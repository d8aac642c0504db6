using System.Diagnostics.CodeAnalysis;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>Where the reading thread waits for a call that needs it, while callers read for themselves.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A thread may wait in it when the connection ends; without a wait handle there is nothing to give back.")]
internal sealed class ReaderPark(Lock gate, ReaderRole role)
{
    /// <summary>A thread that has had nothing to do for so long ends; the next call that needs one starts another.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wanted = new(0);

    /// <summary>A call needs the thread, or the connection has ended.</summary>
    public void Wake() => _wanted.Release();

    /// <summary>Waits for that.</summary>
    /// <returns><see langword="false"/>: neither has come, and the thread ends.</returns>
    public bool Wait()
    {
        while (!_wanted.Wait(Patience))
        {
            lock (gate)
            {
                if (role.OnThreadUnwanted() == ReaderAction.End)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
