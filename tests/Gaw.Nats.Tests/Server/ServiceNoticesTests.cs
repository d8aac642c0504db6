using System.Text.Json;
using System.Text.RegularExpressions;
using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using NATS.Client.Core;

namespace Gaw.Nats.Tests.Server;

/// <summary>What the command <c>nats micro</c> reads of Gaw's workers: the members that the schemas <c>io.nats.micro.v1</c> demand, in their form.</summary>
public sealed partial class ServiceNoticesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex NameForm { get; }

    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
    private static partial Regex VersionForm { get; }

    [Theory]
    [InlineData("$SRV.PING", "io.nats.micro.v1.ping_response")]
    [InlineData("$SRV.INFO", "io.nats.micro.v1.info_response")]
    [InlineData("$SRV.STATS", "io.nats.micro.v1.stats_response")]
    public async Task An_answer_has_what_its_schema_demands(string subject, string type)
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        await using GawServer server = await StartAsync(engine);

        JsonElement[] answers = await AskAsync(engine, subject, expected: 2);

        foreach (JsonElement answer in answers)
        {
            answer.GetProperty("type").GetString().Should().Be(type);
            NameForm.IsMatch(answer.GetProperty("name").GetString()!).Should().BeTrue();
            answer.GetProperty("id").GetString().Should().NotBeNullOrEmpty();
            VersionForm.IsMatch(answer.GetProperty("version").GetString()!).Should().BeTrue("it is one of SemVer");
            answer.GetProperty("metadata").EnumerateObject().Should().OnlyContain(static member => member.Value.ValueKind == JsonValueKind.String);
        }

        answers.Select(static answer => answer.GetProperty("name").GetString()).Should().BeEquivalentTo("shelf", "odd_name_");
        answers.Select(static answer => answer.GetProperty("id").GetString()).Distinct().Should().ContainSingle("it is one worker");
    }

    [Fact]
    public async Task Info_has_the_endpoints_with_their_subjects()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        await using GawServer server = await StartAsync(engine);

        JsonElement shelf = (await AskAsync(engine, "$SRV.INFO.shelf", expected: 1)).Should().ContainSingle().Which;

        shelf.GetProperty("description").ValueKind.Should().Be(JsonValueKind.String);
        JsonElement[] endpoints = [.. shelf.GetProperty("endpoints").EnumerateArray()];
        endpoints.Should().OnlyContain(static endpoint => NameForm.IsMatch(endpoint.GetProperty("name").GetString()!)
            && endpoint.GetProperty("queue_group").GetString() == "gaw" && endpoint.GetProperty("metadata").ValueKind == JsonValueKind.Object);
        endpoints.Select(static endpoint => endpoint.GetProperty("subject").GetString()).Should().BeEquivalentTo("gaw.shelf.take", "gaw.shelf.fail", "gaw.shelf.odd%20name%21");
    }

    [Fact]
    public async Task Stats_count_calls_and_errors_of_each_method()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        await using GawServer server = await StartAsync(engine);
        await using GawClient client = new([$"nats://127.0.0.1:{engine.Port}"]);
        for (int i = 0; i < 3; i++)
        {
            await client.CallAsync<int>("shelf/take", cancellationToken: Cancellation);
            await FluentActions.Awaiting(() => client.CallAsync<int>("shelf/fail", cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>();
        }

        JsonElement id = (await AskAsync(engine, "$SRV.PING.shelf", expected: 1))[0].GetProperty("id");
        JsonElement stats = default;

        // A call is counted just after it was answered.
        for (long until = Environment.TickCount64 + (long)TestTimeouts.Limit.TotalMilliseconds; Sum(stats) < 6 && Environment.TickCount64 < until;)
        {
            stats = (await AskAsync(engine, $"$SRV.STATS.shelf.{id.GetString()}", expected: 1))[0];
        }

        DateTimeOffset.TryParseExact(stats.GetProperty("started").GetString(), "yyyy-MM-ddTHH:mm:ss.fffZ", null, System.Globalization.DateTimeStyles.None, out _).Should().BeTrue();
        Dictionary<string, JsonElement> endpoints = stats.GetProperty("endpoints").EnumerateArray().ToDictionary(static endpoint => endpoint.GetProperty("name").GetString()!);
        Counts("take").Should().Be((3, 0));
        Counts("fail").Should().Be((3, 3));
        Counts("odd_name_").Should().Be((0, 0));
        endpoints["take"].GetProperty("processing_time").GetInt64().Should().BePositive();
        endpoints["take"].GetProperty("average_processing_time").GetInt64().Should().BePositive();
        endpoints["fail"].GetProperty("last_error").GetString().Should().BeEmpty("a text of an error may be a secret");

        static long Sum(JsonElement stats) => stats.ValueKind == JsonValueKind.Undefined ? 0 : stats.GetProperty("endpoints").EnumerateArray().Sum(static endpoint => endpoint.GetProperty("num_requests").GetInt64());

        (long, long) Counts(string name) => (endpoints[name].GetProperty("num_requests").GetInt64(), endpoints[name].GetProperty("num_errors").GetInt64());
    }

    private static async Task<GawServer> StartAsync(NatsEngine engine)
    {
        GawServer server = new GawServer($"nats://127.0.0.1:{engine.Port}", new GawServerOptions { SelfDescription = SelfDescriptionPolicy.Always }).AddNamed<Shelf>("shelf").AddNamed<Shelf>("odd name!");
        await server.StartAsync(Cancellation);
        return server;
    }

    private static async Task<JsonElement[]> AskAsync(NatsEngine engine, string subject, int expected)
    {
        await using NatsConnection connection = new(NatsOpts.Default with { Url = $"nats://127.0.0.1:{engine.Port}" });
        await connection.ConnectAsync();
        List<JsonElement> answers = [];
        string inbox = connection.NewInbox();
        await using INatsSub<string> subscription = await connection.SubscribeCoreAsync<string>(inbox, cancellationToken: Cancellation);
        await connection.PublishAsync(subject, replyTo: inbox, cancellationToken: Cancellation);
        while (answers.Count < expected)
        {
            answers.Add(JsonDocument.Parse((await subscription.Msgs.ReadAsync(Cancellation)).Data!).RootElement);
        }

        return [.. answers];
    }

    public sealed class Shelf
    {
        [Entrypoint]
        public static int Take() => 1;

        [Entrypoint]
        public static int Fail() => throw new GawError("SoldOut", "none is left");

        [Entrypoint("odd name!")]
        public static int Odd() => 1;
    }
}
