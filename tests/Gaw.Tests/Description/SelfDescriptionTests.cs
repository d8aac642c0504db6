using System.Text.Json;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Description;

/// <summary>What a server says of itself, to .NET and to Python callers.</summary>
public sealed class SelfDescriptionTests
{
    public enum Colour
    {
        [System.Text.Json.Serialization.JsonStringEnumMemberName("red")]
        Red,

        [System.Text.Json.Serialization.JsonStringEnumMemberName("green")]
        Green,
    }

    /// <summary>Tells the time.</summary>
    [Service]
    public interface IClockService
    {
        /// <summary>The time here.</summary>
        DateTime Now();
    }

    [Fact]
    public async Task A_server_on_a_loopback_address_lists_its_services()
    {
        await using TestServer server = await TestServer.ServingAsync<Shop>();
        using GawClient client = server.Connect();

        client.Call<string>("_gaw/ping").Should().Be("pong");
        List<Dictionary<string, object?>> services = client.Call<List<Dictionary<string, object?>>>("_gaw/list");
        services.Should().ContainSingle().Which.Should().Contain("name", "shop").And.Contain("doc", "Sells things.");
        Methods(services[0]).Select(m => m["signature"]).Should().Equal(
            "sell(item: Item, count: int = 1, to: string? = null, colour: Colour = \"green\") -> Receipt",
            "stock(*names: string) -> Dictionary<string, (int, double)>",
            "nothing() -> void");
        client.Call<List<object>>("_gaw/list", ["_gaw"]).Should().HaveCount(1, "the service describes itself when it is asked by name");
    }

    [Fact]
    public async Task A_stream_is_described_by_its_items_and_progress_by_its_reports()
    {
        await using TestServer server = await TestServer.ServingAsync<Depot>();
        using GawClient client = server.Connect();

        using JsonDocument described = JsonDocument.Parse(GawSerializer.ToJson(client.Call<object>("_gaw/describe", ["depot"])));
        JsonElement[] methods = [.. described.RootElement.GetProperty("services")[0].GetProperty("methods").EnumerateArray()];
        JsonElement watch = methods.Single(static method => method.GetProperty("name").GetString() == "watch");
        watch.GetProperty("signature").GetString().Should().Be("watch(name: string) -> stream of Item");
        watch.GetProperty("result").GetProperty("stream").GetBoolean().Should().BeTrue();
        watch.GetProperty("result").GetProperty("type").GetString().Should().Be("Item");
        watch.GetProperty("result").GetProperty("python").GetString().Should().Be("list[dict]");
        JsonElement import = methods.Single(static method => method.GetProperty("name").GetString() == "import");
        import.GetProperty("signature").GetString().Should().Be("import(file: string) -> int", "progress is supplied, not sent");
        import.GetProperty("parameters").GetArrayLength().Should().Be(1);
        import.GetProperty("progress").GetProperty("type").GetString().Should().Be("Receipt?");
        watch.TryGetProperty("progress", out _).Should().BeFalse();
        described.RootElement.GetProperty("types").EnumerateObject().Select(static type => type.Name).Should().Contain(["Item", "Receipt"]);
    }

    [Fact]
    public async Task A_method_is_described_with_parameters_types_and_documentation()
    {
        await using TestServer server = await TestServer.ServingAsync<Shop>();
        using GawClient client = server.Connect();

        using JsonDocument described = JsonDocument.Parse(GawSerializer.ToJson(client.Call<object>("_gaw/describe", ["shop/sell"])));
        JsonElement method = described.RootElement.GetProperty("services")[0].GetProperty("methods").EnumerateArray().Should().ContainSingle().Subject;
        method.GetProperty("doc").GetString().Should().Be("Sells an item, where count is not 0.");
        method.GetProperty("idempotent").GetBoolean().Should().BeTrue();
        method.GetProperty("result").GetProperty("python").GetString().Should().Be("Receipt");
        JsonElement count = method.GetProperty("parameters")[1];
        count.GetProperty("name").GetString().Should().Be("count");
        count.GetProperty("python").GetString().Should().Be("int");
        count.GetProperty("optional").GetBoolean().Should().BeTrue();
        count.GetProperty("default").GetInt32().Should().Be(1);
        count.GetProperty("doc").GetString().Should().Be("How many.");
        method.GetProperty("parameters")[0].TryGetProperty("default", out _).Should().BeFalse();

        JsonElement types = described.RootElement.GetProperty("types");
        types.EnumerateObject().Select(t => t.Name).Should().Equal("Colour", "Item", "Receipt");
        types.GetProperty("Colour").GetProperty("members").EnumerateArray().Select(m => m.GetProperty("name").GetString()).Should().Equal("red", "green");
        types.GetProperty("Item").GetProperty("wire_name").ValueKind.Should().Be(JsonValueKind.Null, "it travels without a name");
        JsonElement receipt = types.GetProperty("Receipt");
        receipt.GetProperty("wire_name").GetString().Should().Be("ShopReceipt");
        receipt.GetProperty("members").EnumerateArray().Select(m => $"{m.GetProperty("name")}: {m.GetProperty("type")} ({m.GetProperty("python")})")
            .Should().Equal("item_id: Guid? (uuid.UUID | None)", "prices: List<decimal> (list[float])", "earlier: Receipt? (Receipt | None)");
    }

