using Gaw;

await using var server = new GawServer("127.0.0.1", port: 0).Add<MathService>("hello!");
await server.StartAsync();

dynamic client = new GawClient("127.0.0.1", server.LocalEndPoint.Port);
Console.WriteLine(client.math_service.plus(10, 20));
Console.WriteLine(await client.math_service.multiplyAsync(a: 10, b: 20));
client.Dispose();

public sealed class MathService(string helloMsg)
{
    [Entrypoint]
    public string Plus(int a, int b) => $"{helloMsg}: {a + b}";

    [Entrypoint]
    public string Multiply(int a, int b) => $"{helloMsg}: {a * b}";
}
