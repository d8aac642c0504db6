using Gaw.PostOffice.Framing;

namespace Gaw.PostOffice.Client.Matching;

/// <summary>Where replies come in order and carry no id: the request that the next one belongs to. Pure.</summary>
internal static class OldestRequest
{
    /// <param name="open">Calls that somebody waits for, by key.</param>
    /// <param name="abandoned">The places of those that were given up, by key.</param>
    /// <returns>The key of the one that lies first in the stream; <see langword="null"/>: none was sent.</returns>
    public static int? Find(Dictionary<int, PendingCall> open, Dictionary<int, FramePosition> abandoned)
    {
        int? first = null;
        long oldest = long.MaxValue;
        foreach ((int key, PendingCall call) in open)
        {
            Look(key, call.Position, ref first, ref oldest);
        }

        foreach ((int key, FramePosition position) in abandoned)
        {
            Look(key, position, ref first, ref oldest);
        }

        return first;
    }

    private static void Look(int key, FramePosition position, ref int? first, ref long oldest)
    {
        if (position.End > 0 && position.End < oldest)
        {
            oldest = position.End;
            first = key;
        }
    }
}
