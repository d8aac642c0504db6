using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Gaw.Tests.Scenarios;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb.Streams;

/// <summary>
/// Messages of streams with anything in them, to a server and to a client: refused or passed over, no crash, no hang, and nothing of another peer is touched. The long form (<c>GAW_LONG_TESTS=1</c>) tries
/// fifty times as many; a failure names the seed.
/// </summary>
public sealed class StreamFuzzTests
{
    private const string Mark = """{"_v": 0, "_t": "_gaw/stream"}""";

    /// <summary>Figures that were somebody's mistake once.</summary>
    private static readonly string[] Odd =
    [
        "null", "true", "false", "0", "1", "2", "3", "-1", "-0", "1.5", "-1e308", "1e30", "1000000000000000000000000000000", "-1000000000000000000000000000000", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "2147483648", "\"\"", "\"1\"", "\"progress\"", "[]", "{}", "[[]]", "[1]", "[1, 1]", "[-1, -1]", "[1, 2, 3]", "[1000000000000000000000000000000, 1]",
        "[9223372036854775807, 9223372036854775807]", "{\"name\": 1}", "{\"name\": \"Broken\", \"message\": null}", "{\"_v\": [1, 2], \"_t\": \"tuple\"}", "{\"_v\": 0, \"_t\": \"_gaw/stream\"}", "[null, {}, [\"x\"]]",
    ];

