using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gaw;
using Gaw.Trimming;

// Calls the server at the port given, and says what came back, a line for each call.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
await using GawClient client = new("127.0.0.1", int.Parse(args[0]), new GawClientOptions { Retries = 0, Types = new GawTypes().Add<Coupon>() });
IShop shop = client.For<IShop>();

await SayAsync("receipt", async () =>
{
    Receipt receipt = await shop.PlaceAsync(new Order("Ann", [new Line("nail", 3), new Line("screw", 4)]) { Due = DateTimeOffset.UnixEpoch });
    return $"{receipt.Number}, {receipt.Total}, {receipt.Parcels[0].Carrier}";
});
await SayAsync("basket", async () =>
{
    Basket basket = new() { Owner = "Ann", Lines = { new Line("nail", 3) } };
    basket.Visit();
    return await shop.DescribeAsync(basket);
});
await SayAsync("prices", () => Task.FromResult(string.Join(", ", shop.Prices().Select(static price => $"{price.Key}: {price.Value.Size} {price.Value.Price.Amount}"))));
await SayAsync("coupon", async () => await shop.SomethingAsync("coupon") is Coupon coupon ? coupon.Code : "something else");
await SayAsync("text", async () => (string)await shop.SomethingAsync("text"));
await SayAsync("sent coupon", () => Task.FromResult(shop.Any(new Coupon("SAVE", 10))));
await SayAsync("loose argument", () => Task.FromResult(shop.Any(new Loose { P = 4, Q = "q" })));
await SayAsync("loose result", async () => $"{await shop.SomethingAsync("loose")}");
await SayAsync("tuple", async () => $"{await shop.SomethingAsync("tuple")}");
await SayAsync("subclass", () => shop.NameOfAsync(new Dog { Name = "Rex", Tricks = 3 }));
await SayAsync("till", PayAsync);
await SayAsync("stream", async () =>
{
    List<string> stops = [];
    await foreach (Stop stop in shop.TrackAsync(3))
    {
        stops.Add($"{stop.Day} {stop.Place}");
    }

    return string.Join(", ", stops);
});
await SayAsync("progress", async () =>
{
    Newest newest = new();
    int count = await shop.PackAsync(1000, newest);
    return $"{newest.Value?.Done} {newest.Value?.Article}, {count}";
});

[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The argument is made of dictionaries, texts and numbers, which need no type that is kept.")]
Task<string> PayAsync() => client.CallAsync<string>("till/pay", kwargs: new Dictionary<string, object?>
{
    ["payment"] = new Dictionary<string, object?> { ["amount"] = 1.5m, ["card"] = new Dictionary<string, object?> { ["holder"] = "Ann", ["number"] = "1" } },
});

static async Task SayAsync(string name, Func<Task<string>> call)
{
    try
    {
        Console.WriteLine($"{name}: {await call()}");
    }
    catch (GawException e)
    {
        Console.WriteLine($"{name}: {e.GetType().Name}: {e.Message}");
    }
}

/// <summary>Keeps the last report, on the thread that gives it.</summary>
internal sealed class Newest : IProgress<Packed>
{
    public Packed? Value { get; private set; }

    public void Report(Packed value) => Value = value;
}
