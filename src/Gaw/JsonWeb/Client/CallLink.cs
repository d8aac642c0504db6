namespace Gaw.JsonWeb.Client;

/// <summary>Ties a call to the one that is being served: it ends with that one's time, and with its token.</summary>
internal readonly struct CallLink : IDisposable
{
    /// <summary>What has no time left is made all the same, and ends as a call does whose time is over.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource? _either;

    private CallLink(CancellationTokenSource? either) => _either = either;

    /// <summary>Shortens the call's time and links its token.</summary>
    /// <param name="served">The call that is being served, if any.</param>
    /// <param name="callTimeout">The time of a call whose options say nothing.</param>
    /// <param name="options">The call's options.</param>
    /// <param name="cancellationToken">The call's token.</param>
    public static CallLink To(GawCallContext? served, TimeSpan callTimeout, ref CallOptions? options, ref CancellationToken cancellationToken)
    {
        if (served is null)
        {
            return default;
        }

        TimeSpan own = options?.Timeout ?? callTimeout;
        if (served.TimeLeft is { } left && (own == Timeout.InfiniteTimeSpan || left < own))
        {
            options = (options ?? new CallOptions()) with { Timeout = left > Least ? left : Least };
        }

        if (!served.CancellationToken.CanBeCanceled)
        {
            return default;
        }

        if (!cancellationToken.CanBeCanceled)
        {
            cancellationToken = served.CancellationToken;
            return default;
        }

        CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, served.CancellationToken);
        cancellationToken = either.Token;
        return new CallLink(either);
    }

    public void Dispose() => _either?.Dispose();
}