    private static int Rounds => ClientConformanceTests.IsLong ? 50_000 : 1_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_survives_whatever_stands_in_the_messages_of_its_streams()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>());
        await using RawPeer other = await RawPeer.ConnectAsync(server.Port);
        (await other.AskAsync(RawPeer.WithMeta(RawPeer.Request("1", "desk/take", Mark)))).Should().Contain("\"take\"");
        RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                // The ids 1 and 2 are calls with streams, now and then anew: what was sent may have ended them.
                if (round % 20 == 0)
                {
                    await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "desk/take", Mark)));
                    await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("2", "desk/give"), "\"take\": [1, 1000], \"alive_ms\": 1000"));
                }

                string message = Message(random);
                await peer.SendFrameAsync(message);
                string ping = (1000 + round).ToString(CultureInfo.InvariantCulture);
                await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request(ping, "desk/one")));
                string? reply;
                do
                {
                    reply = await peer.ReadFrameAsync();
                    reply.Should().NotBeNull($"the connection serves on (seed {seed}, round {round}: {message})");
                }
                while (!reply!.Contains($"\"resp_to\": {ping},", StringComparison.Ordinal));
            }
        }
        finally
        {
            await peer.DisposeAsync();
        }

        (await other.AskAsync(RawPeer.WithMeta(RawPeer.Request("3", "_gaw/send", "1, 0, [7], [1, 1], true")))).Should().Contain("\"1 and the end\"", "nobody else's messages have touched it (seed {0})", seed);
        await Eventually.BecomesTrueAsync(() => server.Server.OpenStreams == 0);
    }

    [Fact]
    public async Task Messages_that_name_the_calls_of_another_peer_change_nothing()
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Desk>());
        await using RawPeer owner = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer thief = await RawPeer.ConnectAsync(server.Port);
        (await owner.AskAsync(RawPeer.WithMeta(RawPeer.Request("1", "desk/take", Mark)))).Should().Contain("\"take\"");
        (await owner.AskAsync(RawPeer.WithMeta(RawPeer.Request("2", "desk/give"), "\"take\": [1, 1000]"))).Should().Contain("\"payload\": [0]");

        await thief.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("5", "_gaw/send", "1, 0, [1, 2, 3], [3, 3], true")));
        await thief.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("6", "_gaw/take", "2, 100, 100000")));
        (await thief.AskAsync(RawPeer.WithMeta(RawPeer.Request("7", "_gaw/cancel", "2")))).Should().Contain("\"payload\": false", "it is no call of this peer");

        (await owner.AskAsync(RawPeer.WithMeta(RawPeer.Request("8", "desk/one")))).Should().Contain("\"resp_to\": 8", "no further part was sent");
        (await owner.AskAsync(RawPeer.WithMeta(RawPeer.Request("9", "_gaw/take", "2, 2, 1000")))).Should().Contain("\"payload\": [1]");
        (await owner.AskAsync(RawPeer.WithMeta(RawPeer.Request("10", "_gaw/send", "1, 0, [7], [1, 1], true")))).Should().Contain("\"1 and the end\"");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_survives_whatever_stands_beside_the_replies_to_its_streams(bool isArgument)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        await using BadServer server = BadServer.Start(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                if (request.Path == "_gaw/send" && request.Args.Contains("[]", StringComparison.Ordinal))
                {
                    await connection.SendFrameAsync($"{BadServer.Answer(request.Id, "null")[..^1]}, \"meta\": {{\"streams\": 1}}}}");
                }
                else if (request.Path == "a/b")
                {
                    string[] replies;
                    lock (random)
                    {
                        replies = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Reply(random, request.Id))];
                    }

                    foreach (string reply in replies)
                    {
                        await connection.SendFrameAsync(reply);
                    }

                    return;
                }
            }
        });
        for (int round = 0; round < Rounds / 2; round++)
        {
            await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0, CallTimeout = TestTimeouts.Limit });
            try
            {
                Task call = isArgument ? client.CallAsync<object?>("a/b", [Numbers()], cancellationToken: Cancellation) : TakeAllAsync(client);
                await call.WithinAsync(TestTimeouts.Limit, () => $"the call did not end (seed {seed}, round {round})");
            }
            catch (GawException)
            {
                // That is how it may end.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}", e);
            }
        }
    }

    private static async Task TakeAllAsync(GawClient client)
    {
        await foreach (object? item in client.StreamAsync<object?>("a/b", cancellationToken: Cancellation))
        {
            GC.KeepAlive(item);
        }
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        for (int i = 0; i < 3; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    private static string Message(Random random)
    {
        string path = random.Next(8) switch
        {
            < 4 => "_gaw/send",
            < 7 => "_gaw/take",
            _ => "_gaw/cancel",
        };
        List<string> arguments = path switch
        {
            "_gaw/send" => ["1", "0", "[1]", "[1, 1]", "null"],
            "_gaw/take" => ["2", "5", "1000"],
            _ => ["2"],
        };
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(arguments.Count + 1);
            if (at == arguments.Count || random.Next(8) == 0)
            {
                arguments.Insert(at, Value(random));
            }
            else if (random.Next(8) == 0 && arguments.Count > 1)
            {
                arguments.RemoveAt(at);
            }
            else
            {
                arguments[at] = Value(random);
            }
        }

        string request = RawPeer.Request(random.Next(4) == 0 ? "1" : "77", path, string.Join(", ", arguments));
        return random.Next(10) == 0 ? request : RawPeer.WithMeta(request, random.Next(4) == 0 ? $"\"take\": {Value(random)}" : "");
    }

    private static string Reply(Random random, string id)
    {
        List<string> members = [];
        foreach (string name in (string[])["more", "sent", "for", "take", "streams", "headers", "stopping", "busy"])
        {
            if (random.Next(3) == 0)
            {
                string value = (name, random.Next(2)) switch
                {
                    ("more", 0) => "true",
                    ("sent", 0) => $"[{random.Next(4)}, {random.Next(9)}]",
                    ("for", 0) => "0",
                    ("take", 0) => "[10, 1000]",
                    _ => Value(random),
                };
                members.Add($"\"{name}\": {value}");
            }
        }

        string payload = random.Next(3) == 0 ? Value(random) : "[1]";
        return $"{BadServer.Answer(id, payload, success: random.Next(8) > 0)[..^1]}, \"meta\": {{{string.Join(", ", members)}}}}}";
    }

    private static string Value(Random random, int depth = 2) => random.Next(depth == 0 ? 8 : 10) switch
    {
        8 => $"[{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        9 => $"{{{string.Join(", ", Enumerable.Range(0, random.Next(3)).Select(i => $"\"{(char)('a' + i)}\": {Value(random, depth - 1)}"))}}}",
        0 => JsonValue.Create(random.NextInt64(-10, 10)).ToJsonString(),
        1 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)).ToJsonString(),
        _ => Odd[random.Next(Odd.Length)],
    };

    private sealed class Desk
    {
        [Entrypoint]
        public int One() => 1;

        [Entrypoint]
        public async Task<string> TakeAsync(IAsyncEnumerable<object?> items)
        {
            int count = 0;
            await foreach (object? item in items)
            {
                count++;
            }

            return $"{count} and the end";
        }

        [Entrypoint]
        public async IAsyncEnumerable<int> GiveAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (int i = 0; i < 1000; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                yield return i;
            }
        }
    }
}
