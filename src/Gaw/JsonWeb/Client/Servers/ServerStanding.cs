namespace Gaw.JsonWeb.Client.Servers;

/// <summary>How willingly calls are sent to a server, the best first.</summary>
internal enum ServerStanding
{
    /// <summary>Nothing is known against it.</summary>
    Good,

    /// <summary>Its connection is under way, while another server has one.</summary>
    Connecting,

    /// <summary>It has failed a while ago.</summary>
    Suspect,

    /// <summary>It has just failed.</summary>
    Resting,
}
