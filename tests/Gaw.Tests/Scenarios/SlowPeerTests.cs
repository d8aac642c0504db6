using System.Diagnostics;
using System.Net.Sockets;
using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>Peers that are slow on purpose lose their connection in the time that is promised, by the server's clock; nobody else notices.</summary>
public sealed class SlowPeerTests : IAsyncDisposable
{
    private static readonly string Good = RawPeer.Request("1", "slow/plus", "1, 2");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly LogCollector _log = new();
    private GawServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_says_nothing_is_cut_off_after_thirty_seconds()
    {
        GawServer server = await StartAsync();
        await using RawPeer silent = await ConnectAsync(server, 1);
        await using RawPeer patient = await ConnectAsync(server, 2);
        await CallAsync(patient);

        await AdvanceAsync(29.5);
        server.Connections.Should().Be(2, "its time is not over");
        await AdvanceAsync(1.5);

        (await silent.ReadToEndAsync()).Should().BeEmpty();
        await CutOffAsync("nothing came in the first 30 s");
        await AdvanceAsync(3600);
        await CallAsync(patient);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("00000000000000000")]
    public async Task A_length_line_that_does_not_end_is_cut_off_after_ten_seconds(string begun)
    {
        GawServer server = await StartAsync();
        await using RawPeer peer = await ConnectAsync(server, 1);
        await CallAsync(peer);
        await SendAsync(server, peer, begun);

        await AdvanceAsync(9.5);
        server.Connections.Should().Be(1);
        await AdvanceAsync(2);

        (await peer.ReadToEndAsync()).Should().BeEmpty();
        await CutOffAsync("a length line was not there after 10 s");
    }

