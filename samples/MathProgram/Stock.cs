using Gaw;

[Service]                                        // or [Service("Stock")]; IStock is stock
public interface IStock
{
    int Plus(int a, int b = 1);                                                         // stock/plus
    Task<Item> TakeAsync(string name, CancellationToken cancellationToken = default);   // stock/take
    [Entrypoint("odd name!", Idempotent = true)] ValueTask<string?> FindAsync(string name);
}

public sealed class Stock(string place) : IStock    // server.Add<Stock>("shelf"): every member is an entrypoint
{
    public int Plus(int a, int b) => a + b;

    public Task<Item> TakeAsync(string name, CancellationToken cancellationToken) => Task.FromResult(new Item(name, place));

    public ValueTask<string?> FindAsync(string name) => new(name == "nail" ? place : null);
}

[GawSerializable]
public sealed record Item(string Name, string Place);
