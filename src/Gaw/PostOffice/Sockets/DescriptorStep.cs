namespace Gaw.PostOffice.Sockets;

/// <summary>What a server does about its descriptors before it accepts.</summary>
internal enum DescriptorStep
{
    /// <summary>Enough are free.</summary>
    Accept,

    /// <summary>Plenty are free: the reserve can be filled, too.</summary>
    RefillAndAccept,

    /// <summary>Ask the system how many are free. Cheap where many are.</summary>
    Count,

    /// <summary>See how many can be had at this moment.</summary>
    Probe,

    /// <summary>Too few are free: give the reserve away, and look again.</summary>
    GiveAway,

    /// <summary>Too few are free, and there is no reserve: accept nobody for a while.</summary>
    Rest,
}
