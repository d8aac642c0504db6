using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>TLS between .NET and .NET: who trusts whom, and that a mistake shows at once.</summary>
public sealed class TlsTests : IDisposable
{
    /// <summary>Promised is a second; this is what a loaded machine may make of it.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    private readonly Authority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task Calls_go_through_tls_in_every_mode(string mode)
    {
        Protection protection = Protection.Named(mode);
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server with { Tls = _authority.Server() });
        await using GawClient client = new("127.0.0.1", server.Port, protection.Client with { Tls = _authority.Client() });

        client.Call<string>("vault/echo", ["sync"]).Should().Be("sync");
        (await client.CallAsync<string>("vault/echo", ["async"], cancellationToken: Cancellation)).Should().Be("async");
        client.Call<string>("vault/echo", ["sync again"]).Should().Be("sync again");
        string large = new('x', 3_000_000);
        client.Call<string>("vault/echo", [large]).Should().Be(large);
        client.Invoking(c => c.Call<int>("no/such")).Should().Throw<GawRemoteException>();
        client.Call<string?>("vault/subject").Should().BeNull("no certificate was asked for");
        server.Server.Connections.Should().Be(1);
    }

    [Fact]
    public async Task Who_connects_to_see_whether_somebody_listens_and_closes_is_refused_nothing()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server() });
        for (int i = 0; i < 10; i++)
        {
            await using RawPeer probe = await RawPeer.ConnectAsync(server.Port);
            if (i % 2 == 0)
            {
                probe.Reset();
            }
        }

        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client() });
        client.Call<string>("vault/echo", ["it serves"]).Should().Be("it serves");
        await Eventually.BecomesTrueAsync(() => server.Server.Connections == 1);
        server.Log.Entries.Should().NotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);

        await using RawPeer stranger = await RawPeer.ConnectAsync(server.Port);
        await stranger.SendAsync("GET / HTTP/1.1\r\n\r\n");
        stranger.HalfClose();
        await Eventually.BecomesTrueAsync(() => server.Log.Entries.Any(static entry => entry.Id.Id == 116));
    }

    [Fact]
    public async Task Ten_thousand_small_calls_get_their_answers()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server() });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client() });

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 9_000).Select(i => client.CallAsync<string>("vault/echo", [$"{i}"], cancellationToken: Cancellation)));
        answers.Should().Equal(Enumerable.Range(0, 9_000).Select(i => $"{i}"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < 250; i++)
                {
                    client.Call<string>("vault/echo", [$"{thread}/{i}"]).Should().Be($"{thread}/{i}");
                }
            },
            Cancellation)));
        server.Vault.Runs.Should().Be(10_000);
    }

    [Fact]
    public async Task Tls_1_3_is_what_both_agree_on_and_1_2_is_allowed()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server() });
        foreach ((SslProtocols offered, SslProtocols agreed) in ((SslProtocols, SslProtocols)[])[(SslProtocols.None, SslProtocols.Tls13), (SslProtocols.Tls12, SslProtocols.Tls12)])
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, server.Port, Cancellation);
            await using SslStream stream = new(new NetworkStream(socket));
            SslClientAuthenticationOptions options = _authority.Client();
            options.TargetHost = "127.0.0.1";
            options.EnabledSslProtocols = offered;
            await stream.AuthenticateAsClientAsync(options, Cancellation);
            stream.SslProtocol.Should().Be(agreed);
        }
    }

    [Theory]
    [InlineData("the server is another")]
    [InlineData("nobody knows its authority")]
    [InlineData("it has expired")]
    [InlineData("it belongs to a client")]
    public async Task A_server_that_cannot_be_trusted_is_refused_at_once(string because)
    {
        using Authority other = new("Somebody");
        SslServerAuthenticationOptions shown = because switch
        {
            "the server is another" => _authority.Server("other.example"),
            "nobody knows its authority" => other.Server(),
            "it has expired" => _authority.Server(expired: true),
            _ => new() { ServerCertificateContext = SslStreamCertificateContext.Create(_authority.Issue("127.0.0.1", forClients: true), null, offline: true) },
        };
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = shown });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client() });

        foreach (bool synchronous in (bool[])[true, false])
        {
            GawConnectionException refusal = await FailsAtOnceAsync<GawConnectionException>(client, synchronous);
            refusal.Execution.Should().Be(CallExecution.NotRun);
            refusal.InnerException.Should().BeOfType<AuthenticationException>();
            refusal.Message.Should().Contain(". Does the server serve TLS on this port", "the reason is a sentence of its own");
            refusal.Message.Should().Contain("certificate");
        }

        server.Vault.Runs.Should().Be(0);
    }

    [Fact]
    public async Task A_server_that_goes_by_another_name_is_trusted_when_TargetHost_says_so()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server("gaw.example") });
        SslClientAuthenticationOptions options = _authority.Client();
        options.TargetHost = "gaw.example";
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = options });

        client.Call<int>("vault/count").Should().Be(1);
        options.TargetHost.Should().Be("gaw.example", "the options are the caller's");
    }

    [Fact]
    public async Task The_method_sees_the_certificate_of_its_caller()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server(wantsClients: true) });
        await using GawClient alice = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client(_authority.Issue("alice", forClients: true)) });
        await using GawClient bob = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client(_authority.Issue("bob", forClients: true)) });

        for (int i = 0; i < 3; i++)
        {
            alice.Call<string>("vault/subject").Should().Be("CN=alice");
            bob.Call<string>("vault/subject").Should().Be("CN=bob");
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("unknown")]
    [InlineData("expired")]
    public async Task A_client_without_a_good_certificate_runs_nothing(string certificate)
    {
        using Authority other = new("Somebody");
        using X509Certificate2? shown = certificate switch
        {
            "none" => null,
            "unknown" => other.Issue("mallory", forClients: true),
            _ => _authority.Issue("mallory", expired: true, forClients: true),
        };
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server(wantsClients: true) });
        for (int i = 0; i < 20; i++)
        {
            // The server says no behind the handshake: its end may be seen before the call is sent, and after.
            await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client(shown), Retries = 0 });
            GawException refusal = await FailsAtOnceAsync<GawException>(client, synchronous: i % 2 == 0);
            refusal.Message.Should().NotContain("closed the connection before");
        }

        server.Vault.Runs.Should().Be(0);
        server.Log.Entries.Should().Contain(entry => entry.Id.Id == 116);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_plain_client_on_a_tls_port_is_told_at_once(bool synchronous)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server() });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0 });

        GawException refusal = await FailsAtOnceAsync<GawException>(client, synchronous);

        refusal.Message.Should().Contain("does it want TLS?");
        server.Vault.Runs.Should().Be(0);
        server.Log.Entries.Should().Contain(entry => entry.Id.Id == 116);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tls_client_on_a_plain_port_is_told_at_once(bool synchronous)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client(), Retries = 0 });

        GawConnectionException refusal = await FailsAtOnceAsync<GawConnectionException>(client, synchronous);

        refusal.Execution.Should().Be(CallExecution.NotRun);
        refusal.Message.Should().Contain("TLS");
    }

    [Fact]
    public async Task A_server_that_never_answers_the_handshake_costs_ConnectTimeout()
    {
        await using BadServer server = BadServer.Start(connection => connection.WaitForCloseAsync());
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client(), ConnectTimeout = TimeSpan.FromSeconds(1), Retries = 0 });

        GawConnectionException refusal = await FailsAtOnceAsync<GawConnectionException>(client, synchronous: true);
        refusal.Execution.Should().Be(CallExecution.NotRun);
    }

    [Fact]
    public async Task A_client_that_never_finishes_the_handshake_is_cut_off_after_ten_seconds()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new();
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server(), TimeProvider = clock });
        await using RawPeer silent = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer begun = await RawPeer.ConnectAsync(server.Port);
        await begun.SendAsync([0x16, 0x03, 0x01]);
        while (server.Server.Connections > 0 || server.Log.Entries.Count(entry => entry.Id.Id == 103) < 2)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
        }

        server.Log.Entries.Should().Contain(entry => entry.Id.Id == 116, "both failed within the same second, mostly, of which one line tells");
        (await silent.ReadFramesUntilClosedAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_restart_of_the_server_is_noticed_by_an_idle_client()
    {
        GawServerOptions options = new() { Tls = _authority.Server() };
        GuardedServer server = await GuardedServer.StartAsync(options);
        int port = server.Port;
        LogCollector log = new();
        await using GawClient client = new("127.0.0.1", port, new GawClientOptions { Tls = _authority.Client(), LoggerFactory = log });
        for (int restart = 1; restart <= 3; restart++)
        {
            client.Call<int>("vault/count").Should().Be(1);
            await server.DisposeAsync();
            while (log.Entries.Count(entry => entry.Id.Id == 111) < restart)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
            }

            server = await GuardedServer.StartAsync(options, port);
        }

        (await client.CallAsync<int>("vault/count", cancellationToken: Cancellation)).Should().Be(1);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task An_orderly_stop_lets_calls_inside_tls_finish()
    {
        GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = _authority.Server() });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = _authority.Client(), Retries = 0 });
        client.Call<int>("vault/count").Should().Be(1, "a server that has answered is known to take many calls at once");
        Task<int>[] calls = [.. Enumerable.Range(0, 20).Select(_ => client.CallAsync<int>("vault/wait", cancellationToken: Cancellation))];
        await server.Vault.Entered.WaitForAsync(20);

        Task stopping = server.Server.StopAsync(Cancellation);
        server.Vault.Open.TrySetResult();
        await stopping;

        (await Task.WhenAll(calls)).Order().Should().Equal(Enumerable.Range(2, 20));
        await server.DisposeAsync();
    }

    [Fact]
    public void Tls_without_a_certificate_is_refused_where_it_is_said() =>
        FluentActions.Invoking(() => new GawServer("127.0.0.1", 0, new GawServerOptions { Tls = new SslServerAuthenticationOptions() }))
            .Should().Throw<ArgumentException>().WithMessage("*Tls*certificate*");

    public void Dispose() => _authority.Dispose();

    private static async Task<TException> FailsAtOnceAsync<TException>(GawClient client, bool synchronous)
        where TException : Exception
    {
        Stopwatch took = Stopwatch.StartNew();
        TException exception = (await FluentActions.Awaiting(() => synchronous
                ? Task.Run(() => client.Call<int>("vault/count"), Cancellation)
                : client.CallAsync<int>("vault/count", cancellationToken: Cancellation))
            .Should().ThrowAsync<TException>()).Which;
        took.Elapsed.Should().BeLessThan(AtOnce);
        return exception;
    }
}