    [Fact]
    public async Task A_length_line_in_drips_is_cut_off_after_ten_seconds()
    {
        GawServer server = await StartAsync();
        await using RawPeer peer = await ConnectAsync(server, 1);
        int sent = 0;
        while (server.Connections > 0 && sent < 15)
        {
            await SendAsync(server, peer, "0", ++sent);
            await AdvanceAsync(1);
        }

        (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
        sent.Should().BeInRange(10, 12);
        await CutOffAsync("a length line was not there after 10 s");
    }

    [Fact]
    public async Task A_payload_that_never_comes_is_cut_off_after_five_seconds()
    {
        GawServer server = await StartAsync();
        await using RawPeer peer = await ConnectAsync(server, 1);
        await SendAsync(server, peer, "1000\n{", 6);

        await AdvanceAsync(4.5);
        server.Connections.Should().Be(1);
        await AdvanceAsync(2);

        (await peer.ReadToEndAsync()).Should().BeEmpty();
        await CutOffAsync("less than 240 bytes a second");
    }

    [Fact]
    public async Task A_payload_in_drips_is_cut_off_and_a_steady_one_is_served()
    {
        GawServer server = await StartAsync();
        await using RawPeer dripping = await ConnectAsync(server, 1);
        await using RawPeer steady = await ConnectAsync(server, 2);
        byte[] frame = RawPeer.Frame(RawPeer.Request("7", "slow/size", RawPeer.Quoted(new string('x', 20_000))));
        const int piece = 300;
        int dripped = 0;
        for (int sent = 0; sent < frame.Length; sent += piece)
        {
            await SendAsync(server, steady, frame[sent..Math.Min(sent + piece, frame.Length)], sent + piece < frame.Length ? sent + piece : 0);
            if (server.Connections == 2)
            {
                await SendAsync(server, dripping, dripped == 0 ? "9000\n" : "x", dripped == 0 ? 5 : dripped + 5);
                dripped++;
            }

            await AdvanceAsync(1);
        }

        (await steady.ReadFrameAsync()).Should().Be(BadServer.Answer("7", "20000"));
        dripped.Should().BeLessThan(10);
        (await dripping.ReadFramesUntilClosedAsync()).Should().BeEmpty();
        await CutOffAsync("less than 240 bytes a second");
    }

    [Fact]
    public async Task A_frame_has_to_be_there_whole_after_FrameTimeout()
    {
        GawServer server = await StartAsync(new GawServerOptions { FrameTimeout = TimeSpan.FromSeconds(20) });
        await using RawPeer peer = await ConnectAsync(server, 1);
        await SendAsync(server, peer, "100000\n", 7);
        int seconds = 0;
        while (server.Connections > 0 && seconds < 30)
        {
            await SendAsync(server, peer, new byte[500], 7 + (++seconds * 500));
            await AdvanceAsync(1);
        }

        seconds.Should().BeInRange(20, 22);
        (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
        await CutOffAsync("FrameTimeout (20 s)");
    }

    [Fact]
    public async Task One_byte_at_a_time_is_served_while_it_is_quick_enough()
    {
        GawServer server = await StartAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(server.LocalEndPoint.Port, ChaosMode.SingleBytes, ChaosMode.SingleBytes);
        await using RawPeer peer = await RawPeer.ConnectAsync(proxy.Port);

        for (int i = 0; i < 3; i++)
        {
            await CallAsync(peer);
        }
    }

    [Fact]
    public async Task An_idle_connection_is_kept_unless_IdleTimeout_says_otherwise()
    {
        GawServer server = await StartAsync();
        await using RawPeer peer = await ConnectAsync(server, 1);
        await CallAsync(peer);

        await AdvanceAsync(24 * 3600, step: 600);

        await CallAsync(peer);
    }

    [Fact]
    public async Task IdleTimeout_closes_a_connection_without_a_call_and_no_other()
    {
        Slow.Gate gate = new();
        GawServer server = await StartAsync(new GawServerOptions { IdleTimeout = TimeSpan.FromSeconds(10) }, gate);
        await using RawPeer idle = await ConnectAsync(server, 1);
        await using RawPeer busy = await ConnectAsync(server, 2);
        await using RawPeer waiting = await ConnectAsync(server, 3);
        await CallAsync(idle);
        await waiting.SendFrameAsync(RawPeer.Request("3", "slow/hold"));
        await gate.Entered.Task.WithinAsync(TestTimeouts.Limit, () => "the method did not begin.");
        for (int second = 0; second < 9; second++)
        {
            await CallAsync(busy);
            await AdvanceAsync(1);
        }

        server.Connections.Should().Be(3);
        await AdvanceAsync(2);

        (await idle.ReadToEndAsync()).Should().BeEmpty();
        await EventuallyAsync(() => server.Connections == 2);
        await CallAsync(busy);
        gate.Left.TrySetResult();
        (await waiting.ReadFrameAsync()).Should().Be(BadServer.Answer("3", "null"));
        await AdvanceAsync(12);
        (await waiting.ReadToEndAsync()).Should().BeEmpty();
        await EventuallyAsync(() => server.Connections == 0);
        _log.Entries.Should().NotContain(entry => entry.Level >= LogLevel.Warning, "nobody has done anything wrong");
        _log.Entries.Count(entry => entry.Level == LogLevel.Information && entry.Text.Contains("no call came for IdleTimeout", StringComparison.Ordinal)).Should().Be(3);
    }

    [Fact]
    public async Task Who_does_not_read_is_cut_off_after_ten_seconds_and_costs_little()
    {
        Slow.Gate gate = new();
        GawServer server = await StartAsync(gate: gate);
        await using RawPeer greedy = await ConnectAsync(server, 1);
        await using RawPeer good = await ConnectAsync(server, 2);
        await CallAsync(good);
        byte[] request = RawPeer.Frame(RawPeer.Request("1", "slow/text", "100000"));
        Task flooding = FloodAsync(greedy, request);

        await EventuallyAsync(async () =>
        {
            await AdvanceAsync(1);
            return server.Connections == 1;
        });
        await flooding;

        _log.Text.Should().Contain("it has not read its answers for 10 s");
        (gate.Texts * 100_000L).Should().BeLessThan(64L << 20, "what it does not take is not made without end");
        await CallAsync(good);
    }

    [Fact]
    public async Task Who_reads_slowly_but_steadily_gets_its_large_answer()
    {
        const int size = 15 << 20;
        GawServer server = await StartAsync();
        await using RawPeer slow = await ConnectAsync(server, 1);
        await slow.SendFrameAsync(RawPeer.Request("1", "slow/text", $"{size}"));

        // It reads until the server can send on, and then not at all for nine seconds. The server's clock turns only when it has sent on, so no load can make the peer late.
        DateTimeOffset began = _clock.GetUtcNow();
        int read = 0;
        while (read < size)
        {
            for (long sent = SentBytes(server); read < size && SentBytes(server) == sent;)
            {
                read += await slow.ReadSomeAsync(64 * 1024);
            }

            await AdvanceAsync(9);
        }

        // How many pauses there are is up to the sockets' buffers, which the system makes as large as it likes.
        (_clock.GetUtcNow() - began).Should().BeGreaterThan(TimeSpan.FromSeconds(30), "it has read for far longer than a peer may that does not read");
        (await slow.ReadFrameAsync())!.Length.Should().BeGreaterThan(size);
        _log.Text.Should().NotContain("Cut the connection");
        await CallAsync(slow);
    }

    [Fact]
    public async Task A_cut_off_peer_whose_call_still_runs_is_spoken_of_once()
    {
        Slow.Gate gate = new();
        GawServer server = await StartAsync(gate: gate);
        await using RawPeer peer = await ConnectAsync(server, 1);
        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "slow/hold")));
        await gate.Entered.Task.WithinAsync(TestTimeouts.Limit, () => "the method did not begin.");
        await SendAsync(server, peer, "1000\n{", 6);

