// A secret on both sides, frames signed and encrypted, and a value that keeps its type on the way.
using Gaw;

// In earnest: "gaw secret new > gaw.secret" once, then Secret.FromFile("gaw.secret") on both sides.
Secret secret = Secret.Generate();

GawServerOptions serverOptions = new()
{
    Secret = secret,
    Encrypt = true,
    ReplayWindow = TimeSpan.FromMinutes(2),
    Filters = [() => new Authorization("s3cr3t")],
};
await using var server = new GawServer("127.0.0.1", port: 0, serverOptions).Add<MathService>("hello!");
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

// A method for administrators: the filter on the server looks at the metadata of the call.
try
{
    client.Call<string>("math_service/reset");
}
catch (GawRemoteException e)
{
    Console.WriteLine($"{e.RemoteName}: {e.RemoteMessage}");
}

CallOptions asAdministrator = new() { Metadata = new Dictionary<string, string> { ["token"] = "s3cr3t" } };
Console.WriteLine(client.Call<string>("math_service/reset", options: asAdministrator));

// Who has another secret is refused, and learns nothing.
await using var stranger = new GawClient("127.0.0.1", server.LocalEndPoint.Port, new GawClientOptions { Secret = Secret.Generate(), Encrypt = true });
try
{
    await stranger.CallAsync<MathResult>("math_service/plus", [10, 20]);
}
catch (GawAuthenticationException e)
{
    Console.WriteLine(e.GetType().Name);
}

[GawSerializable]
public sealed record MathResult(string Header, int Result);

public sealed class MathService(string helloMsg)
{
    [Entrypoint]
    public MathResult Plus(int a, int b) => new(helloMsg, a + b);

    [Entrypoint]
    [ForAdmins]
    public string Reset() => "reset";
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class ForAdminsAttribute : Attribute;

/// <summary>Lets only those call what is marked with <see cref="ForAdminsAttribute"/> who send the token.</summary>
public sealed class Authorization(string adminToken) : IGawFilter
{
    public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) =>
        context.Method!.IsDefined(typeof(ForAdminsAttribute), inherit: true) && context.Metadata.GetValueOrDefault("token") != adminToken
            ? throw new GawError("PermissionError", $"{context.Path} is for administrators")
            : next(context);
}
