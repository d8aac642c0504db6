namespace Gaw.JsonWeb.Client.Retries;

/// <summary>
/// Whether and when a call is sent again: full jitter, 100 ms doubling to 5 s with each failure, whatever it was, since a call that ends each connection
/// harms others. Everything ends with the call's deadline, and trying to connect after <c>ConnectTimeout</c> as well. A pause that would outlast either is not begun.
/// </summary>
/// <param name="options">The client's.</param>
/// <param name="began">When the caller made the call.</param>
/// <param name="callTimeout">The deadline, from then on.</param>
internal struct RetryPolicy(JsonWebClientOptions options, long began, TimeSpan callTimeout)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long _lastSent;
    private int _attempts;
    private int _failures;

    /// <summary>When an attempt that may have run was lost; 0: none was.</summary>
    public readonly long LastSent => _lastSent;

    /// <summary>The deadline has passed.</summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    public readonly bool IsOver(long now) => !Fits(TimeSpan.Zero, callTimeout, began, now);

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

        long now = options.TimeProvider.GetTimestamp();
        if (wasSent)
        {
            _lastSent = now;
        }

        TimeSpan most = FirstPause * Math.Pow(2, Math.Min(_failures, 16));
        pause = (most < LongestPause ? most : LongestPause) * Random.Shared.NextDouble();
        _attempts++;
        _failures++;
        return Fits(pause, callTimeout, began, now) && (wasSent || Fits(pause, options.ConnectTimeout, _lastSent == 0 ? began : _lastSent, now));
    }

    private readonly bool Fits(TimeSpan pause, TimeSpan limit, long since, long now) =>
        limit == Timeout.InfiniteTimeSpan || options.TimeProvider.GetElapsedTime(since, now) + pause < limit;
}