    [Fact]
    public async Task Requests_errors_and_connections_are_counted()
    {
        await using TestServer server = await TestServer.ServingAsync<Shop>();
        using GawClient client = server.Connect();

        client.Call<object>("shop/nothing");
        client.Invoking(c => c.Call<object>("shop/nothign")).Should().Throw<GawRemoteException>();
        client.Invoking(c => c.Call<object>("shop/nothing", [1])).Should().Throw<GawRemoteException>();
        Dictionary<string, double> stats = client.Call<Dictionary<string, double>>("_gaw/stats");

        stats.Should().Contain("calls", 4).And.Contain("errors", 2).And.Contain("running", 0).And.Contain("connections", 1);
        stats["uptime"].Should().BeGreaterThanOrEqualTo(0);
        client.Call<Dictionary<string, object?>>("_gaw/health").Should().Contain("status", "ok");
        client.Call<Dictionary<string, object?>>("_gaw/info").Should().ContainKey("gaw").And.Contain("process", Environment.ProcessId);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_answered_with_the_nearest()
    {
        await using TestServer server = await TestServer.ServingAsync<Shop>();
        using GawClient client = server.Connect();

        client.Invoking(c => c.Call<object>("_gaw/describe", ["shop/sel"])).Should().Throw<GawRemoteException>()
            .Where(e => e.RemoteName == "KeyError" && e.RemoteMessage == "path: shop/sel not found, did you mean shop/sell?");
    }

    [Theory]
    [InlineData("127.0.0.1", SelfDescriptionPolicy.Auto, true)]
    [InlineData("localhost", SelfDescriptionPolicy.Auto, true)]
    [InlineData("0.0.0.0", SelfDescriptionPolicy.Auto, false)]
    [InlineData("0.0.0.0", SelfDescriptionPolicy.Always, true)]
    [InlineData("127.0.0.1", SelfDescriptionPolicy.Never, false)]
    public async Task A_server_that_strangers_reach_describes_itself_only_when_told_to(string host, SelfDescriptionPolicy policy, bool describes)
    {
        await using GawServer server = new GawServer(host, 0, new GawServerOptions { SelfDescription = policy }).Add<Shop>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        Func<string> ping = () => client.Call<string>("_gaw/ping");
        if (describes)
        {
            ping().Should().Be("pong");
        }
        else
        {
            ping.Should().Throw<GawRemoteException>().Where(e => e.RemoteName == "KeyError");
        }
    }

    [Fact]
    public async Task A_python_client_reads_the_description()
    {
        await using TestServer server = await TestServer.ServingAsync<Shop>();
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port);

        (await python.CallAsync("_gaw/ping")).GetProperty("result").GetString().Should().Be("pong");
        (await python.CallAsync("_gaw/list")).GetProperty("result")[0].GetProperty("name").GetString().Should().Be("shop");
        (await python.CallAsync("_gaw/describe", "shop")).GetProperty("result").GetProperty("types").GetProperty("Item").GetProperty("kind").GetString().Should().Be("record");
    }

