using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client.Servers;

/// <summary>Which of several servers a call goes to: of those that stand best the one with the fewest open and waiting calls.</summary>
internal sealed class ServerChoice(TimeProvider time)
{
    /// <summary>So long a server that has failed is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>The increment pairs with itself: each call has a turn of its own.</summary>
    private int _turn;

    /// <summary>The best of those that are wanted; <see langword="null"/> where there is none.</summary>
    /// <param name="servers">All there are.</param>
    /// <param name="isWanted">Gets each, and how willingly it is called.</param>
    public RequestCarrier? Choose(ServerEntry[] servers, Func<RequestCarrier, ServerStanding, bool> isWanted)
    {
        // Those that are equally good take turns.
        int first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)servers.Length);
        bool oneTakesCalls = Array.Exists(servers, static server => server.Carrier.TakesCalls);
        RequestCarrier? best = null;
        (ServerStanding Standing, int Load) least = (ServerStanding.Resting + 1, 0);
        for (int i = 0; i < servers.Length; i++)
        {
            ServerEntry entry = servers[(first + i) % servers.Length];
            RequestCarrier server = entry.Carrier;
            ServerStanding standing = Judge(entry.FailedAt == 0 ? null : time.GetElapsedTime(entry.FailedAt), server.IsOpening && !server.TakesCalls, oneTakesCalls);
            if (standing == ServerStanding.Suspect && oneTakesCalls)
            {
                // Nobody waits for it: as soon as it answers again, it is as good as the others.
                server.Prepare();
            }

            (ServerStanding, int) rank = (standing, server.Load);
            if (isWanted(server, standing) && rank.CompareTo(least) < 0)
            {
                least = rank;
                best = server;
            }
        }

        return best;
    }

    /// <summary>How willingly calls are sent to a server. Pure.</summary>
    /// <param name="sinceFailure">How long ago it has failed; <see langword="null"/>: nothing is known against it.</param>
    /// <param name="isConnecting">It has no connection, and one is under way.</param>
    /// <param name="oneTakesCalls">A server, this or another, takes calls.</param>
    internal static ServerStanding Judge(TimeSpan? sinceFailure, bool isConnecting, bool oneTakesCalls) => sinceFailure switch
    {
        null => oneTakesCalls && isConnecting ? ServerStanding.Connecting : ServerStanding.Good,
        { } since when since < Rest => ServerStanding.Resting,
        _ => ServerStanding.Suspect,
    };
}
