using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.Scenarios;

/// <summary>
/// Frames from a generator against a running server, in all modes. Runs about three seconds; <c>GAW_FUZZ_SECONDS</c> makes it longer, and
/// <c>GAW_FUZZ_SEED</c> repeats a run whose seed was printed.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int BatchCases = 50;

    /// <summary>All that a stranger may ever be told in a mode with a key.</summary>
    private static readonly string[] StrangersAnswers =
    [
        "signature verification failed",
        "The length line of a frame holds 1 to 20 decimal digits and a line feed.",
        "The frame is above this server's limit of 65536 bytes.",
    ];

    private static readonly TimeSpan Share = TimeSpan.FromSeconds(Setting("GAW_FUZZ_SECONDS", 3) / 4.0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task A_server_survives_whatever_comes(string mode)
    {
        Protection protection = Protection.Named(mode);
        Random random = CreateRandom(out int seed);
        byte[][] recorded = [.. WireVectors.All.Where(vector => vector.Mode == mode || vector.Secret == protection.Key && vector.Encrypted == protection.Encrypt).Select(vector => vector.Frame)];
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server with { MaxFrameBytes = 65536 }, log: new LogCollector(LogLevel.Error));
        await using GawClient client = new("127.0.0.1", server.Port, protection.Client);
        Stopwatch ran = Stopwatch.StartNew();
        int cases = 0;
        int goodCalls = 0;
        while (cases == 0 || ran.Elapsed < Share)
        {
            int mayRun = server.Vault.Runs;
            for (int i = 0; i < BatchCases; i++, cases++)
            {
                (string kind, byte[] bytes) = Next(random, protection, recorded);
                List<string> genuine = Genuine(protection, bytes);
                mayRun += genuine.Count(document => document.Contains("vault/count", StringComparison.Ordinal));
                try
                {
                    await SendAsync(server, protection, random, bytes, genuine.Count > 0);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"Seed {seed}, case {cases} ({kind}): {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 400)))}", e);
                }
            }

            if (protection.Key is not null)
            {
                server.Vault.Runs.Should().BeLessThanOrEqualTo(mayRun, $"nothing may run that was not sealed (seed {seed}, up to case {cases})");
            }

            string text = $"{cases}";
            (await client.CallAsync<string>("vault/echo", [text], cancellationToken: Cancellation)).Should().Be(text);
            goodCalls++;
        }

        await client.DisposeAsync();
        Stopwatch waited = Stopwatch.StartNew();
        while (server.Server.Connections > 0)
        {
            waited.Elapsed.Should().BeLessThan(TestTimeouts.Limit, $"every connection ends (seed {seed})");
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
        }

        output.WriteLine($"{mode}: seed {seed}, {cases} cases, {goodCalls} good calls between them.");
    }

    [Fact]
    public async Task A_client_survives_whatever_is_answered()
    {
        Random random = CreateRandom(out int seed);
        byte[][] recorded = [.. WireVectors.All.Where(vector => !vector.IsRequest).Select(vector => vector.Frame)];
        byte[] next = [];
        await using BadServer server = BadServer.Start(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                await connection.SendAsync(next.Length > 0 ? next : Mutate(random, connection.Code.Frame(BadServer.Answer(request.Id, "[1, 2, {\"a\": null}]"))));
                if (random.Next(10) > 0)
                {
                    return;
                }
            }
        });
        Stopwatch ran = Stopwatch.StartNew();
        int cases = 0;
        for (; cases == 0 || ran.Elapsed < Share; cases++)
        {
            next = random.Next(2) == 0 ? Mutate(random, recorded[random.Next(recorded.Length)]) : [];
            await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0, CallTimeout = TimeSpan.FromMilliseconds(100) });
            try
            {
                Task<object?> call = cases % 2 == 0
                    ? client.CallAsync<object?>("a/b", cancellationToken: Cancellation)
                    : Task.Run(() => client.Call<object?>("a/b"), Cancellation);
                await call.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
            }
            catch (Exception e) when (e is GawException || (e is TimeoutException && e.Message.Contains("CallTimeout", StringComparison.Ordinal)))
            {
                // That is how a call may end.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}, case {cases}: {Convert.ToHexString(next)}", e);
            }
        }

        output.WriteLine($"client: seed {seed}, {cases} cases.");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private static Random CreateRandom(out int seed) => new(seed = Setting("GAW_FUZZ_SEED", Random.Shared.Next()));

    private static (string Kind, byte[] Bytes) Next(Random random, Protection protection, byte[][] recorded)
    {
        byte[] count = protection.Code.Frame(RawPeer.Request("1", "vault/count", "\"x\""));
        switch (random.Next(7))
        {
            case 0:
                return ("a recorded frame, changed", Mutate(random, recorded[random.Next(recorded.Length)]));
            case 1:
                return ("a good call, changed", Mutate(random, count));
            case 2:
                return ("a length line", [.. Encoding.ASCII.GetBytes(LengthLine(random)), .. Bytes(random, random.Next(40))]);
            case 3:
                return ("a good call, cut", count[..random.Next(count.Length)]);
            case 4:
                return ("rubbish in a frame", WireCode.Framed(Bytes(random, random.Next(200))));
            case 5:
                return ("rubbish", Bytes(random, random.Next(1, 200)));
            default:
                string json = Document(random);
                byte[] frame = protection.Code.Frame(json);
                return ("a document that is sealed", random.Next(3) == 0 ? [.. frame, .. frame] : frame);
        }
    }

    /// <summary>The documents of the frames that are whole and sealed, up to the first that is not: a change may leave some as they were.</summary>
    private static List<string> Genuine(Protection protection, ReadOnlySpan<byte> bytes)
    {
        List<string> documents = [];
        int feed;
        while ((feed = bytes.IndexOf((byte)'\n')) is > 0 and <= 20
            && int.TryParse(bytes[..feed], NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size <= bytes.Length - feed - 1)
        {
            try
            {
                documents.Add(protection.Code.Open(bytes.Slice(feed + 1, size).ToArray()));
            }
            catch (InvalidDataException)
            {
                break;
            }

            bytes = bytes[(feed + 1 + size)..];
        }

        return documents;
    }

    /// <summary>Sends it, ends the stream in one of the ways there are, and looks at each answer.</summary>
    private static async Task SendAsync(GuardedServer server, Protection protection, Random random, byte[] bytes, bool isSealed)
    {
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, protection.Code);
        int end = random.Next(8);
        try
        {
            int cut = random.Next(4) == 0 ? random.Next(bytes.Length + 1) : bytes.Length;
            await peer.SendAsync(bytes[..cut]);
            await peer.SendAsync(bytes[cut..]);
            if (end == 0)
            {
                peer.Reset();
                return;
            }

            peer.HalfClose();
        }
        catch (SocketException)
        {
            // It was refused before it was sent whole.
        }

        foreach (string answer in await peer.ReadFramesUntilClosedAsync(TimeSpan.FromSeconds(20)))
        {
            using JsonDocument document = JsonDocument.Parse(answer.Replace("NaN", "0", StringComparison.Ordinal).Replace("Infinity", "0", StringComparison.Ordinal), new JsonDocumentOptions { MaxDepth = 1000 });
            bool readable = document.RootElement.GetProperty("succ").GetBoolean();
            if (protection.Key is not null && !isSealed)
            {
                readable.Should().BeFalse();
                document.RootElement.GetProperty("message").GetString().Should().BeOneOf(StrangersAnswers);
            }
        }
    }

    private static byte[] Mutate(Random random, byte[] frame)
    {
        List<byte> bytes = [.. frame];
        byte[] original = frame;
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes || bytes.SequenceEqual(original); i++)
        {
            int at = random.Next(bytes.Count + 1);
            switch (bytes.Count == 0 ? 1 : random.Next(6))
            {
                case 0:
                    at = Math.Min(at, bytes.Count - 1);
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    bytes.RemoveAt(Math.Min(at, bytes.Count - 1));
                    break;
                case 3:
                    at = Math.Min(at, bytes.Count - 1);
                    bytes[at] = "\0\n\r {}[]\",:0919-eE\\u_vt\xff\x80"u8.ToArray() is { } odd ? odd[random.Next(odd.Length)] : (byte)0;
                    break;
                case 4:
                    int length = Math.Min(random.Next(1, 64), bytes.Count - Math.Min(at, bytes.Count));
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(Math.Min(at, bytes.Count), length));
                    break;
                default:
                    bytes.RemoveRange(Math.Min(at, bytes.Count), Math.Min(random.Next(1, 32), bytes.Count - Math.Min(at, bytes.Count)));
                    break;
            }
        }

        // The length line fits again, in most cases: the seal and the document are to be reached.
        int feed = bytes.IndexOf((byte)'\n');
        return feed >= 0 && random.Next(4) > 0 && !bytes.Skip(feed + 1).SequenceEqual(original.Skip(Array.IndexOf(original, (byte)'\n') + 1))
            ? WireCode.Framed([.. bytes.Skip(feed + 1)])
            : [.. bytes];
    }

    private static string LengthLine(Random random) => random.Next(10) switch
    {
        0 => "-1\n",
        1 => "+5\n",
        2 => "1_0\n",
        3 => " 12\n",
        4 => "12\r\n",
        5 => new string((char)('0' + random.Next(10)), random.Next(1, 400)) + "\n",
        6 => $"{random.NextInt64()}\n",
        7 => $"{random.Next(70_000)}\n",
        8 => "0x10\n",
        _ => "\n",
    };

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A request for a method that counts nothing, with its structure changed.</summary>
    private static string Document(Random random)
    {
        JsonNode root = JsonNode.Parse(RawPeer.Request($"{random.NextInt64()}", "vault/subject", "1, \"two\", [3]", """{"a": {"_v": [1], "_t": "set"}}"""))!;
        int changes = 1 + random.Next(3);
        for (int i = 0; i < changes; i++)
        {
            List<JsonNode> all = [];
            Collect(root, all);
            JsonNode node = all[random.Next(all.Count)];
            switch (node)
            {
                case JsonObject map when random.Next(3) == 0 && map.Count > 0:
                    map.Remove(map.ElementAt(random.Next(map.Count)).Key);
                    break;
                case JsonObject map:
                    map[Name(random)] = Value(random, 3);
                    break;
                case JsonArray list:
                    list.Insert(random.Next(list.Count + 1), Value(random, 3));
                    break;
                default:
                    if (node.Parent is null)
                    {
                        return Text(random, Value(random, 3));
                    }

                    node.ReplaceWith(Value(random, 3));
                    break;
            }
        }

        return Text(random, root);
    }

    /// <summary>As JSON, or as something near it.</summary>
    private static string Text(Random random, JsonNode? node)
    {
        string text = node?.ToJsonString(new JsonSerializerOptions { MaxDepth = 1000 }) ?? "null";
        return random.Next(12) switch
        {
            0 => text[..random.Next(text.Length)],
            1 => text + text,
            2 => text.Replace("1", "NaN", StringComparison.Ordinal),
            3 => text.Replace("\"_t\"", "\"_t\": 1, \"_t\"", StringComparison.Ordinal),
            4 => text.Replace("1", new string('[', 1 + random.Next(600)), StringComparison.Ordinal),
            5 => text.Replace("two", "\\ud800", StringComparison.Ordinal),
            6 => text.Replace("1", "-" + new string('9', random.Next(1, 5000)), StringComparison.Ordinal),
            _ => text,
        };
    }

    private static void Collect(JsonNode? node, List<JsonNode> found)
    {
        if (node is null)
        {
            return;
        }

        found.Add(node);
        IEnumerable<JsonNode?> children = node is JsonObject map ? map.Select(member => member.Value) : node is JsonArray list ? list : [];
        foreach (JsonNode? child in children)
        {
            Collect(child, found);
        }
    }

    private static string Name(Random random)
    {
        string[] names = ["_v", "_t", "id", "path", "payload", "args", "kwargs", "meta", "self", "", "\u0e1f", "a", "succ"];
        return names[random.Next(names.Length)];
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 14 : 10) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.NextInt64()),
        3 => JsonValue.Create(random.NextDouble() * 1e300),
        4 => JsonValue.Create(""),
        5 => JsonValue.Create("vault/subject"),
        6 => JsonValue.Create("RequestDataType"),
        7 => JsonValue.Create("tuple"),
        8 => JsonValue.Create(new string('x', random.Next(3000))),
        9 => JsonValue.Create("System.IO.File"),
        10 => new JsonArray(Value(random, depth - 1), Value(random, depth - 1)),
        11 => new JsonObject { [Name(random)] = Value(random, depth - 1) },
        12 => new JsonObject { ["_v"] = Value(random, depth - 1), ["_t"] = Value(random, depth - 1) },
        _ => new JsonObject { ["_v"] = new JsonArray(Value(random, depth - 1)), ["_t"] = "set" },
    };
}
