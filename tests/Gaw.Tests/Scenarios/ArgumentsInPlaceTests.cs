using System.Text.Json;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>
/// A server reads arguments where they stand, before it has looked at the whole request. Nobody can tell: whatever is wrong with a request or unusual about it, the reply is that of a server which
/// looks at all of it first, as one does that keeps replies.
/// </summary>
public sealed class ArgumentsInPlaceTests
{
    private const string Usual = """{"_v": {"id": 7, "path": "shop/buy", "payload": {"args": {"_v": [{"name": "tea", "price": 2.5}, [1, 2]], "_t": "tuple"}, "kwargs": {"note": "x"}, "meta": {"timeout_ms": 90000}}}, "_t": "RequestDataType"}""";

    public static TheoryData<string> Unusual =>
    [
        Usual,
        Usual.Replace(", \"meta\": {\"timeout_ms\": 90000}", "", StringComparison.Ordinal),
        Usual.Replace("\"note\": \"x\"", "\"note\": \", \\\"meta\\\": {\"", StringComparison.Ordinal),
        Usual.Replace("\"note\": \"x\"", "\"note\": \"x\", \"meta\": {}", StringComparison.Ordinal),
        Usual.Replace("\"note\": \"x\"}, \"meta\": {\"timeout_ms\": 90000}", "\"note\": \"x\", \"meta\": {}}", StringComparison.Ordinal),
        Usual.Replace("\"timeout_ms\": 90000", "\"a\": 1, \"meta\": {\"b\": 2}", StringComparison.Ordinal),
        Usual.Replace("\"_t\": \"tuple\"}", "\"_t\": \"set\"}", StringComparison.Ordinal),
        Usual.Replace("\"_t\": \"tuple\"}", "\"_t\": \"list\"}", StringComparison.Ordinal),
        Usual.Replace("\"_t\": \"tuple\"}", "\"_t\": \"tuple\", \"more\": 1}", StringComparison.Ordinal),
        Usual.Replace("\"kwargs\"", "\"more\": 1, \"kwargs\"", StringComparison.Ordinal),
        Usual.Replace("\"meta\"", "\"more\": 1, \"meta\"", StringComparison.Ordinal),
        Usual.Replace("{\"note\": \"x\"}", "[]", StringComparison.Ordinal),
        Usual.Replace("{\"note\": \"x\"}", "null", StringComparison.Ordinal),
        Usual.Replace("\"kwargs\": {\"note\": \"x\"}", "\"kwargs\": {\"note\": \"first\"}, \"kwargs\": {\"note\": \"second\"}", StringComparison.Ordinal),
        Usual.Replace("\"kwargs\": {\"note\": \"x\"}", "\"kwargs\": {\"note\": \"x\"}, \"args\": [{\"name\": \"other\", \"price\": 1}, []]", StringComparison.Ordinal),
        Usual.Replace("\"payload\"", "\"path\": \"shop/none\", \"payload\"", StringComparison.Ordinal),
        Usual.Replace("}}, \"_t\"", "}, \"path\": \"shop/none\"}, \"_t\"", StringComparison.Ordinal),
        Usual.Replace("}}, \"_t\"", "}, \"id\": 8}, \"_t\"", StringComparison.Ordinal),
        Usual.Replace("\"kwargs\": {\"note\": \"x\"}, ", "\"kwargs\": {}}, \"payload\": {\"args\": [{\"name\": \"last\", \"price\": 1}, []], \"kwargs\": {}, ", StringComparison.Ordinal),
        Usual.Replace("shop/buy", "shop/none", StringComparison.Ordinal),
        Usual.Replace("shop/buy", "_gaw/cancel", StringComparison.Ordinal),
        Usual.Replace("shop/buy", "_gaw/list", StringComparison.Ordinal),
        Usual.Replace("\"tea\"", "5", StringComparison.Ordinal),
        Usual.Replace("2.5", "\"much\"", StringComparison.Ordinal),
        Usual.Replace("2.5", "-1", StringComparison.Ordinal),
        Usual.Replace("2.5", "-1", StringComparison.Ordinal).Replace("{\"note\": \"x\"}", "{\"note\" 1}", StringComparison.Ordinal),
        Usual.Replace("2.5", "-1", StringComparison.Ordinal).Replace("\"kwargs\"", "\"more\": 1, \"kwargs\"", StringComparison.Ordinal),
        Usual.Replace("[1, 2]", "[1, 2], 3, 4, 5", StringComparison.Ordinal),
        Usual.Replace("[1, 2]", "[1, 2], 3, 4, [", StringComparison.Ordinal),
        Usual.Replace("\"note\"", "\"unknown\"", StringComparison.Ordinal),
        Usual.Replace("\"note\"", "\"things\"", StringComparison.Ordinal),
        Usual.Replace("[1, 2]", new string('[', 200) + new string(']', 200), StringComparison.Ordinal),
        Usual.Replace("{\"timeout_ms\": 90000}", string.Concat(Enumerable.Repeat("{\"a\": ", 200)) + "1" + new string('}', 200), StringComparison.Ordinal),
        Usual.Replace("90000", "9" + new string('0', 5000), StringComparison.Ordinal),
        Usual.Replace("[1, 2]", "[" + string.Join(", ", Enumerable.Repeat("1", 1_000_001)) + "]", StringComparison.Ordinal),
        Usual.Replace(" ", "", StringComparison.Ordinal),
        Usual + " ",
        " " + Usual,
        Usual + "x",
    ];

    [Theory]
    [MemberData(nameof(Unusual))]
    public async Task A_request_of_any_form_has_the_reply_of_a_server_that_looks_at_all_of_it_first(string document)
    {
        await using Pair pair = await Pair.StartAsync();
        await pair.CompareAsync(document);
    }

