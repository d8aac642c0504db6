using Gaw;

/// <summary>Calls through an interface: completion, compile-time checks, default values.</summary>
public static class TypedClient
{
    public static async Task RunAsync(int port, CancellationToken token = default)
    {
        await using var client = new GawClient("127.0.0.1", port);

        IStock stock = client.For<IStock>();             // for a Python service, too
        Item item = await stock.TakeAsync("nail", token);

        Console.WriteLine(item);
        Console.WriteLine($"{stock.Plus(10)}, {stock.Plus(10, 20)}, {await stock.FindAsync("nail")}, {await stock.FindAsync("screw") ?? "no screw"}");
    }
}
