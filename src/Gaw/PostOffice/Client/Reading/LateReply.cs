namespace Gaw.PostOffice.Client.Reading;

/// <summary>What becomes of a reply while a late thread reads into its call.</summary>
internal enum LateReply
{
    /// <summary>No late thread reads into the call: it is for whoever has received it.</summary>
    NotLate,

    /// <summary>It waits for the late thread, or nobody wants it any more.</summary>
    Waits,

    /// <summary>The server has sent more than it was asked for.</summary>
    Overrun,
}
