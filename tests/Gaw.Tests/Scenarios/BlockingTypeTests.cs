using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>A constructor or a setter that blocks while a value is read holds up nobody but its own call, on either side.</summary>
public sealed class BlockingTypeTests
{
    private const int Others = 63;

    public static TheoryData<string, bool> Sides => new(from mode in Protection.Modes.Select(static row => row.Data) from synchronous in new[] { false, true } select (mode, synchronous));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task An_argument_that_blocks_while_it_is_read_holds_up_no_other_call(string mode, bool synchronous)
    {
        using Hold hold = new();
        Protection protection = Protection.Named(mode);
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>(), protection.Server);
        await using GawClient client = server.Connect(protection.Client with { MaxConnections = 1 });
        (await client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Token)).Should().Be(3);

        // Twice: the second is expected to block.
        Task<int>[] held = [.. Enumerable.Range(0, 2).Select(i => client.CallAsync<int>("desk/take", [new { Key = hold.Key, Text = $"{i}" }], cancellationToken: Token))];
        await hold.Entered.WaitForAsync(1);
        await CallOthersAsync(client, synchronous);
        await hold.Entered.WaitForAsync(2);
        await CallOthersAsync(client, synchronous);

        Array.TrueForAll(held, static call => !call.IsCompleted).Should().BeTrue();
        hold.Release();
        (await Task.WhenAll(held).WithinAsync(TestTimeouts.Limit, static () => "what had blocked did not end")).Should().Equal(0, 1);
        await CallOthersAsync(client, synchronous);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task A_result_that_blocks_while_it_is_read_holds_up_no_other_call(string mode, bool synchronous)
    {
        using Hold hold = new();
        Protection protection = Protection.Named(mode);
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>(), protection.Server);
        await using GawClient client = server.Connect(protection.Client with { MaxConnections = 1 });
        (await client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Token)).Should().Be(3);

        // The first one reads for itself where it is synchronous, since it is alone.
        Task<Gate>[] held = new Task<Gate>[2];
        for (int i = 0; i < held.Length; i++)
        {
            object?[] arguments = [hold.Key, $"{i}"];
            held[i] = synchronous ? DedicatedThread.RunAsync(() => client.Call<Gate>("desk/give", arguments)) : client.CallAsync<Gate>("desk/give", arguments, cancellationToken: Token);
            await hold.Entered.WaitForAsync(i + 1);
            await CallOthersAsync(client, synchronous: false);
            await CallOthersAsync(client, synchronous: true);
        }

        hold.Release();
        Gate[] gates = await Task.WhenAll(held).WithinAsync(TestTimeouts.Limit, static () => "what had blocked did not end");
        gates.Select(static gate => gate.Text).Should().Equal("0", "1");
        await CallOthersAsync(client, synchronous);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task An_item_that_blocks_while_it_is_read_holds_up_no_other_call_and_keeps_its_place(string mode, bool synchronous)
    {
        using Hold hold = new();
        Protection protection = Protection.Named(mode);
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>(), protection.Server);
        await using GawClient client = server.Connect(protection.Client with { MaxConnections = 1 });
        (await client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Token)).Should().Be(3);
        Task<List<string>>[] held = new Task<List<string>>[2];
        for (int i = 0; i < held.Length; i++)
        {
            held[i] = TakeAllAsync(client.StreamAsync<Gate>("desk/stream", [hold.Key, 50], cancellationToken: Token));
            await hold.Entered.WaitForAsync(i + 1);
            await CallOthersAsync(client, synchronous);
        }

        // Parts come meanwhile: the method ends, and its items wait behind the one that blocks.
        await hold.Left.WaitForAsync(2);
        await CallOthersAsync(client, synchronous);
        hold.Release();

        foreach (List<string> texts in await Task.WhenAll(held).WithinAsync(TestTimeouts.Limit, static () => "what had blocked did not end"))
        {
            texts.Should().Equal(Enumerable.Range(0, 50).Select(static i => $"{i}"));
        }

        await CallOthersAsync(client, synchronous);
    }

    [Fact]
    public async Task A_stream_whose_item_still_blocks_can_be_left_and_its_connection_serves_on()
    {
        using Hold hold = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>());
        await using GawClient client = server.Connect(new GawClientOptions { MaxConnections = 1 });
        using CancellationTokenSource source = new();
        Task<List<string>> held = TakeAllAsync(client.StreamAsync<Gate>("desk/stream", [hold.Key, 50], cancellationToken: source.Token));
        await hold.Entered.WaitForAsync(1);
        await CallOthersAsync(client, synchronous: false);

        await source.CancelAsync();

        await FluentActions.Awaiting(() => held.WithinAsync(TestTimeouts.Limit, static () => "it could not be left")).Should().ThrowAsync<OperationCanceledException>();
        hold.Release();
        await CallOthersAsync(client, synchronous: false);
        server.Server.Connections.Should().Be(1, "the parts that came late were dropped, and nothing was out of step");
    }

    [Fact]
    public async Task A_server_that_goes_on_beyond_its_credit_while_an_item_blocks_is_cut_off()
    {
        using Hold hold = new();
        long sent = 0;
        await using BadServer server = BadServer.Start(async connection =>
        {
            if (await connection.ReadRequestAsync() is { } request)
            {
                await connection.SendFrameAsync(Part(request, $$"""{"key": {{hold.Key}}, "text": "0"}""", 1));
                await hold.Entered.WaitForAsync(1);
                string text = new('x', 10_000);
                for (int i = 2; i < 10_000; i++)
                {
                    await connection.SendFrameAsync(Part(request, $$"""{"key": {{hold.Key}}, "text": "{{text}}"}""", i));
                    sent += text.Length;
                }
            }
        });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0, MaxFrameBytes = 64 * 1024 });

        Task<List<string>> held = TakeAllAsync(client.StreamAsync<Gate>("desk/stream", cancellationToken: Token));

        (await FluentActions.Awaiting(() => held.WithinAsync(TestTimeouts.Limit, static () => "what had come was kept without a limit")).Should().ThrowAsync<GawProtocolException>()).Which.Message.Should().Contain("more of a stream than it was asked for");
        await server.WaitForClosedAsync(1);
        sent.Should().BeLessThan(20_000_000, "three windows are kept, and the sockets hold some");
        hold.Release();

        static string Part(BadRequest request, string item, int items) =>
            $"{BadServer.Answer(request.Id, $"[{item}]")[..^1]}, \"meta\": {{\"more\": true, \"sent\": [{items}, {items}]}}}}";
    }

    [Fact]
    public async Task An_item_that_blocks_and_then_refuses_its_value_ends_its_own_stream()
    {
        using Hold hold = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>());
        await using GawClient client = server.Connect(new GawClientOptions { MaxConnections = 1 });
        Task<List<string>> held = TakeAllAsync(client.StreamAsync<Gate>("desk/refuse", [hold.Key], cancellationToken: Token));
        await hold.Entered.WaitForAsync(1);
        await CallOthersAsync(client, synchronous: false);
        await hold.Left.WaitForAsync(1);
        hold.Release();

        (await FluentActions.Awaiting(() => held.WithinAsync(TestTimeouts.Limit, static () => "it did not end")).Should().ThrowAsync<GawSerializationException>()).Which.ToString().Should().Contain("refused as asked");
        await CallOthersAsync(client, synchronous: false);
        server.Server.Connections.Should().Be(1);
    }

    [Fact]
    public async Task A_call_whose_argument_still_blocks_is_waited_for_by_a_stop()
    {
        using Hold hold = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>(), new GawServerOptions { DrainTimeout = Timeout.InfiniteTimeSpan });
        await using GawClient client = server.Connect();
        Task<int> held = client.CallAsync<int>("desk/take", [Written(hold.Key, "7")], cancellationToken: Token);
        await hold.Entered.WaitForAsync(1);
        await CallOthersAsync(client, synchronous: false);

        Task stopped = server.Server.StopAsync(Token);
        await Eventually.BecomesTrueAsync(() => server.Server.IsStopping);
        stopped.IsCompleted.Should().BeFalse();
        hold.Release();

        (await held.WithinAsync(TestTimeouts.Limit, static () => "the call had no answer")).Should().Be(7);
        await stopped.WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
    }

    [Fact]
    public async Task An_argument_that_blocks_and_then_refuses_its_value_answers_its_own_call()
    {
        using Hold hold = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>());
        await using GawClient client = server.Connect();
        Task<int> held = client.CallAsync<int>("desk/take", [Written(hold.Key, "refuse")], cancellationToken: Token);
        await hold.Entered.WaitForAsync(1);
        await CallOthersAsync(client, synchronous: false);
        hold.Release();

        (await held.Awaiting(static call => call).Should().ThrowAsync<GawRemoteException>()).Which.RemoteMessage.Should().Contain("refused as asked");
        await CallOthersAsync(client, synchronous: false);
    }

    [Fact]
    public async Task Requests_that_are_answered_in_order_stay_in_order_behind_an_argument_that_blocks()
    {
        using Hold hold = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>());
        await using RawPeer python = await RawPeer.ConnectAsync(server.Port);
        await python.SendAsync([.. RawPeer.Frame(RawPeer.Request("1", "desk/take", $$"""{"key": {{hold.Key}}, "text": "5"}""")), .. RawPeer.Frame(RawPeer.Request("2", "desk/plus", "1, 2"))]);
        await hold.Entered.WaitForAsync(1);
        hold.Release();

        (await python.ReadFrameAsync()).Should().Be(BadServer.Answer("1", "5"));
        (await python.ReadFrameAsync()).Should().Be(BadServer.Answer("2", "3"));
    }

    /// <summary>A <see cref="Gate"/> as it travels, written by whoever does not wait there.</summary>
    private static Dictionary<string, object> Written(int key, string text) => new() { ["key"] = key, ["text"] = text };

    private static async Task<List<string>> TakeAllAsync(IAsyncEnumerable<Gate> gates)
    {
        List<string> texts = [];
        await foreach (Gate gate in gates)
        {
            texts.Add(gate.Text);
        }

        return texts;
    }

    private static async Task CallOthersAsync(GawClient client, bool synchronous)
    {
        int[] sums = await Task.WhenAll(Enumerable.Range(0, Others).Select(i => synchronous
            ? DedicatedThread.RunAsync(() => client.Call<int>("desk/plus", [i, 1]))
            : client.CallAsync<int>("desk/plus", [i, 1], cancellationToken: Token))).WithinAsync(TestTimeouts.Limit, static () => "other calls were held up");
        sums.Should().Equal(Enumerable.Range(1, Others));
    }

    [GawSerializable]
    public sealed class Gate
    {
        private static readonly List<Hold> Holds = [];

        private string _text = "";

        public int Key { get; set; } = -1;

        /// <summary>Comes after the key on the wire.</summary>
        public string Text
        {
            get => _text;
            set
            {
                Hold hold;
                lock (Holds)
                {
                    hold = Holds[Key];
                }

                hold.Wait();
                _text = value == "refuse" ? throw new InvalidOperationException("refused as asked") : value;
            }
        }

        internal static void Leave(int key)
        {
            lock (Holds)
            {
                Holds[key].Left.Add();
            }
        }

        internal static int Register(object hold)
        {
            lock (Holds)
            {
                Holds.Add((Hold)hold);
                return Holds.Count - 1;
            }
        }
    }

    public sealed class Desk
    {
        [Entrypoint]
        public int Plus(int a, int b) => a + b;

        [Entrypoint]
        public int Take(Gate gate) => int.Parse(gate.Text, System.Globalization.CultureInfo.InvariantCulture);

        [Entrypoint]
        public Dictionary<string, object> Give(int key, string text) => Written(key, text);

        /// <summary>Each item is a part of its own.</summary>
        [Entrypoint]
        public async IAsyncEnumerable<Dictionary<string, object>> StreamAsync(int key, int count)
        {
            for (int i = 0; i < count; i++)
            {
                yield return Written(key, $"{i}");
                await Task.Yield();
            }

            Gate.Leave(key);
        }

        [Entrypoint]
        public async IAsyncEnumerable<Dictionary<string, object>> RefuseAsync(int key)
        {
            yield return Written(key, "refuse");
            await Task.Yield();
            yield return Written(key, "1");
            Gate.Leave(key);
        }
    }

    /// <summary>Holds all gates of one test, until they are let go.</summary>
    private sealed class Hold : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public Hold() => Key = Gate.Register(this);

        public int Key { get; }

        public Tally Entered { get; } = new("gates that wait");

        public Tally Left { get; } = new("streams that were sent");

        public void Wait()
        {
            Entered.Add();
            _open.Wait(TestTimeouts.Limit);
        }

        public void Release() => _open.Set();

        public void Dispose() => _open.Set();
    }
}
