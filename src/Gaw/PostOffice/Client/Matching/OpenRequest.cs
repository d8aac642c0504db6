using Gaw.PostOffice.Framing;

namespace Gaw.PostOffice.Client.Matching;

/// <summary>A request that has left, at least in part, and has no reply.</summary>
internal readonly record struct OpenRequest(int Key, long Start, long End, int PayloadBytes)
{
    public OpenRequest(int key, FramePosition position)
        : this(key, position.Start, position.End, position.PayloadBytes)
    {
    }
}