    [Fact]
    public async Task Types_of_all_kinds_have_a_name_in_csharp_and_in_python()
    {
        await using TestServer server = await TestServer.ServingAsync<Kinds>();
        using GawClient client = server.Connect();

        using JsonDocument described = JsonDocument.Parse(GawSerializer.ToJson(client.Call<object>("_gaw/describe", ["kinds/all"])));
        JsonElement method = described.RootElement.GetProperty("services")[0].GetProperty("methods")[0];

        method.GetProperty("parameters").EnumerateArray().Select(p => $"{p.GetProperty("type")} | {p.GetProperty("python")}").Should().Equal(
            "object? | Any",
            "BigInteger | int",
            "byte[] | str",
            "int?[] | list[int | None]",
            "object?[] | tuple",
            "(int, string?) | tuple[int, str | None]",
            "Tuple<int, string> | tuple[int, str]",
            "IReadOnlySet<Guid> | set[uuid.UUID]",
            "ImmutableArray<DateTimeOffset> | list[datetime.datetime]",
            "Dictionary<string, List<Item>?> | dict[str, list[dict] | None]",
            "List<int> | list[int]",
            "PageOfItem | dict",
            "object | Any",
            "GawObject | Any",
            "TimeSpan? | float | None",
            "Dto | dict",
            "List<int> | list[int]");
        method.GetProperty("result").GetProperty("type").GetString().Should().Be("Item?");
        described.RootElement.GetProperty("types").EnumerateObject().Select(t => t.Name).Should().Equal("Colour", "Dto", "Item", "PageOfItem");
    }

    [Fact]
    public async Task An_interface_names_the_service_of_the_classes_that_implement_it()
    {
        await using TestServer server = await TestServer.ServingAsync<Clock>();
        using GawClient client = server.Connect();

        Dictionary<string, object?> service = client.Call<List<Dictionary<string, object?>>>("_gaw/list").Should().ContainSingle().Subject;

        service.Should().Contain("name", "clock_service").And.Contain("doc", "Tells the time.");
        Methods(service).Should().ContainSingle().Which.Should().Contain("signature", "now() -> DateTime").And.Contain("doc", "The time here.");
    }

    [Fact]
    public void The_name_of_the_description_is_reserved()
    {
        FluentActions.Invoking(() => new GawServer("127.0.0.1", 0).Add<Impostor>()).Should().Throw<ArgumentException>().WithMessage("*_gaw*Give it another name.");
    }

    private static IEnumerable<Dictionary<string, object?>> Methods(Dictionary<string, object?> service) =>
        ((List<object?>)service["methods"]!).Cast<Dictionary<string, object?>>();

    public sealed class Clock : IClockService
    {
        public DateTime Now() => default;
    }

    public abstract class Shape
    {
        public int Sides { get; init; }
    }

    public sealed class Numbers : List<int>;

    public sealed class Kinds
    {
        [Entrypoint]
        public Item? All(
            object? anything,
            System.Numerics.BigInteger large,
            byte[] bytes,
            int?[] numbers,
            object?[] tuple,
            (int, string?) pair,
            Tuple<int, string> old,
            IReadOnlySet<Guid> ids,
            System.Collections.Immutable.ImmutableArray<DateTimeOffset> moments,
            Dictionary<string, List<Item>?> byName,
            Numbers own,
            Page<Item> page,
            Shape shape,
            GawObject made,
            TimeSpan? span,
            System.Contoso.Dto named,
            System.Contoso.Bag<int> bag) => null;
    }

    [Service("_gaw")]
    public sealed class Impostor
    {
        [Entrypoint]
        public string Pong() => "ping";
    }

    /// <summary>Sells things.</summary>
    public sealed class Shop
    {
        /// <summary>
        /// Sells an <see cref="Item">item</see>, where <paramref name="count"/> is
        /// not 0.
        /// </summary>
        /// <param name="item">What.</param>
        /// <param name="count">How many.</param>
        [Entrypoint(Idempotent = true)]
        public Task<Receipt> SellAsync(Item item, int count = 1, string? to = null, Colour colour = Colour.Green, CancellationToken cancellationToken = default) =>
            Task.FromResult(new Receipt(null, []));

        [Entrypoint]
        public Dictionary<string, (int Count, double Price)> Stock(params string[] names) => [];

        [Entrypoint]
        public void Nothing()
        {
        }
    }

    public sealed class Depot
    {
        [Entrypoint]
        public async IAsyncEnumerable<Item> WatchAsync(string name)
        {
            await Task.Yield();
            yield return new Item(name, Colour.Red);
        }

        [Entrypoint]
        public int Import(string file, IProgress<Receipt?> progress) => file.Length;
    }

    public sealed record Page<T>(T[] Items, int Number);
    public sealed record Item(string Name, Colour Colour);

    [GawSerializable("ShopReceipt")]
    public sealed record Receipt(Guid? ItemId, List<decimal> Prices, Receipt? Earlier = null);
}
