namespace Gaw.Services.Discovery;

/// <summary>Why reflection over a service finds its members in a trimmed program, too.</summary>
internal static class KeptMembers
{
    public const string ByAll = "GawServer.Add keeps all members of the class, and with them those of the interfaces that it implements.";
}
