namespace Gaw.PostOffice.Framing;

/// <summary>Where a frame lies in the outgoing stream of its connection, for whoever has to know later whether it can have left.</summary>
internal sealed class FramePosition
{
    /// <summary>The stream position of its first byte; means nothing until it is added.</summary>
    public long Start { get; set; }

    /// <summary>The stream position behind the frame; 0 until it is added.</summary>
    public long End { get; set; }

    /// <summary>The payload's size, as its length line says it.</summary>
    public int PayloadBytes { get; set; }

    /// <summary>As many of the bytes as are counted among those that the peer has not answered.</summary>
    public int CountedBytes { get; set; }

    /// <summary>The peer has read the frame: it is neither under way, nor one of those that a failure can belong to.</summary>
    public void Forget() => Start = End = CountedBytes = 0;

    /// <summary>Forgets the place, for another frame with a document of so many bytes.</summary>
    public void Reset(int documentBytes)
    {
        Start = End = 0;
        PayloadBytes = CountedBytes = documentBytes;
    }
}
