namespace Gaw;

/// <summary>What becomes of a member that came with an object and that its type does not have.</summary>
public enum UnknownMembers
{
    /// <summary>
    /// Refused in the arguments of a call, as a server cannot honour what it does not know; ignored in results, so that a newer server does not
    /// break older clients; refused by <see cref="GawSerializer"/>.
    /// </summary>
    Default,

    /// <summary>Refused everywhere, with a message that names it.</summary>
    Refuse,

    /// <summary>Passed over everywhere.</summary>
    Ignore,
}
