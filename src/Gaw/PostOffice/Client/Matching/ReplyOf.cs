namespace Gaw.PostOffice.Client.Matching;

/// <summary>What a reply's id says about the call it belongs to.</summary>
internal enum ReplyOf
{
    /// <summary>No call of this connection.</summary>
    Nobody,

    /// <summary>A call that somebody waits for.</summary>
    OpenCall,

    /// <summary>A call that was given up.</summary>
    AbandonedCall,

    /// <summary>A call that was answered before.</summary>
    RepliedCall,
}
