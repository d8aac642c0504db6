namespace Gaw.Tool.Tests.Docs;

[Service]
public interface ITill
{
    Task<string> SellAsync(string[] goods);
}

// The page src/docs/testing.md, run.
public sealed class TillTests
{
    [Fact]
    public async Task A_sale_is_added_up_and_what_is_not_sold_is_refused()
    {
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Till>("EUR");
        await server.StartAsync(TestContext.Current.CancellationToken);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);
        ITill till = client.For<ITill>();

        Assert.Equal("4.50 EUR", await till.SellAsync(["tea", "cake"]));

        GawRemoteException refused = await Assert.ThrowsAsync<GawRemoteException>(() => till.SellAsync(["rocket"]));
        Assert.Equal("KeyError", refused.RemoteName);
    }
}

public sealed class Till(string currency) : ITill
{
    private static readonly Dictionary<string, decimal> Prices = new() { ["tea"] = 1.5m, ["cake"] = 3m };

    public Task<string> SellAsync(string[] goods) => Task.FromResult($"{goods.Sum(Price):0.00} {currency}");

    private static decimal Price(string good) => Prices.TryGetValue(good, out decimal price) ? price : throw new GawError("KeyError", $"no {good} here");
}
