using System.Reflection;
using System.Text.RegularExpressions;
using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>
/// src/ARCHITECTURE.md, the seam: the layer of requests sees eight types of what carries its documents, so that another carrier can take the place of TCP. Pools, connections,
/// sockets and threads are invisible there. The project tests/Gaw.Layers/JsonWeb compiles the layer with these types and nothing else; this test counts them.
/// </summary>
public sealed class SeamTests
{
    /// <summary>All of the carrier that <c>JsonWeb</c> may name. The last two stand where a server or a client is put together.</summary>
    private static readonly string[] Seam = ["ReplyChannel", "InboundMessage", "MessageHandler", "RequestCarrier", "CallRoute", "PendingCall", "PostOfficeServer", "TcpCarrier"];

    /// <summary>What a user says: it is handed through, and means the same above and below.</summary>
    private static readonly string[] Settings = ["PostOfficeOptions", "PostOfficeServerOptions", "PostOfficeClientOptions", "ServerAddress", "AddressEndPoint"];

    /// <summary>The types that make the seam of a client: another carrier provides them.</summary>
    private static readonly string[] Provided = ["RequestCarrier", "CallRoute", "PendingCall"];

    private static readonly string[] Carried =
    [
        .. typeof(GawClient).Assembly.GetTypes()
            .Where(static type => type.Namespace?.StartsWith("Gaw.PostOffice", StringComparison.Ordinal) == true && !type.IsNested && !type.Name.Contains('<', StringComparison.Ordinal))
            .Select(static type => type.Name),
    ];

    public static TheoryData<string> Sources => [.. Repository.Files("src/Gaw/JsonWeb", "*.cs")];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Requests_see_no_more_of_their_carrier_than_the_seam(string path)
    {
        Carried.Should().Contain(["ConnectionPool", "ClientConnection", "PendingCalls", "ServerConnection", .. Seam], "otherwise nothing is looked for");
        IEnumerable<string> code = Repository.Read(path).Split('\n').Where(static line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));
        string text = string.Join('\n', code);
        Carried.Where(name => Regex.IsMatch(text, $@"(?<![\w.(]){Regex.Escape(name)}\b(?!\()"))
            .Except([.. Seam, .. Settings])
            .Should().BeEmpty($"{path} is above the carrier");
    }

    [Theory]
    [InlineData("TcpCarrier", "TcpCarrierFactory.cs", "ServerRoster.cs")]
    [InlineData("PostOfficeServer", "JsonWebServer.cs")]
    public void A_carrier_is_named_only_where_it_is_made(string carrier, params string[] composers)
    {
        IEnumerable<string> naming = Repository.Files("src/Gaw/JsonWeb", "*.cs")
            .Where(path => Repository.Read(path).Split('\n').Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line, $@"(?<![\w.]){carrier}\b")));
        naming.Select(Path.GetFileName).Should().BeEquivalentTo(composers, "everything else works with any carrier");
    }

    [Fact]
    public void The_seam_of_a_client_names_no_connection_either()
    {
        foreach (Type type in typeof(GawClient).Assembly.GetTypes().Where(static type => Provided.Contains(type.Name) && type.Namespace == "Gaw.PostOffice"))
        {
            const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            IEnumerable<Type> named = type.GetMethods(declared).SelectMany(static method => method.GetParameters().Select(static parameter => parameter.ParameterType).Append(method.ReturnType));
            named.Where(static named => named.Namespace is "Gaw.PostOffice.Client" or "Gaw.PostOffice.Sockets").Should().BeEmpty($"{type.Name} is what another carrier provides");
        }

        typeof(GawClient).Assembly.GetTypes().Count(static type => Provided.Contains(type.Name) && type.Namespace == "Gaw.PostOffice").Should().Be(Provided.Length);
    }
}
