using System.Reflection;
using System.Text.RegularExpressions;
using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>
/// src/ARCHITECTURE.md, the seam of a client: the layer of requests sees a carrier, a route and a call, so that another carrier can take the place of TCP.
/// Pools, connections and sockets are invisible there.
/// </summary>
public sealed class SeamTests
{
    /// <summary>The places where the TCP carrier is made.</summary>
    private static readonly string[] Composers = ["TcpCarrierFactory.cs", "ServerRoster.cs"];

    private static readonly string[] Seam = ["RequestCarrier", "CallRoute", "PendingCall"];

    /// <summary>Parts that know no connection: ids, what is left of a time.</summary>
    private static readonly string[] Tools = ["CallIds", "Deadline", "CallCancellation"];

    public static TheoryData<string> Sources => [.. Repository.Files("src/Gaw/JsonWeb", "*.cs")];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Requests_see_no_connection_of_a_client(string path)
    {
        string text = Repository.Read(path);
        string[] hidden =
        [
            .. typeof(GawClient).Assembly.GetTypes()
                .Where(static type => type.Namespace is "Gaw.PostOffice.Client" or "Gaw.PostOffice.Sockets" && !type.IsNested && !type.Name.Contains('<', StringComparison.Ordinal))
                .Select(static type => type.Name)
                .Except(Tools),
        ];

        hidden.Should().Contain(["ConnectionPool", "ClientConnection", "PendingCalls"], "otherwise nothing is looked for");
        IEnumerable<string> seen = hidden.Where(name => Regex.IsMatch(text, $@"\b{Regex.Escape(name)}\b"));
        seen.Except(Composers.Contains(Path.GetFileName(path)) ? ["TcpCarrier"] : []).Should().BeEmpty($"{path} is above the carrier");
    }

    [Fact]
    public void The_seam_names_no_connection_either()
    {
        foreach (Type type in typeof(GawClient).Assembly.GetTypes().Where(static type => Seam.Contains(type.Name) && type.Namespace == "Gaw.PostOffice"))
        {
            const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            IEnumerable<Type> named = type.GetMethods(declared).SelectMany(static method => method.GetParameters().Select(static parameter => parameter.ParameterType).Append(method.ReturnType));
            named.Where(static named => named.Namespace is "Gaw.PostOffice.Client" or "Gaw.PostOffice.Sockets").Should().BeEmpty($"{type.Name} is what another carrier provides");
        }

        typeof(GawClient).Assembly.GetTypes().Count(static type => Seam.Contains(type.Name) && type.Namespace == "Gaw.PostOffice").Should().Be(Seam.Length);
    }
}
