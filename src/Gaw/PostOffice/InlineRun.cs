using System.Diagnostics;

namespace Gaw.PostOffice;

/// <summary>
/// Work of others (a service's method, a caller's continuation) that runs on the thread of a read loop, because handing it to another
/// thread would cost more than the work itself. Should it take long, a watch lets <paramref name="takeOver"/> start another loop, so that
/// what is behind it on the connection goes on; the thread that comes back late finds its loop gone and leaves. Where the loop runs on
/// threads of the pool (<paramref name="onPool"/>), the pool gets another one for as long: a server's methods may block, and the pool alone
/// would replace their threads only one or two a second, while nothing else in the process went on.
/// </summary>
internal sealed class InlineRun(Action takeOver, bool onPool = false)
{
    private long _state;
    private int _watched;
    private long _seen;
    private int _quietTicks;

    /// <summary>The work begins.</summary>
    /// <returns>What <see cref="TryLeave"/> wants back.</returns>
    public long Enter()
    {
        long token = Interlocked.Increment(ref _state);
        Debug.Assert(IsRunning(token), "entered twice");
        if (_watched == 0 && Interlocked.Exchange(ref _watched, 1) == 0)
        {
            StallWatch.Add(this);
        }

        return token;
    }

    /// <summary>The work is over. <see langword="false"/>: it took so long that another thread has the loop.</summary>
    public bool TryLeave(long token)
    {
        if (TryEnd(token))
        {
            return true;
        }

        if (onPool)
        {
            StalledThreads.Change(-1);
        }

        return false;
    }

    /// <summary>
    /// Gives the loop away at once, from within the work: it is about to wait for something that only the loop can bring.
    /// </summary>
    public void GiveUp(long token)
    {
        if (TryEnd(token))
        {
            if (onPool)
            {
                StalledThreads.Change(1);
            }

            takeOver();
        }
    }

    private bool TryEnd(long token) => Interlocked.CompareExchange(ref _state, token + 1, token) == token;

    private static bool IsRunning(long state) => (state & 1) == 1;

    /// <summary>One tick of the watch. <see langword="false"/>: nothing has run for a while, stop watching.</summary>
    private bool Look()
    {
        long state = Volatile.Read(ref _state);
        if (state != _seen)
        {
            _seen = state;
            _quietTicks = 0;
            return true;
        }

        if (IsRunning(state))
        {
            GiveUp(state);
            return true;
        }

        if (++_quietTicks < StallWatch.QuietTicks)
        {
            return true;
        }

        _quietTicks = 0;
        Interlocked.Exchange(ref _watched, 0);
        bool began = Volatile.Read(ref _state) != state;
        return began && Interlocked.Exchange(ref _watched, 1) == 0;
    }

    /// <summary>One thread of the process that looks at all loops with work in them, and sleeps while there are none.</summary>
    private static class StallWatch
    {
        /// <summary>A run is taken over in its second tick at the latest.</summary>
        private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

        public const int QuietTicks = 100;

        private static readonly Lock Gate = new();
        private static readonly ManualResetEventSlim Wanted = new();
        private static List<InlineRun> _added = [];
        private static bool _started;

        public static void Add(InlineRun run)
        {
            lock (Gate)
            {
                _added.Add(run);
                if (!_started)
                {
                    _started = true;
                    new Thread(Watch) { IsBackground = true, Name = "gaw stall watch" }.UnsafeStart();
                }
            }

            Wanted.Set();
        }

        private static void Watch()
        {
            List<InlineRun> watched = [];
            List<InlineRun> taken = [];
            while (true)
            {
                if (watched.Count == 0)
                {
                    Wanted.Wait();
                }

                Wanted.Reset();
                lock (Gate)
                {
                    (taken, _added) = (_added, taken);
                }

                watched.AddRange(taken);
                taken.Clear();
                watched.RemoveAll(static run => !run.Look());
                Thread.Sleep(Tick);
            }
        }
    }

    /// <summary>Threads of the pool that work keeps: for each, the pool has one thread more that it starts without waiting.</summary>
    private static class StalledThreads
    {
        /// <summary>Beyond it the pool grows as it always does.</summary>
        private const int MaxAdded = 1000;

        private static readonly Lock Gate = new();
        private static int _count;
        private static int _added;

        public static void Change(int by)
        {
            lock (Gate)
            {
                // The end of a run may be told before the beginning of its stall.
                _count += by;
                int wanted = Math.Clamp(_count, 0, MaxAdded);
                ThreadPool.GetMinThreads(out int workers, out int completionPorts);
                if (wanted != _added && ThreadPool.SetMinThreads(workers + wanted - _added, completionPorts))
                {
                    _added = wanted;
                }
            }
        }
    }
}
