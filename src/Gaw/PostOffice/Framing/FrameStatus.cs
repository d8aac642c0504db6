namespace Gaw.PostOffice.Framing;

/// <summary>How far a <see cref="FrameReader"/> got. Everything above <see cref="Incomplete"/> ends the connection.</summary>
internal enum FrameStatus : byte
{
    Complete,
    Incomplete,

    /// <summary>The length line holds something else than 1 to 20 digits.</summary>
    BadLengthLine,

    /// <summary>The length line announces more than the limit.</summary>
    TooLarge,
}
