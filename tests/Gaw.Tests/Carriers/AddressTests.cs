using System.Net;
using Gaw.Carriers;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.Shared;
using Gaw.Tests.Support;

namespace Gaw.Tests.Carriers;

/// <summary>One text says where a server listens and where a client calls, whatever carries the calls.</summary>
public sealed class AddressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("gaw://")]
    public async Task A_server_and_a_client_are_made_of_an_address(string scheme)
    {
        await using GawServer server = new GawServer($"{scheme}127.0.0.1:0").Add<Greeter>();
        server.Address.Should().Be("127.0.0.1:0");
        await server.StartAsync(Token);
        server.Address.Should().Be($"127.0.0.1:{server.LocalEndPoint.Port}");
        await using GawClient client = new($"{scheme}{server.Address}");

        (await client.CallAsync<string>("greeter/hello", cancellationToken: Token)).Should().Be("hello");
        client.Address.Should().Be(server.Address);
    }

    [Fact]
    public async Task A_client_of_a_list_in_one_text_calls_all_of_them()
    {
        await using TestServer first = await TestServer.StartAsync(static server => server.Add<Greeter>());
        await using TestServer second = await TestServer.StartAsync(static server => server.Add<Greeter>());
        await using GawClient client = new($"127.0.0.1:{first.Port}, gaw://127.0.0.1:{second.Port}");

        for (int i = 0; i < 8; i++)
        {
            await client.CallAsync<string>("greeter/hello", cancellationToken: Token);
        }

        first.Server.Calls.Should().BePositive();
        second.Server.Calls.Should().BePositive();
    }

    [Fact]
    public async Task A_name_prints_as_it_was_given()
    {
        await using GawClient client = new("no-such-host.invalid:5555", new GawClientOptions { Retries = 0, ConnectTimeout = TestTimeouts.Limit });
        client.EndPoint.Should().BeAssignableTo<DnsEndPoint>();

        GawConnectionException failure = (await client.Invoking(static one => one.CallAsync<int>("x/y")).Should().ThrowAsync<GawConnectionException>()).Which;
        failure.EndPoint!.ToString().Should().Be("no-such-host.invalid:5555");
        failure.Message.Should().NotContain("Unspecified");
    }

    [Theory]
    [InlineData("memory://shop", "memory:// has no server behind it*GawTestHost*Gaw.Testing*Connect()*")]
    [InlineData("pigeon://10.0.0.9:4222", "pigeon:// is no kind of address that Gaw knows.*nats://*")]
    [InlineData("nats2://u:s3cret@10.0.0.9:4222", "nats2:// is no kind*")]
    public void A_scheme_that_nobody_has_registered_is_refused_where_it_is_written(string address, string said)
    {
        Action client = () => _ = new GawClient(address);
        Action list = () => _ = new GawClient([address]);
        Action server = () => _ = new GawServer(address);

        foreach (Action making in new[] { client, list, server })
        {
            making.Should().Throw<ArgumentException>().WithMessage(said).Which.ToString().Should().NotContain("s3cret");
        }
    }

    [Theory]
    [InlineData("dns:///stock:5555", "*is an address for clients*0.0.0.0:5555*")]
    [InlineData("127.0.0.1:1,127.0.0.1:2", "*two TCP addresses*")]
    [InlineData("nowhere", "*it has no port*")]
    public void What_a_server_cannot_listen_on_is_refused_where_it_is_written(string address, string said) =>
        ((Action)(() => _ = new GawServer(address))).Should().Throw<ArgumentException>().WithMessage(said);

    [Fact]
    public void A_client_goes_one_way()
    {
        CarrierRegistry.Register("fake1", new FakeProvider());

        ((Action)(() => _ = new GawClient("fake1://a,127.0.0.1:1"))).Should().Throw<ArgumentException>().WithMessage("*cannot stand in one list*");
        ((Action)(() => _ = new GawClient(["127.0.0.1:1", "fake1://a"]))).Should().Throw<ArgumentException>().WithMessage("*cannot stand in one list*");
    }

    [Fact]
    public void A_carrier_gets_all_addresses_of_the_client_with_their_passwords()
    {
        FakeProvider provider = new();
        CarrierRegistry.Register("fake2", provider);

        ((Action)(() => _ = new GawClient("fake2://u:p@a:1,fake2://b?x=y"))).Should().Throw<ArgumentException>().WithMessage("*asked for a carrier*");
        provider.Addresses.Select(static address => $"{address.Host}:{address.Port} {address.Password} {address.Options.GetValueOrDefault("x")}").Should().Equal("a:1 p ", "b:0  y");
    }

    [Fact]
    public async Task A_server_starts_and_stops_on_all_its_addresses()
    {
        FakeProvider provider = new();
        CarrierRegistry.Register("fake3", provider);
        await using GawServer server = new GawServer("127.0.0.1:0,fake3://u:p@a,fake3://b").Add<Greeter>();
        provider.Listener.Said.Should().BeEmpty();

        await server.StartAsync(Token);
        server.Address.Should().Be($"127.0.0.1:{server.LocalEndPoint.Port},fake3://a and 1 more");
        provider.Listener.Said.Should().Equal("start");
        server.RunningCalls.Should().Be(3);
        server.QueuedCalls.Should().Be(4);
        server.Calls.Should().Be(5);
        await server.Awaiting(static one => one.StartAsync(Token)).Should().ThrowAsync<InvalidOperationException>();

        await server.StopAsync(Token);
        server.IsStopping.Should().BeTrue();
        server.IsListening.Should().BeFalse();
        await server.DisposeAsync();
        provider.Listener.Said.Should().Equal("start", "stop", "stop", "dispose");
    }

    [Fact]
    public async Task A_server_without_a_TCP_address_opens_no_port()
    {
        FakeProvider provider = new();
        CarrierRegistry.Register("fake4", provider);
        await using GawServer server = new GawServer("fake4://a").Add<Greeter>();

        await server.StartAsync(Token);

        server.IsListening.Should().BeTrue();
        server.Address.Should().Be("fake4://a and 0 more");
        server.Invoking(static one => one.LocalEndPoint).Should().Throw<InvalidOperationException>().WithMessage("*listens at fake4://a*");
        await server.Awaiting(static one => one.StartAsync(Token)).Should().ThrowAsync<InvalidOperationException>();
        await server.StopAsync(Token);
        server.IsStopping.Should().BeTrue();
        provider.Listener.Said.Should().Equal("start", "stop");
    }

    [Fact]
    public async Task A_server_of_which_a_part_cannot_start_does_not_serve_at_all()
    {
        FakeProvider provider = new();
        CarrierRegistry.Register("fake5", provider);
        provider.Listener.Refuses = true;
        await using GawServer server = new GawServer("127.0.0.1:0,fake5://a").Add<Greeter>();

        await server.Awaiting(static one => one.StartAsync(Token)).Should().ThrowAsync<InvalidOperationException>().WithMessage("the fake refuses");

        server.IsListening.Should().BeFalse();
        server.IsStopping.Should().BeTrue();
        provider.Listener.Said.Should().Equal("start", "stop");
    }

    [Theory]
    [InlineData("127.0.0.1:0", false, SelfDescriptionPolicy.Auto, true, false)]
    [InlineData("127.0.0.1:0,fake6://a", false, SelfDescriptionPolicy.Auto, true, false)]
    [InlineData("fake6://a", false, SelfDescriptionPolicy.Auto, false, false)]
    [InlineData("0.0.0.0:0,fake6://a", false, SelfDescriptionPolicy.Auto, false, false)]
    [InlineData("fake6://a", true, SelfDescriptionPolicy.Auto, true, true)]
    [InlineData("fake6://a", false, SelfDescriptionPolicy.Always, true, true)]
    [InlineData("fake6://a", true, SelfDescriptionPolicy.Never, false, false)]
    public async Task A_server_describes_itself_to_an_engine_with_a_secret_only(string address, bool hasSecret, SelfDescriptionPolicy policy, bool describes, bool describesToEngines)
    {
        CarrierRegistry.Register("fake6", new FakeProvider());
        GawServerOptions options = new() { Secret = hasSecret ? Secret.FromBytes(new byte[32]) : null, SelfDescription = policy };
        await using GawServer server = new(address, options);

        (server.Entrypoints.Count > 0).Should().Be(describes);
        server.DescribesItselfToEngines.Should().Be(describesToEngines);
    }

    [Service("greeter")]
    private sealed class Greeter
    {
        [Entrypoint]
        public string Hello() => "hello";
    }

    private sealed class FakeProvider : CarrierProvider
    {
        public IReadOnlyList<ServerAddress> Addresses { get; private set; } = [];

        public FakeListener Listener { get; } = new();

        public override RequestCarrier CreateCarrier(IReadOnlyList<ServerAddress> addresses, GawClientOptions options, CallIds ids)
        {
            Addresses = addresses;
            throw new ArgumentException("The fake was asked for a carrier.");
        }

        public override ServerListener CreateListener(IReadOnlyList<ServerAddress> addresses, GawServer server)
        {
            Listener.ListensAt = $"{addresses[0]} and {addresses.Count - 1} more";
            return Listener;
        }
    }

    private sealed class FakeListener : ServerListener
    {
        public List<string> Said { get; } = [];

        public string ListensAt { get; set; } = "";

        public bool Refuses { get; set; }

        public override string Address => ListensAt;

        public override long ReceivedCount => 5;

        public override int RunningCount => 3;

        public override int QueuedCount => 4;

        public override Task StartAsync(CancellationToken cancellationToken)
        {
            Said.Add("start");
            return Refuses ? throw new InvalidOperationException("the fake refuses") : Task.CompletedTask;
        }

        public override Task StopAsync(CancellationToken cancellationToken)
        {
            Said.Add("stop");
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            Said.Add("dispose");
            return default;
        }
    }
}
