using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client.Servers;

/// <summary>The wait of a call for a connection, which ends early where another server can take the call.</summary>
internal static class ElsewhereWait
{
    /// <summary>A caller whose connection has not come about by then looks for another server.</summary>
    private static readonly TimeSpan ElsewhereAfter = TimeSpan.FromMilliseconds(250);

    /// <param name="server">Whose connection the call waits for.</param>
    /// <param name="call">The call.</param>
    /// <param name="wasOpened">As for <see cref="RequestCarrier.WaitForCapacityAsync"/>.</param>
    /// <param name="connectTime">How long it may wait.</param>
    /// <param name="findBetter">Another server, if one would be better by now.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The server to be asked now, and whether a connection to it was opened for the call.</returns>
    public static async Task<(RequestCarrier Server, bool WasOpened)> WaitAsync(
        RequestCarrier server, PendingCall call, bool wasOpened, TimeSpan connectTime, Func<RequestCarrier?> findBetter, CancellationToken cancellationToken)
    {
        using CancellationTokenSource elsewhere = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> room = server.WaitForCapacityAsync(call, wasOpened, connectTime, elsewhere.Token);
        while (await Task.WhenAny(room, Task.Delay(ElsewhereAfter, cancellationToken)).ConfigureAwait(false) != room && !cancellationToken.IsCancellationRequested)
        {
            if (findBetter() is { } other)
            {
                await elsewhere.CancelAsync().ConfigureAwait(false);
                await ((Task)room).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return (other, false);
            }
        }

        return (server, await room.ConfigureAwait(false));
    }
}
