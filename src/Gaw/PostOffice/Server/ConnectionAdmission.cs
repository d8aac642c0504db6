namespace Gaw.PostOffice.Server;

/// <summary>Whether a new connection is served.</summary>
internal enum ConnectionAdmission
{
    Admitted,

    /// <summary>The server has as many as it may have. The peer is told so: one that is closed without a word would come again every second.</summary>
    Refused,

    /// <summary>Too many are being told so; this one is only closed.</summary>
    Dropped,
}
