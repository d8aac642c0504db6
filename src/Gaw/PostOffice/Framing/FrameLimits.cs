namespace Gaw.PostOffice.Framing;

/// <summary>The figures of the frame format: <c>length "\n" payload</c>, the length in ASCII decimal.</summary>
internal static class FrameLimits
{
    /// <summary>Digits that a length line may have; 20 hold any 64-bit number, and nothing more can be meant.</summary>
    public const int MaxLengthDigits = 20;

    /// <summary>Bytes to keep free in front of a payload for its length line: ten digits of an <see cref="int"/> and the line feed.</summary>
    public const int LengthLineBytes = 11;

    /// <summary>The largest frame that both sides take unless told otherwise: 16 MiB.</summary>
    public const int DefaultMaxFrameBytes = 16 * 1024 * 1024;
}
