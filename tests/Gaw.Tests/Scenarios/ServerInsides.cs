using System.Runtime.CompilerServices;
using Gaw.JsonWeb;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>What a test may know of a server beyond what it says.</summary>
internal static class ServerInsides
{
    /// <summary>Connections that are open, or have calls that run on.</summary>
    public static int ConnectionCount(this TestServer server) => Web(server.Server).PostOffice.ConnectionCount;

    /// <summary>Takes, or gives back, bytes of the budget for incomplete frames.</summary>
    public static void ChargeBudget(GawServer server, int bytes) => Web(server).PostOffice.Budget.Change(bytes);

    /// <summary>Completes once nothing is left of any connection.</summary>
    public static Task IsEmptyAsync(this TestServer server) =>
        Eventually.BecomesTrueAsync(() => server.ConnectionCount() == 0, () => $"{server.ConnectionCount()} connections are left");

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_web")]
    private static extern ref JsonWebServer Web(GawServer server);
}
