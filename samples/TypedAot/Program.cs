using Gaw;

await using var server = new GawServer("127.0.0.1", port: 0).Add<Stock>("shelf");
await server.StartAsync();

await using var client = new GawClient("127.0.0.1", server.LocalEndPoint.Port);
IStock stock = client.For<IStock>();

Console.WriteLine(stock.Plus(10, 20));
await stock.PutAsync(new Item("nail", 100, [0.5, 1.5]));
await stock.PutAsync(new Item("screw", 20, []));
Console.WriteLine(string.Join(", ", await stock.ListAsync()));
Console.WriteLine(string.Join(", ", (await stock.CountsAsync(["nail", "screw"])).Select(static count => $"{count.Key}: {count.Value}")));
Console.WriteLine(stock.Largest());
Console.WriteLine(await stock.FindAsync("bolt") ?? "no bolt");
try
{
    await stock.TakeAsync("nail", 1000);
}
catch (GawRemoteException e)
{
    Console.WriteLine($"{e.RemoteName}: {e.RemoteMessage}");
}

public enum Unit
{
    Piece,
    Box,
}

/// <summary>What both sides know.</summary>
[Service]
public interface IStock
{
    int Plus(int a, int b);

    Task PutAsync(Item item, CancellationToken cancellationToken = default);

    Task<List<string>> ListAsync();

    Task<Dictionary<string, int>> CountsAsync(IReadOnlyList<string> names);

    (string Name, int Count) Largest();

    ValueTask<string?> FindAsync(string name);

    Task<Item> TakeAsync(string name, int count, Unit unit = Unit.Piece, DateTimeOffset? until = null);
}

public sealed class Stock(string place) : IStock
{
    private static readonly Dictionary<string, Item> Items = [];

    public int Plus(int a, int b) => a + b;

    public Task PutAsync(Item item, CancellationToken cancellationToken)
    {
        Items[item.Name] = item;
        return Task.CompletedTask;
    }

    public Task<List<string>> ListAsync() => Task.FromResult(Items.Values.Select(item => $"{item.Count} {item.Name} on the {place}").ToList());

    public Task<Dictionary<string, int>> CountsAsync(IReadOnlyList<string> names) => Task.FromResult(names.ToDictionary(static name => name, static name => Items[name].Count));

    public (string Name, int Count) Largest() => Items.Values.OrderByDescending(static item => item.Count).Select(static item => (item.Name, item.Count)).First();

    public ValueTask<string?> FindAsync(string name) => new(Items.GetValueOrDefault(name)?.Name);

    public Task<Item> TakeAsync(string name, int count, Unit unit, DateTimeOffset? until) =>
        count <= Items[name].Count ? Task.FromResult(Items[name] with { Count = count }) : throw new GawError("SoldOut", $"{Items[name].Count} {name} are left, not {count}");
}

[GawSerializable]
public sealed record Item(string Name, int Count, double[] Sizes);
