namespace Gaw.PostOffice.Framing;

/// <summary>Where a frame lies in the outgoing stream of its connection, for whoever has to know later whether it can have left.</summary>
internal sealed class FramePosition
{
    /// <summary>The stream position behind the frame; 0 until it is added.</summary>
    public long End { get; set; }
}
