using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>
/// The servers of one client, which all serve the same. A call goes to the one with the fewest open calls; one that could not be connected is
/// left alone for a while, unless no other is left.
/// </summary>
internal sealed class ServerSet(PostOfficeClient[] servers, TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly long[] _restsSince = new long[servers.Length];
    private int _turn;

    public PostOfficeClient[] All => servers;

    /// <summary>The server for the next attempt.</summary>
    public PostOfficeClient Choose()
    {
        if (servers.Length == 1)
        {
            return servers[0];
        }

        // Those with equally few calls take turns.
        int first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)servers.Length);
        PostOfficeClient? best = null;
        int fewest = int.MaxValue;
        for (int i = 0; i < servers.Length; i++)
        {
            int at = (first + i) % servers.Length;
            int calls = IsResting(at) ? int.MaxValue - 1 : servers[at].Pool.OpenCalls;
            if (calls < fewest)
            {
                fewest = calls;
                best = servers[at];
            }
        }

        return best!;
    }

    /// <summary>The server could not be connected.</summary>
    /// <returns><see langword="true"/>: another one can be tried at once.</returns>
    public bool Failed(PostOfficeClient server)
    {
        int at = Array.IndexOf(servers, server);
        Volatile.Write(ref _restsSince[at], Math.Max(1, time.GetTimestamp()));
        for (int i = 0; i < servers.Length; i++)
        {
            if (!IsResting(i))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsResting(int at) => Volatile.Read(ref _restsSince[at]) is var since and not 0 && time.GetElapsedTime(since) < Rest;
}
