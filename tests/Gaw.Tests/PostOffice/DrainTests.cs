using System.Net.Sockets;
using Gaw.PostOffice;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using static Gaw.Tests.PostOffice.PostOfficeTests;

namespace Gaw.Tests.PostOffice;

/// <summary>How a server starts, and how it stops.</summary>
public sealed class DrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_runs_is_answered_before_the_server_is_stopped()
    {
        TaskCompletionSource gate = new(), began = new();
        await using PostOfficeServer server = await ServeHoldingAsync(began, gate.Task);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n11\n2");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        Task stopping = server.StopAsync(Token);
        stopping.IsCompleted.Should().BeFalse();
        gate.SetResult();

        (await peer.ReadFrameAsync()).Should().Be(Succeeded("1"));
        (await peer.ReadFrameAsync()).Should().Be(Succeeded("2"), "it had been received whole");
        (await peer.ReadFrameAsync()).Should().BeNull();
        await stopping.WaitAsync(TestTimeouts.Limit, Token);
        server.ConnectionCount.Should().Be(0);
    }

    [Fact]
    public async Task Idle_connections_are_closed_after_a_moment_and_no_new_ones_are_taken()
    {
        FakeTimeProvider time = new();
        await using PostOfficeServer server = await ServeAsync(text => text, new PostOfficeServerOptions { TimeProvider = time, DrainTimeout = Timeout.InfiniteTimeSpan });
        int port = server.LocalEndPoint.Port;
        await using RawPeer fresh = await RawPeer.ConnectAsync(port);
        await using RawPeer used = await RawPeer.ConnectAsync(port);
        (await used.AskAsync("1")).Should().Be(Succeeded("1"));
        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 2);
        Task stopping = server.StopAsync(Token);
        stopping.IsCompleted.Should().BeFalse("what is on its way may still come");
        await AdvanceUntilAsync(time, stopping);

        (await fresh.ReadFrameAsync()).Should().BeNull();
        (await used.ReadFrameAsync()).Should().BeNull();
        Func<Task> connecting = () => RawPeer.ConnectAsync(port);
        await connecting.Should().ThrowAsync<SocketException>();
        server.ConnectionCount.Should().Be(0);
    }

    [Fact]
    public async Task A_frame_that_has_begun_may_be_finished_and_is_answered()
    {
        await using PostOfficeServer server = await ServeAsync(text => text);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n15\nhe");
        (await peer.ReadFrameAsync()).Should().Be(Succeeded("1"));
        Task stopping = server.StopAsync(Token);
        stopping.IsCompleted.Should().BeFalse();
        await peer.SendAsync("llo");

        (await peer.ReadFrameAsync()).Should().Be(Succeeded("hello"));
        (await peer.ReadFrameAsync()).Should().BeNull();
        await stopping.WaitAsync(TestTimeouts.Limit, Token);
    }

    [Fact]
    public async Task A_peer_that_never_finishes_its_frame_is_cut_off_after_the_drain_timeout()
    {
        FakeTimeProvider time = new();
        await using PostOfficeServer server = await ServeAsync(text => text, new PostOfficeServerOptions { TimeProvider = time });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n15\nhe");
        (await peer.ReadFrameAsync()).Should().Be(Succeeded("1"));
        Task stopping = server.StopAsync(Token);
        await AdvanceUntilAsync(time, stopping);

        (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 0);
    }

    [Fact]
    public async Task A_call_that_does_not_end_is_cut_off_after_the_drain_timeout_and_told_so()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource began = new(), told = new();
        await using PostOfficeServer server = await ServeAsync(async (text, token) =>
        {
            token.Register(() => told.TrySetResult());
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return text;
        }, new PostOfficeServerOptions { TimeProvider = time, DrainTimeout = TimeSpan.FromMinutes(1) });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n1");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        Task stopping = server.StopAsync(Token);
        time.Advance(TimeSpan.FromSeconds(30));
        stopping.IsCompleted.Should().BeFalse();
        told.Task.IsCompleted.Should().BeFalse();
        await AdvanceUntilAsync(time, stopping);

        await told.Task.WaitAsync(TestTimeouts.Limit, Token);
        (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 0);
    }

    [Fact]
    public async Task The_token_of_a_stop_cuts_off_what_is_left()
    {
        TaskCompletionSource began = new();
        await using PostOfficeServer server = await ServeAsync(async (text, token) =>
        {
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return text;
        });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n1");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        using CancellationTokenSource hurry = new();
        Task stopping = server.StopAsync(hurry.Token);
        stopping.IsCompleted.Should().BeFalse();
        await hurry.CancelAsync();

        await stopping.WaitAsync(TestTimeouts.Limit, Token);
        (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Stopping_twice_waits_for_the_one_stop()
    {
        TaskCompletionSource gate = new(), began = new();
        await using PostOfficeServer server = await ServeHoldingAsync(began, gate.Task);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n1");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        Task[] stops = [server.StopAsync(Token), server.StopAsync(Token), server.DisposeAsync().AsTask()];
        stops.Should().OnlyContain(stop => !stop.IsCompleted);
        gate.SetResult();

        await Task.WhenAll(stops).WaitAsync(TestTimeouts.Limit, Token);
        (await peer.ReadFrameAsync()).Should().Be(Succeeded("1"));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_was_never_started_can_be_stopped_and_disposed()
    {
        PostOfficeServer server = new("127.0.0.1", 0, (message, _) => new(message));
        ((Action)(() => _ = server.LocalEndPoint)).Should().Throw<InvalidOperationException>();
        await server.StopAsync(Token);
        await server.DisposeAsync();
        await server.DisposeAsync();
        Func<Task> starting = () => server.StartAsync(Token);
        await starting.Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_server_starts_only_once()
    {
        await using PostOfficeServer server = await ServeAsync(text => text);
        Func<Task> starting = () => server.StartAsync(Token);
        await starting.Should().ThrowAsync<InvalidOperationException>();
        await server.StopAsync(Token);
        await starting.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_at_the_start()
    {
        await using PostOfficeServer first = await ServeAsync(text => text);
        await using PostOfficeServer second = new("127.0.0.1", first.LocalEndPoint.Port, (message, _) => new(message));
        Func<Task> starting = () => second.StartAsync(Token);

        (await starting.Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.AddressAlreadyInUse);
        await first.StopAsync(Token);
        await second.StartAsync(Token);
        second.LocalEndPoint.Port.Should().Be(first.LocalEndPoint.Port, "the start can be tried again");
    }

    [Fact]
    public async Task A_host_that_nobody_knows_is_named_at_the_start()
    {
        await using PostOfficeServer server = new("no-such-host.invalid", 5555, (message, _) => new(message));

        Func<Task> starting = () => server.StartAsync(Token);
        (await starting.Should().ThrowAsync<SocketException>()).WithMessage("Cannot listen on no-such-host.invalid:5555:*");
    }

    [Theory]
    [InlineData("127.0.0.1:5555")]
    [InlineData("http://127.0.0.1")]
    [InlineData("server name")]
    public void A_host_with_something_else_in_it_is_refused_where_it_is_given(string host)
    {
        FluentActions.Invoking(() => new GawClient(host, 5555)).Should().Throw<ArgumentException>().WithMessage($"\"{host}\" is no host.*the port is an argument of its own*");
        FluentActions.Invoking(() => new GawServer(host, 5555)).Should().Throw<ArgumentException>().WithMessage($"\"{host}\" is no host.*");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task A_host_is_an_address_or_a_name(string host)
    {
        await using PostOfficeServer server = new(host, 0, (message, _) => new(message));
        try
        {
            await server.StartAsync(Token);
        }
        catch (SocketException) when (host.Contains(':', StringComparison.Ordinal) && !Socket.OSSupportsIPv6)
        {
            Assert.Skip("This machine has no IPv6.");
        }

        await using PostOfficeClient client = new(host is "0.0.0.0" or "::" ? "127.0.0.1" : host, server.LocalEndPoint.Port);
        (await client.SendAsync("1"u8.ToArray(), Token)).Should().Equal("1"u8.ToArray());
    }

    [Fact]
    public async Task Connections_that_come_while_the_server_stops_do_not_outlive_it()
    {
        for (int round = 0; round < (Scenarios.ClientConformanceTests.IsLong ? 3000 : 20); round++)
        {
            await using PostOfficeServer server = await ServeAsync(text => text);
            int port = server.LocalEndPoint.Port;
            Task<RawPeer>[] connecting = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => RawPeer.ConnectAsync(port)))];
            await Task.WhenAny(connecting);
            await server.StopAsync(Token).WaitAsync(TestTimeouts.Limit, Token);
            server.ConnectionCount.Should().Be(0);
            foreach (Task<RawPeer> one in connecting)
            {
                try
                {
                    // One that the system had not handed over yet may learn its end only from what it sends.
                    await using RawPeer peer = await one;
                    await peer.SendAsync("1\n");
                    (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
                }
                catch (SocketException)
                {
                    // Refused: it came too late.
                }
            }
        }
    }

    /// <summary>The wait begins at some moment after the call; so the clock goes on until it is over.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task done) =>
        await Eventually.BecomesTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(31));
            return done.IsCompleted;
        });

    /// <summary>A server that says when a message runs, and answers it with itself once <paramref name="until"/> is done.</summary>
    private static Task<PostOfficeServer> ServeHoldingAsync(TaskCompletionSource began, Task until) => ServeAsync(async (text, _) =>
    {
        began.TrySetResult();
        await until;
        return text;
    });
}
