using System.Runtime.CompilerServices;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Client.Servers;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.Tests.Scenarios;

/// <summary>What a test may know of a client beyond what it says.</summary>
internal static class ClientInsides
{
    public static CallIds Ids(GawClient client) => IdsOf(AttemptsOf(SenderOf(Web(client))));

    public static RequestCarrier[] Servers(GawClient client) => [.. PickerOf(Web(client)).All];

    /// <summary>The number that the last call has got.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_key")]
    public static extern ref int NextKey(CallIds ids);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_web")]
    private static extern ref JsonWebClient Web(GawClient client);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sender")]
    private static extern ref CallSender SenderOf(JsonWebClient client);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_attempts")]
    private static extern ref CallAttempts AttemptsOf(CallSender sender);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_ids")]
    private static extern ref CallIds IdsOf(CallAttempts attempts);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_servers")]
    private static extern ref ServerPicker PickerOf(JsonWebClient client);
}
