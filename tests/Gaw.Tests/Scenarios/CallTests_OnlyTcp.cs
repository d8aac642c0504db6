using System.Net.Sockets;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.Scenarios;

/// <summary>What <see cref="CallTests"/> leaves to TCP: hosts and ports, connections that are refused, a peer that speaks the protocol badly, a server that is started again at its port. On an engine nobody gets a call of an unknown service, and no worker sees where its caller is.</summary>
public sealed class CallTests_OnlyTcp
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_on_the_same_machine_gets_the_trace_of_a_failure()
    {
        await using TestServer server = await TestServer.ServingAsync<CallTests.Calls>("n");
        await using GawClient client = server.Connect();

        client.Invoking(static c => c.Call<int>("calls/fail", ["because"])).Should().Throw<GawRemoteException>().Which.RemoteTrace.Should().Contain(nameof(CallTests.Calls.Fail));
    }

    [Fact]
    public async Task An_unknown_service_is_unknown_to_the_server()
    {
        await using TestServer server = await TestServer.ServingAsync<CallTests.Calls>("n");
        await using GawClient client = server.Connect();

        client.Invoking(static c => c.Call<int>("entirely/different")).Should().Throw<GawRemoteException>().Where(static e => e.RemoteName == "KeyError" && e.RemoteMessage == "path: entirely/different not found");
    }

    [Fact]
    public async Task One_connection_carries_ten_thousand_calls_at_once()
    {
        await using TestServer server = await TestServer.ServingAsync<CallTests.Calls>("n");
        await using GawClient client = server.Connect();

        client.Call<string>("calls/plus", [1, 1]).Should().Be("n: 2", "the first answer tells that the server takes many calls on a connection");
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => client.CallAsync<string>("calls/plus_later", [i, i], cancellationToken: Cancellation)));

        server.Server.Connections.Should().Be(1);
    }

    [Fact]
    public async Task A_server_without_a_service_says_so_when_it_starts()
    {
        LogCollector log = new(LogLevel.Warning);
        await using GawServer empty = new("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log });
        await using GawServer serving = new GawServer("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log }).Add<CallTests.Calls>("hello!");
        await empty.StartAsync(Cancellation);
        await serving.StartAsync(Cancellation);

        log.Entries.Should().ContainSingle().Which.Text.Should().StartWith($"The server on {empty.LocalEndPoint} has no service, so that it answers no call. Add one with Add.");
    }

    [Fact]
    public async Task A_server_that_was_restarted_between_two_calls_is_not_noticed()
    {
        await using TestServer first = await TestServer.ServingAsync<CallTests.Calls>("first");
        int port = first.Port;
        await using GawClient client = first.Connect();
        client.Call<string>("calls/plus", [1, 1]).Should().Be("first: 2");
        await first.Server.StopAsync(Cancellation);

        await using GawServer second = new GawServer("127.0.0.1", port).Add<CallTests.Calls>("second");
        await second.StartAsync(Cancellation);

        client.Call<string>("calls/plus", [1, 1]).Should().Be("second: 2");
        (await client.CallAsync<string>("calls/plus", [1, 1], cancellationToken: Cancellation)).Should().Be("second: 2");
    }

    [Fact]
    public async Task A_call_to_nobody_says_where_and_that_it_did_not_run()
    {
        await using TestServer server = await TestServer.ServingAsync<CallTests.Calls>("n");
        int port = server.Port;
        await server.Server.StopAsync(Cancellation);
        await using GawClient client = new("127.0.0.1", port, new GawClientOptions { Retries = 1 });

        GawConnectionException failure = client.Invoking(c => c.Call<string>("calls/plus", [1, 1])).Should().Throw<GawConnectionException>().Which;

        failure.Execution.Should().Be(CallExecution.NotRun);
        failure.Message.Should().Contain($"127.0.0.1:{port}").And.Contain("Is the server running");
        (await client.Awaiting(c => c.CallAsync<string>("calls/plus", [1, 1], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>())
            .Which.Execution.Should().Be(CallExecution.NotRun);
    }

    [Fact]
    public async Task A_call_to_a_host_that_nobody_knows_asks_for_its_spelling()
    {
        await using GawClient client = new("no-such-host.invalid", 5555, new GawClientOptions { Retries = 0 });

        GawConnectionException failure = client.Invoking(c => c.Call<string>("calls/plus", [1, 1])).Should().Throw<GawConnectionException>().Which;

        failure.Execution.Should().Be(CallExecution.NotRun);
        failure.Message.Should().StartWith("Cannot connect to no-such-host.invalid:5555: ");
        if (failure.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound })
        {
            failure.Message.Should().EndWith(". Is the name of the host spelled like this?");
        }
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_with_a_time_out_that_names_everything()
    {
        await using BadServer server = BadServer.Start(BadServer.Hang);
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { CallTimeout = TimeSpan.FromMilliseconds(300) });

        client.Invoking(c => c.Call<int>("slow/call")).Should().Throw<TimeoutException>()
            .WithMessage($"slow/call on 127.0.0.1:{server.Port} gave no answer within 0.3 s (CallTimeout*");
        (await client.Awaiting(c => c.CallAsync<int>("slow/call", cancellationToken: Cancellation)).Should().ThrowAsync<TimeoutException>())
            .WithMessage("*CallTimeout*");
    }

    [Fact]
    public async Task Run_serves_until_it_is_told_to_stop()
    {
        using CancellationTokenSource stop = new();
        await using GawServer server = new GawServer("localhost", 0).Add<CallTests.Calls>("n");
        TaskCompletionSource up = new();

        Task running = server.RunAsync(up.SetResult, stop.Token);
        await up.Task.WithinAsync(TestTimeouts.Limit, () => "the server did not start");
        await using GawClient client = new("localhost", server.LocalEndPoint.Port);
        (await client.CallAsync<string>("calls/plus", [1, 2], cancellationToken: Cancellation)).Should().Be("n: 3");
        await stop.CancelAsync();

        await running.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public async Task A_host_is_an_address_or_a_name(string host)
    {
        await using GawServer server = new GawServer(host, 0).Add<CallTests.Calls>("n");
        await server.StartAsync(Cancellation);
        await using GawClient client = new(host, server.LocalEndPoint.Port);

        client.Call<string>("calls/plus", [1, 2]).Should().Be("n: 3");
    }
}
