using Microsoft.Extensions.Logging;

namespace Gaw.Scheduling;

/// <summary>A cancellation that costs nothing until somebody asks for its token. Callbacks run on the thread pool, never on the one that cancels.</summary>
/// <param name="log">Where it is said what a callback has thrown.</param>
internal sealed class LazyCancellation(ILogger log)
{
    private static readonly CancellationTokenSource Cancelled = CreateCancelled();

    /// <summary>The exchanges pair with each other: whoever asks for a token gets one that fires, or one that has fired.</summary>
    private CancellationTokenSource? _source;

    public CancellationToken Token
    {
        get
        {
            CancellationTokenSource? source = Volatile.Read(ref _source);
            if (source is null)
            {
                CancellationTokenSource created = new();
                source = Interlocked.CompareExchange(ref _source, created, null) ?? created;
            }

            return source.Token;
        }
    }

    public void Cancel()
    {
        CancellationTokenSource? source = Interlocked.Exchange(ref _source, Cancelled);
        if (source is not null && source != Cancelled)
        {
            CallCancellation.Cancel(source, log);
        }
    }

    private static CancellationTokenSource CreateCancelled()
    {
        CancellationTokenSource source = new();
        source.Cancel();
        return source;
    }
}
