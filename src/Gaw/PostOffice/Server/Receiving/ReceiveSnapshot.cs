namespace Gaw.PostOffice.Server.Receiving;

/// <summary>The receive side of a connection as its loop has published it last. One 64-bit word, so that another thread never sees one half old and the other new.</summary>
/// <param name="AwaitsBytes">The loop waits for the peer to send.</param>
/// <param name="FramesTaken">Frames that have arrived whole, modulo 2^30.</param>
/// <param name="BufferedBytes">Bytes of the incomplete frame, or of frames that were not taken yet.</param>
/// <param name="HasLengthLine">The length line of the incomplete frame is whole.</param>
internal readonly record struct ReceiveSnapshot(bool AwaitsBytes, int FramesTaken, int BufferedBytes, bool HasLengthLine)
{
    private const int AwaitsBit = 32;
    private const int LineBit = 33;
    private const int FramesShift = 34;

    public static ReceiveSnapshot Unpack(long word) =>
        new((word >> AwaitsBit & 1) != 0, (int)(word >>> FramesShift), (int)word, (word >> LineBit & 1) != 0);

    public long Pack() =>
        (long)FramesTaken << FramesShift | (HasLengthLine ? 1L << LineBit : 0) | (AwaitsBytes ? 1L << AwaitsBit : 0) | (uint)BufferedBytes;
}
