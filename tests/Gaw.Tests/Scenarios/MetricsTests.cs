using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>The meter is the process's: these tests have it to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Every refusal of a server moves its counter, and nothing else does.</summary>
[Collection(Alone.Name)]
public sealed class MetricsTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _refusals = new();

    public MetricsTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Gaw" && instrument.Name == "gaw.server.refusals")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            tags.Length.Should().Be(1);
            _refusals.AddOrUpdate($"{tags[0].Value}", count, (_, before) => before + count);
        });
        _listener.Start();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("length_line", "nonsense\n", 1)]
    [InlineData("frame_size", "99999999\n", 1)]
    [InlineData("seal", "5\nhello", 1)]
    public async Task What_is_no_sealed_frame_is_counted_by_its_kind(string kind, string sent, int count)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(Protection.EncryptedFrames.Server);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, Protection.EncryptedFrames.Code);
        await peer.SendAsync(sent);
        (await peer.ReadFramesUntilClosedAsync()).Should().ContainSingle();

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { [kind] = count });
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"_v\": {\"id\": 1}, \"_t\": \"RequestDataType\"}")]
    [InlineData("{\"_v\": {\"id\": 1, \"path\": \"a/b\", \"payload\": {\"args\": [], \"kwargs\": {}}}, \"_t\": \"ResponseDataType\"}")]
    public async Task What_is_no_request_is_counted_as_a_document(string document)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.AskAsync(document);

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["document"] = 1 });
    }

    [Fact]
    public async Task What_is_nested_too_deep_is_counted_as_a_document()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string deep = new string('[', 500) + new string(']', 500);
        (await peer.AskAsync(RawPeer.Request("1", "vault/echo", deep))).Should().Contain("\"success\": false");

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["document"] = 1 });
    }

    [Fact]
    public async Task Refusals_of_one_kind_are_logged_once_in_a_second_and_all_counted()
    {
        FakeTimeProvider clock = new();
        LogCollector log = new();
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions { TimeProvider = clock, LoggerFactory = log });
        await server.StartAsync(Cancellation);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);

        await RefuseAsync(100);
        log.Entries.Count(static entry => entry.Text.Contains("could not be read")).Should().Be(1);
        clock.Advance(TimeSpan.FromSeconds(1));
        await RefuseAsync(100);
        log.Entries.Count(static entry => entry.Text.Contains("could not be read")).Should().Be(2);

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["document"] = 200 });

        async Task RefuseAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await peer.AskAsync("{");
            }
        }
    }

    [Fact]
    public async Task The_largest_frame_above_the_budget_is_counted_and_logged_once_in_a_second()
    {
        FakeTimeProvider clock = new();
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { TimeProvider = clock });
        await using RawPeer small = await RawPeer.ConnectAsync(server.Port);
        await small.SendAsync("100000\n ");
        ServerInsides.ChargeBudget(server.Server, (int)Gaw.PostOffice.Framing.FrameBudget.DefaultMaxBytes);

        await ExceedAsync(3);
        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["budget"] = 3 });
        server.Log.Entries.Count(static entry => entry.Id.Id == 107).Should().Be(1);
        clock.Advance(TimeSpan.FromSeconds(1));
        await ExceedAsync(2);
        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["budget"] = 5 });
        server.Log.Entries.Count(static entry => entry.Id.Id == 107).Should().Be(2);

        ServerInsides.ChargeBudget(server.Server, -(int)Gaw.PostOffice.Framing.FrameBudget.DefaultMaxBytes);
        await small.SendAsync(GuardedServer.Count().PadRight(99_999));
        (await small.ReadFrameAsync()).Should().Contain("\"success\": true", "the smaller one is not touched");

        async Task ExceedAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await using RawPeer large = await RawPeer.ConnectAsync(server.Port);
                await large.SendAsync("10000000\n" + new string('x', 300_000));
                (await large.ReadFramesUntilClosedAsync()).Should().BeEmpty();
            }
        }
    }

    [Fact]
    public async Task A_connection_too_many_is_counted()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { MaxConnections = 1 });
        await using RawPeer first = await RawPeer.ConnectAsync(server.Port);
        await first.AskAsync(GuardedServer.Count());
        await using RawPeer second = await RawPeer.ConnectAsync(server.Port);
        (await second.ReadFrameAsync()).Should().Contain("ServerBusy");

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["connections"] = 1 });
    }

    [Fact]
    public async Task A_slow_peer_is_counted()
    {
        FakeTimeProvider clock = new();
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { TimeProvider = clock });
        await using RawPeer silent = await RawPeer.ConnectAsync(server.Port);
        while (_refusals.IsEmpty)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancellation);
        }

        await silent.ReadFramesUntilClosedAsync();
        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["slow"] = 1 });
    }

    [Fact]
    public async Task A_repeated_request_is_counted()
    {
        Protection protection = Protection.SignedFrames;
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server with { ReplayWindow = TimeSpan.FromMinutes(2) });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, protection.Code);
        UInt128 id = ((UInt128)(ulong)DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeMilliseconds() << 80) | ((UInt128)7 << 76) | ((UInt128)2 << 62);
        string request = GuardedServer.Count(id.ToString(CultureInfo.InvariantCulture));
        await peer.AskAsync(request);
        _refusals.Should().BeEmpty();
        await peer.AskAsync(request);

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["replay"] = 1 });
    }

    [Fact]
    public async Task A_request_for_another_server_is_counted_and_a_client_that_asks_for_the_name_is_not()
    {
        Protection protection = Protection.SignedFrames;
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server with { ReplayWindow = TimeSpan.FromMinutes(2) });
        await using GawClient client = new("127.0.0.1", server.Port, protection.Client);
        client.Call<int>("vault/count").Should().Be(1);
        _refusals.Should().BeEmpty();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, protection.Code);
        await peer.AskAsync(RawPeer.WithMeta(GuardedServer.Count(), "\"server\": 5"));

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["audience"] = 1 });
    }

    [Fact]
    public async Task A_failed_handshake_is_counted()
    {
        using Authority authority = new();
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = authority.Server() });
        await using RawPeer plain = await RawPeer.ConnectAsync(server.Port);
        await plain.SendAsync(new byte[100]);
        try
        {
            await plain.ReadToEndAsync();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // A reset is an end as well.
        }

        _refusals.Should().BeEquivalentTo(new Dictionary<string, long> { ["tls"] = 1 });
    }

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task What_is_served_is_not_counted(string mode)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(Protection.Named(mode).Server);
        await using GawClient client = new("127.0.0.1", server.Port, Protection.Named(mode).Client);
        client.Call<int>("vault/count").Should().Be(1);
        client.Invoking(c => c.Call<int>("vault/echo", [1, 2])).Should().Throw<GawRemoteException>();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.CallAsync<int>("vault/count", cancellationToken: Cancellation)));

        _refusals.Should().BeEmpty();
    }

    public void Dispose() => _listener.Dispose();
}
