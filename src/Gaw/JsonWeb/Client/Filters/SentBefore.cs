using Gaw.JsonWeb.Client.Retries;
using Gaw.Logging;

namespace Gaw.JsonWeb.Client.Filters;

/// <summary>A call that a filter repeats: what is known of an earlier attempt that was lost, and may have run.</summary>
internal sealed class SentBefore
{
    private GawConnectionException? _mayHaveRun;

    /// <summary>Takes note of a failure.</summary>
    /// <returns>What the call fails with in its place; <see langword="null"/>: the failure says all.</returns>
    public Exception? Join(Exception e)
    {
        if (e is GawConnectionException { Execution: not CallExecution.NotRun } lost)
        {
            _mayHaveRun = lost;
            return null;
        }

        return (e, _mayHaveRun) switch
        {
            (GawConnectionException last, { } before) => CallFailure.Join(last, before),
            (GawProtocolException last, { } before) => CallFailure.Join(last, before),
            (TimeoutException { InnerException: null } last, { } before) => CallFailure.Join(last, before),
            _ => null,
        };
    }

    /// <summary>What the call fails with whose filters did not go on.</summary>
    /// <param name="path">The call.</param>
    /// <param name="limit">Its time.</param>
    /// <param name="isDisposed">Since the client was disposed; otherwise since the time is over.</param>
    public Exception Explain(string path, TimeSpan limit, bool isDisposed)
    {
        if (isDisposed)
        {
            return _mayHaveRun is { } before
                ? new GawConnectionException($"The client was disposed before the filters of {path} went on. {before.Message}", before.EndPoint, before.Execution, before)
                : new ObjectDisposedException(null, $"The client was disposed before the filters of {path} went on, so it was not sent.");
        }

        TimeoutException over = new($"The filters of {path} did not go on within {DurationText.Of(limit)} (CallTimeout, or the call's own Timeout). What they wait for has not come; nothing of the call is under way.");
        return _mayHaveRun is { } lost ? CallFailure.Join(over, lost) : over;
    }
}
