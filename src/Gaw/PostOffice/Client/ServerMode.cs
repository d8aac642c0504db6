namespace Gaw.PostOffice.Client;

/// <summary>How a server answers the calls of one connection.</summary>
internal enum ServerMode
{
    /// <summary>It has not answered yet. Until it does, it is treated as sequential.</summary>
    Unknown,

    /// <summary>All connections that may be opened have waited long for a first reply. Only a pool is in this mode, never a connection.</summary>
    Silent,

    /// <summary>One call after the other, as the original server does.</summary>
    Sequential,

    /// <summary>Each call as soon as it is done, as a .NET server does, which says so in its first reply.</summary>
    Multiplexed,
}
