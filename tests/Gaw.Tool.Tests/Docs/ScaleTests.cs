namespace Gaw.Tool.Tests.Docs;

/// <summary>The addresses of src/docs/scale.md.</summary>
public sealed class ScaleTests
{
    [Fact]
    public async Task Every_address_of_the_page_makes_a_client_or_a_server()
    {
        await using GawClient one = new("10.0.0.1:5555");
        await using GawClient list = new("10.0.0.1:5555,10.0.0.2:5555");
        await using GawClient name = new("dns:///stock.internal:5555");
        await using GawClient engine = new("nats://10.0.0.9:4222");
        await using GawServer worker = new GawServer("nats://10.0.0.9:4222").Add<Till>("EUR");
        await using GawServer both = new GawServer("0.0.0.0:5555,nats://10.0.0.9:4222").Add<Till>("EUR");

        new[] { one.Address, list.Address, name.Address, engine.Address, worker.Address, both.Address }.Should().Equal(
            "10.0.0.1:5555", "10.0.0.1:5555,10.0.0.2:5555", "dns:///stock.internal:5555", "nats://10.0.0.9:4222", "nats://10.0.0.9:4222", "0.0.0.0:5555,nats://10.0.0.9:4222");
    }
}
