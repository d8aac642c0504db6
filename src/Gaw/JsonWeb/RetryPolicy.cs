namespace Gaw.JsonWeb;

/// <summary>
/// Whether and when a call is sent again: full jitter, 100 ms doubling to 5 s with each failure, whatever it was, since a call that ends each connection
/// harms others. Trying to connect ends after <c>ConnectTimeout</c>, sending again what had been sent after the call's time-out.
/// </summary>
internal struct RetryPolicy(JsonWebClientOptions options, long began, TimeSpan callTimeout)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long _lastSent;
    private int _attempts;
    private int _failures;

    /// <summary>When an attempt that may have run was lost; 0: none was.</summary>
    public readonly long LastSent => _lastSent;

    /// <summary>Says after a failed attempt how long to wait before the next. <see langword="false"/>: there is none.</summary>
    /// <param name="failure">What the attempt ended with.</param>
    /// <param name="mayBeSentAgain">Also when it may have run.</param>
    /// <param name="pause">How long to wait.</param>
    public bool TryGetPause(GawConnectionException failure, bool mayBeSentAgain, out TimeSpan pause)
    {
        bool wasSent = failure.Execution != CallExecution.NotRun;
        pause = TimeSpan.Zero;
        if ((wasSent && !mayBeSentAgain) || (options.Retries >= 0 && _attempts >= options.Retries))
        {
            return false;
        }

        if (wasSent)
        {
            _lastSent = options.TimeProvider.GetTimestamp();
        }

        TimeSpan most = FirstPause * Math.Pow(2, Math.Min(_failures, 16));
        pause = (most < LongestPause ? most : LongestPause) * Random.Shared.NextDouble();
        _attempts++;
        _failures++;
        TimeSpan limit = wasSent ? callTimeout : options.ConnectTimeout;
        TimeSpan spent = options.TimeProvider.GetElapsedTime(wasSent || _lastSent == 0 ? began : _lastSent);
        return limit == Timeout.InfiniteTimeSpan || spent + pause < limit;
    }
}