    [Fact]
    public async Task A_request_with_a_wrong_byte_anywhere_has_the_reply_of_a_server_that_looks_at_all_of_it_first()
    {
        await using Pair pair = await Pair.StartAsync();
        for (int at = 0; at < Usual.Length; at++)
        {
            await pair.CompareAsync(Usual.Remove(at, 1));
            foreach (string other in new[] { "\"", "}", "]", ",", " ", "x", "\\" })
            {
                await pair.CompareAsync(Usual.Remove(at, 1).Insert(at, other));
            }
        }

        pair.ExpectEqualCounts();
    }

    /// <summary>The reading blocks before anybody knows what stands behind it; by then another thread has the connection.</summary>
    [Theory]
    [InlineData("\"kwargs\" {}", "\"succ\": false", "is no JSON")]
    [InlineData("\"more\": 1, \"kwargs\": {}", "\"payload\": 7", "is unusual")]
    [InlineData("\"kwargs\": {\"none\": 1}", "has no argument named none", "does not fit")]
    public async Task A_request_that_blocks_and_then_turns_out_to_be_unusual_holds_up_nobody_and_has_its_reply(string rest, string expected, string why)
    {
        using Gate.Hold hold = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Shop>(new Counter()));
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string request = RawPeer.WithMeta(RawPeer.Request("1", "shop/wait", $$"""{"key": {{hold.Key}}, "text": "7"}""")).Replace("\"kwargs\": {}", rest, StringComparison.Ordinal);
        await peer.SendFrameAsync(request);
        await hold.Entered.Task.WithinAsync(TestTimeouts.Limit, static () => "the argument was not read");

        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("2", "shop/plus", "1, 2")))).Should().Contain("\"payload\": 3", "the connection is read on");
        hold.Released.Set();

        (await peer.ReadFrameAsync()).Should().Contain(expected, why);
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("3", "shop/plus", "1, 3")))).Should().Contain("\"payload\": 4");
        (await peer.AskAsync(RawPeer.Request("4", "shop/plus", "1, 4"))).Should().Contain("\"payload\": 5");
    }

    public sealed class Counter
    {
        private int _bought;

        public int Bought => Volatile.Read(ref _bought);

        public void Add() => Interlocked.Increment(ref _bought);
    }

    public sealed record Ware(string Name, double Price)
    {
        public double Price { get; } = Price >= 0 ? Price : throw new ArgumentOutOfRangeException(nameof(Price), "A price is not negative.");
    }

    public sealed class Gate
    {
        private static readonly List<Hold> Holds = [];

        private string _text = "";

        public int Key { get; set; }

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

                hold.Entered.TrySetResult();
                hold.Released.Wait(TestTimeouts.Limit).Should().BeTrue();
                _text = value;
            }
        }

        /// <summary>Where the text of a gate blocks.</summary>
        public sealed class Hold : IDisposable
        {
            public Hold()
            {
                lock (Holds)
                {
                    Key = Holds.Count;
                    Holds.Add(this);
                }
            }

            public int Key { get; }

            public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public ManualResetEventSlim Released { get; } = new();

            public void Dispose() => Released.Set();
        }
    }

    [Service("shop")]
    public sealed class Shop(Counter counter)
    {
        [Entrypoint]
        public string Buy(Ware ware, List<int> things, string note = "")
        {
            counter.Add();
            return $"{ware.Name} {ware.Price} {string.Join('+', things)} {note}";
        }

        [Entrypoint]
        public int Wait(Gate gate) => int.Parse(gate.Text, System.Globalization.CultureInfo.InvariantCulture);

        [Entrypoint]
        public int Plus(int a, int b) => a + b;
    }

    /// <summary>A server that reads in place, and one that does not.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly List<TestServer> _servers = [];
        private readonly List<RawPeer> _peers = [];
        private readonly Counter[] _counters = [new(), new()];

        public static async Task<Pair> StartAsync()
        {
            Pair pair = new();
            for (int i = 0; i < 2; i++)
            {
                Counter counter = pair._counters[i];
                TestServer server = await TestServer.StartAsync(s => s.Add<Shop>(counter), new GawServerOptions { KeepReplies = i == 0 ? null : TimeSpan.FromMinutes(1) });
                pair._servers.Add(server);
                pair._peers.Add(await RawPeer.ConnectAsync(server.Port));
            }

            return pair;
        }

        public async Task CompareAsync(string document)
        {
            string inPlace = Core(await _peers[0].AskAsync(document));
            string expected = Core(await _peers[1].AskAsync(document));
            if (inPlace != expected)
            {
                Assert.Fail($"{(document.Length < 1000 ? document : document[..1000])} has the reply {inPlace} in place of {expected}.");
            }
        }

        public void ExpectEqualCounts() => _counters[0].Bought.Should().Be(_counters[1].Bought).And.BePositive();

        public async ValueTask DisposeAsync()
        {
            foreach (RawPeer peer in _peers)
            {
                await peer.DisposeAsync();
            }

            foreach (TestServer server in _servers)
            {
                await server.DisposeAsync();
            }
        }

        /// <summary>A server that keeps replies says so in its metadata, and each writes a trace of its own.</summary>
        private static string Core(string? reply)
        {
            using JsonDocument document = JsonDocument.Parse(reply ?? "null");
            return Without(document.RootElement);
        }

        private static string Without(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => $"{{{string.Join(", ", element.EnumerateObject().Where(static member => member.Name is not ("meta" or "trace")).Select(static member => $"{member.Name}: {Without(member.Value)}"))}}}",
            JsonValueKind.Array => $"[{string.Join(", ", element.EnumerateArray().Select(Without))}]",
            _ => element.GetRawText(),
        };
    }
}
