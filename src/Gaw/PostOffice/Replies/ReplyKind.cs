namespace Gaw.PostOffice.Replies;

/// <summary>What a reply is.</summary>
internal enum ReplyKind
{
    /// <summary>The document of a call, which has run.</summary>
    Result,

    /// <summary>A part of the result of a call, which stays open.</summary>
    Part,

    /// <summary>A request could not be read; which one, the reply does not say.</summary>
    Failure,

    /// <summary>The server stops. The notice belongs to no call.</summary>
    Stopping,

    /// <summary>The server stops, and has not run this call.</summary>
    Rejected,

    /// <summary>The server has no place for this call, and has not run it.</summary>
    Busy,

    /// <summary>No text: it has the form of a document that is signed or encrypted.</summary>
    Protected,

    /// <summary>No reply.</summary>
    Malformed,
}
