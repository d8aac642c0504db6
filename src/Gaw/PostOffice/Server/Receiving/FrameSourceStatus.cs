namespace Gaw.PostOffice.Server.Receiving;

/// <summary>The next thing in the received bytes of a connection.</summary>
internal enum FrameSourceStatus
{
    /// <summary>A document, valid UTF-8.</summary>
    Document,

    /// <summary>No complete frame is left.</summary>
    Incomplete,

    /// <summary>A whole frame whose document is not UTF-8; the frames behind it can be read.</summary>
    NotReadable,

    /// <summary>Not a frame, or not sealed by the secret. Nothing behind it can be read.</summary>
    Malformed,
}
