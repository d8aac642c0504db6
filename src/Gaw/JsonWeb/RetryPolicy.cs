namespace Gaw.JsonWeb;

/// <summary>Whether and when a call that was not sent is tried again: full jitter, 100 ms doubling to 5 s, within the time that is left for connecting.</summary>
internal struct RetryPolicy(int retries, TimeSpan connectTimeout, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly long _began = time.GetTimestamp();
    private int _attempts;

    /// <summary>Says after a failed attempt how long to wait before the next. <see langword="false"/>: there is none.</summary>
    public bool TryGetPause(out TimeSpan pause)
    {
        TimeSpan most = FirstPause * Math.Pow(2, Math.Min(_attempts, 16));
        most = most < LongestPause ? most : LongestPause;
        pause = most * Random.Shared.NextDouble();
        bool mayTry = retries < 0 || _attempts < retries;
        _attempts++;
        TimeSpan left = connectTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : connectTimeout - time.GetElapsedTime(_began);
        return mayTry && pause < left;
    }
}
