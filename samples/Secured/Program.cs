// A secret on both sides, frames signed and encrypted, and a value that keeps its type on the way.
using Gaw;

// In earnest: "gaw secret new > gaw.secret" once, then Secret.FromFile("gaw.secret") on both sides.
Secret secret = Secret.Generate();

await using var server = new GawServer("127.0.0.1", port: 0, new GawServerOptions { Secret = secret, Encrypt = true, ReplayWindow = TimeSpan.FromMinutes(2) })
    .Add<MathService>("hello!");
await server.StartAsync();

GawClientOptions options = new() { Secret = secret, Encrypt = true };
options.Types.Add<MathResult>();
await using var client = new GawClient("127.0.0.1", server.LocalEndPoint.Port, options);

// Typed: the result is read as what it is asked for.
MathResult typed = client.Call<MathResult>("math_service/plus", [10, 20]);
Console.WriteLine(typed);

// Dynamic: a type that the client knows arrives as itself, any other as an object with members.
dynamic rpc = client;
Console.WriteLine(rpc.math_service.plus(1, 2).Header);

// Who has another secret is refused, and learns nothing.
await using var stranger = new GawClient("127.0.0.1", server.LocalEndPoint.Port, new GawClientOptions { Secret = Secret.Generate(), Encrypt = true });
try
{
    await stranger.CallAsync<MathResult>("math_service/plus", [10, 20]);
}
catch (GawException e)
{
    Console.WriteLine(e.GetType().Name);
}

[GawSerializable]
public sealed record MathResult(string Header, int Result);

public sealed class MathService(string helloMsg)
{
    [Entrypoint]
    public MathResult Plus(int a, int b) => new(helloMsg, a + b);
}
