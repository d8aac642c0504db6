using System.Net;

namespace Gaw.Testing.Carrier;

/// <summary>The address of a server that is called over memory.</summary>
internal sealed class MemoryEndPoint : EndPoint
{
    public static MemoryEndPoint Instance { get; } = new();

    public override string ToString() => "the test host";
}