        await AdvanceAsync(20);
        (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
        await AdvanceAsync(60);

        _log.Entries.Count(entry => entry.Id.Id == 115).Should().Be(1);
        gate.Left.TrySetResult();
        await EventuallyAsync(() => server.Connections == 0);
    }

    [Fact]
    public async Task A_thousand_silent_connections_do_not_keep_a_good_one_waiting()
    {
        GawServer server = await StartAsync();
        List<RawPeer> silent = [];
        for (int i = 0; i < 1000; i++)
        {
            silent.Add(await RawPeer.ConnectAsync(server.LocalEndPoint.Port));
        }

        await EventuallyAsync(() => server.Connections == 1000);
        int threads = ThreadPool.ThreadCount;
        await using RawPeer good = await ConnectAsync(server, 1001);
        await CallAsync(good);

        threads.Should().BeLessThan(500, "a silent connection has no thread; those of other tests are counted here, too");
        await AdvanceAsync(31);
        await EventuallyAsync(() => server.Connections == 1);
        await CallAsync(good);
        foreach (RawPeer peer in silent)
        {
            await peer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_refused_peer_may_linger_for_a_second_and_no_longer()
    {
        GawServer server = await StartAsync();
        await using RawPeer peer = await ConnectAsync(server, 1);
        await peer.SendAsync("hello\n");
        (await peer.ReadFrameAsync()).Should().StartWith("""{"succ": false""");
        server.Connections.Should().Be(1, "it has not closed its side");

        await EventuallyAsync(async () =>
        {
            await AdvanceAsync(1.5);
            return server.Connections == 0;
        });
    }

    [Fact]
    public async Task A_server_that_does_not_accept_costs_the_client_ConnectTimeout_and_no_more()
    {
        using DeadServer gone = await DeadServer.BlackHoleAsync();
        await using GawClient client = new("127.0.0.1", gone.Port, new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        CallOptions hasty = new() { Timeout = TimeSpan.FromMilliseconds(200) };
        await FluentActions.Awaiting(() => client.CallAsync<int>("slow/plus", [1, 2], cancellationToken: Cancellation, options: hasty))
            .Should().ThrowAsync<TimeoutException>().WithMessage("No connection came about within CallTimeout*was not sent*");
        foreach (bool synchronous in (bool[])[true, false])
        {
            Stopwatch took = Stopwatch.StartNew();
            GawConnectionException failure = (await FluentActions.Awaiting(() => synchronous
                    ? Task.Run(() => client.Call<int>("slow/plus", [1, 2]))
                    : client.CallAsync<int>("slow/plus", [1, 2], cancellationToken: Cancellation))
                .Should().ThrowAsync<GawConnectionException>()).Which;

            failure.Execution.Should().Be(CallExecution.NotRun);
            took.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(0.5)).And.BeLessThan(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task A_server_that_sends_its_answer_in_drips_costs_the_client_CallTimeout_and_no_more()
    {
        await using BadServer server = BadServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("1000000\n");
            while (true)
            {
                await connection.SendAsync("x");
                await Task.Delay(TimeSpan.FromMilliseconds(20), connection.Stopping);
            }
        });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { CallTimeout = TimeSpan.FromSeconds(1), Retries = 0 });
        foreach (bool synchronous in (bool[])[false, true])
        {
            Stopwatch took = Stopwatch.StartNew();
            await FluentActions.Awaiting(() => (synchronous
                    ? Task.Run(() => client.Call<int>("slow/plus", [1, 2]))
                    : client.CallAsync<int>("slow/plus", [1, 2], cancellationToken: Cancellation)).WaitAsync(TimeSpan.FromSeconds(15), Cancellation))
                .Should().ThrowAsync<TimeoutException>().WithMessage("*CallTimeout*");
            took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10), synchronous ? "a caller that waits is bounded, too" : "");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _log.Errors.Should().BeEmpty();
    }

    private static async Task CallAsync(RawPeer peer) => (await peer.AskAsync(Good)).Should().Be(BadServer.Answer("1", "3"));

    private static async Task FloodAsync(RawPeer peer, byte[] request)
    {
        try
        {
            while (true)
            {
                await peer.SendAsync(request);
            }
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            // It was cut off.
        }
    }

    private static Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    /// <summary>Looks again and again: for a state of the server that nobody announces.</summary>
    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!await condition())
        {
            waited.Elapsed.Should().BeLessThan(TestTimeouts.Limit);
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
        }
    }

    private async Task<GawServer> StartAsync(GawServerOptions? options = null, Slow.Gate? gate = null)
    {
        _server = new GawServer("127.0.0.1", 0, (options ?? new GawServerOptions()) with { TimeProvider = _clock, LoggerFactory = _log });
        _server.Add(() => new Slow(gate ?? new Slow.Gate()));
        await _server.StartAsync(Cancellation);
        return _server;
    }

    /// <summary>A connection that the server has taken.</summary>
    private static async Task<RawPeer> ConnectAsync(GawServer server, int count)
    {
        RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await EventuallyAsync(() => server.Connections == count);
        return peer;
    }

    private static long SentBytes(GawServer server) => server.ConnectionStates.Sum(static state => state.SentBytes);

    private static Task SendAsync(GawServer server, RawPeer peer, string text, int buffered = 0) =>
        SendAsync(server, peer, System.Text.Encoding.ASCII.GetBytes(text), buffered == 0 ? text.Length : buffered);

    /// <summary>Sends and waits until the server has it: the clock goes on only then.</summary>
    /// <param name="buffered">How many bytes of the frame some connection then holds; 0 does not wait.</param>
    private static async Task SendAsync(GawServer server, RawPeer peer, byte[] bytes, int buffered)
    {
        try
        {
            await peer.SendAsync(bytes);
        }
        catch (SocketException)
        {
            return;
        }

        await EventuallyAsync(() => buffered == 0 || server.Connections == 0 || server.ConnectionStates.Any(state => state.BufferedBytes == buffered));
    }

    /// <summary>Lets the server's clock go on in steps of its tick.</summary>
    private async Task AdvanceAsync(double seconds, double step = 0.5)
    {
        // The clock is faster than the server's threads: they come to rest first, where they can.
        Stopwatch settling = Stopwatch.StartNew();
        while (settling.ElapsedMilliseconds < 20 && _server!.ConnectionStates.Any(state => !state.IsAtRest))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancellation);
        }

        for (double passed = 0; passed < seconds; passed += step)
        {
            _clock.Advance(TimeSpan.FromSeconds(step));
        }
    }

    private async Task CutOffAsync(string reason)
    {
        await EventuallyAsync(() => _log.Entries.Any(entry => entry.Id.Id == 103));
        LogCollector.Entry cut = _log.Entries.Should().ContainSingle(entry => entry.Id.Id == 115).Which;
        cut.Level.Should().Be(LogLevel.Warning);
        cut.Text.Should().Contain(reason);
    }

    public sealed class Slow(Slow.Gate gate)
    {
        [Entrypoint]
        public int Plus(int a, int b) => a + b;

        [Entrypoint]
        public int Size(string text) => text.Length;

        [Entrypoint]
        public string Text(int length)
        {
            gate.CountText();
            return new string('x', length);
        }

        [Entrypoint]
        public async Task HoldAsync()
        {
            gate.Entered.TrySetResult();
            await gate.Left.Task;
        }

        public sealed class Gate
        {
            private int _texts;

            public int Texts => Volatile.Read(ref _texts);

            public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public void CountText() => Interlocked.Increment(ref _texts);
        }
    }
}
