using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Gaw.Tests.Support;

/// <summary>The helpers of the tests, held against each other: whoever relies on them may take this for granted.</summary>
public sealed class SupportTests
{
    private const string Key128 = "AAECAwQFBgcICQoLDA0ODw==";
    private const string Key192 = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX";
    private const string Key256 = "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8=";

    public static TheoryData<string?, bool> Modes => new()
    {
        { null, false },
        { Key128, false },
        { Key192, false },
        { Key256, false },
        { Key128, true },
        { Key192, true },
        { Key256, true },
    };

    public static TheoryData<string, string, string?> WhatTheOriginalMakesOfABadServer => new()
    {
        { nameof(BadServer.CloseAfterRequest), "ConnectionTerminated", null },
        { nameof(BadServer.ResetAfterRequest), "ConnectionResetError", null },
        { nameof(BadServer.CutInLengthLine), "EndWithinFrame", null },
        { nameof(BadServer.CutInBody), "EndWithinFrame", null },
        { nameof(BadServer.WrongId), "ValueError", null },
        { nameof(BadServer.Garbage), "ValueError", null },
        { nameof(BadServer.GarbageInFrame), "PostofficeException", "ValueError" },
        { nameof(FailureForm.Nested), "KeyError", null },
        { nameof(FailureForm.Flat), "PostofficeException", "GenerallyBad" },
        { nameof(FailureForm.Both), "PostofficeException", "GenerallyBad" },
        { "id as text", "ValueError", null },
        { "unknown class", "SerializeError", null },
        { "missing key", "TypeError", null },
    };

    [Fact]
    public async Task The_python_peer_agrees_with_every_recorded_frame()
    {
        (int exitCode, string said) = await PythonPeer.SelfTestAsync();

        said.Should().StartWith("ok: 509 vectors, 423 decoded, 86 refused, 417 encoded");
        exitCode.Should().Be(0);
    }

    [Fact]
    public void The_recorded_frames_are_all_there()
    {
        WireVectors.All.Should().HaveCount(509);
        WireVectors.Everything().Should().HaveCount(509);
        WireVectors.RefusedRequests().Concat(WireVectors.RefusedResponses()).Should().HaveCount(86);
        WireVectors.Undecodable().Should().HaveCount(88);
        WireVectors.Decodable().Should().HaveCount(509 - 88 - 4);
        WireVectors.ClosingRequests().Should().HaveCount(21);
        WireVectors.AnsweredRequests().Should().HaveCountGreaterThan(150);
        WireVectors.Get("encrypted192/bad_iv_only/request").Should().BeEquivalentTo(new
        {
            Mode = "encrypted",
            Secret = Key192,
            Json = (string?)null,
            Outcome = WireOutcome.Refused,
            ServerReplyName = "IndexError",
            ServerReplyMessage = "index out of range",
        });
        WireVectors.Get("signed128/client_refuses_tampered/response").ClientErrorName.Should().Be("DecodeError");
        WireVectors.Get("plain/plus_positional/request").ToString().Should().Be("plain/plus_positional/request");
    }

    [Fact]
    public void The_code_of_the_wire_makes_and_opens_every_recorded_frame_that_a_port_must_read()
    {
        foreach (WireVector vector in WireVectors.Decodable().Select(row => WireVectors.Get(row.Data)))
        {
            WireCode code = new WireCode(vector.Secret, vector.Encrypted);
            code.Open(vector.Payload).Should().Be(vector.Json, vector.Name);
            code.Frame(vector.Json!, vector.Iv).Should().Equal(vector.Frame, vector.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task The_python_peer_serves_what_its_client_asks(string? secret, bool encrypt)
    {
        await using PythonServer server = await PythonPeer.StartServerAsync(secret, encrypt);
        await using PythonClient client = await PythonPeer.StartClientAsync(server.Port, secret, encrypt);

        (await client.CallAsync("math_service/plus", 10, 20)).GetProperty("result").GetString().Should().Be("hello!: 30");
        (await client.SendAsync(new { path = "math_service/multiply", kwargs = new { b = 4, a = 3 } })).GetProperty("result").GetString().Should().Be("hello!: 12");
        (await client.CallAsync("math_result/compute", 1, 2)).GetProperty("text").GetString()
            .Should().Be("""{"_v": {"header": "hello!", "result": 3}, "_t": "MathResult"}""");
        (await client.CallAsync("v/nothing")).GetProperty("result").ValueKind.Should().Be(JsonValueKind.Null);
        (await client.CallAsync("v/opt", 1)).GetProperty("text").GetString().Should().Be("[1, 2, \"see\"]");
        (await client.CallAsync("v/size", new string('x', 5000))).GetProperty("result").GetInt32().Should().Be(5000);
        (await client.CallAsync("v/text", 5000)).GetProperty("result").GetString().Should().HaveLength(5000);
        server.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task The_python_peer_tells_which_python_type_a_value_has_and_echoes_it()
    {
        (string Wire, string Type)[] values =
        [
            ("3.0", "float"),
            ("3", "int"),
            ("NaN", "float"),
            ("[true, null, \"\\u0e1f\"]", "list[bool,None,str]"),
            ("{\"a\": 1, \"b\": {}}", "dict[a:int,b:dict[]]"),
            ("{\"_v\": [1, 2.5, \"x\"], \"_t\": \"tuple\"}", "tuple[int,float,str]"),
            ("{\"_v\": [1], \"_t\": \"set\"}", "set[int]"),
            ("{\"_v\": \"2016-07-29 11:18:20\", \"_t\": \"datetime\"}", "datetime(naive)"),
            ("{\"_v\": \"2016-07-29 11:18:20.480054+07:00\", \"_t\": \"datetime\"}", "datetime(+07:00)"),
            ("{\"_v\": \"06335e84-2872-4914-8c5d-3ed07d2a2f16\", \"_t\": \"uuid\"}", "UUID"),
            ("{\"_v\": {\"start\": {\"_v\": {\"x\": 1, \"y\": 2.0}, \"_t\": \"Point\"}, \"end\": null, \"label\": \"l\"}, \"_t\": \"Line\"}", "Line(start:Point(x:int,y:float),end:None,label:str)"),
        ];
        await using PythonServer server = await PythonPeer.StartServerAsync();
        await using PythonClient client = await PythonPeer.StartClientAsync(server.Port);

        foreach ((string wire, string type) in values)
        {
            (await client.CallTextAsync("v/describe", $"[{wire}]")).GetProperty("result").GetString().Should().Be(type);
            JsonElement echo = await client.CallTextAsync("v/echo", $"[{wire}]");
            echo.GetProperty("text").GetString().Should().Be(wire);
            echo.GetProperty("type").GetString().Should().Be(type);
        }
    }

    [Fact]
    public async Task The_python_peer_raises_what_the_original_raises_when_a_call_fails()
    {
        await using PythonServer server = await PythonPeer.StartServerAsync();
        await using PythonClient client = await PythonPeer.StartClientAsync(server.Port);

        Error(await client.CallAsync("v/fail_value")).Should().Be(("JsonSocketException", "ValueError", "no good"));
        Error(await client.CallAsync("v/fail_key")).Should().Be(("JsonSocketException", "KeyError", "'colour'"));
        Error(await client.CallAsync("v/nope")).Should().Be(("JsonSocketException", "KeyError", "path: v/nope not found"));
        Error(await client.CallAsync("math_service/plus", 1)).Should()
            .Be(("JsonSocketException", "TypeError", "Maths.plus() missing 1 required positional argument: 'b'"));
        Error(await client.CallTextAsync("v/echo", """[{"_v": 1}]""")).Error.Should().Be("ConnectionTerminated");
        Error(await client.CallAsync("v/bad")).Error.Should().Be("ConnectionTerminated", "a result that cannot be sent closes the connection");
        (await client.CallAsync("v/count")).GetProperty("result").GetInt32().Should().Be(4, "wrong arguments count as a call, an unknown path or a bad value does not");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_python_peer_takes_batches_crowds_documents_and_bytes(bool twoWrites)
    {
        await using PythonServer server = await PythonPeer.StartServerAsync(Key128, encrypt: true, twoWrites);
        await using PythonClient client = await PythonPeer.StartClientAsync(server.Port, Key128, encrypt: true, twoWrites);

        JsonElement batch = await client.SendAsync(new
        {
            batch = new object[]
            {
                new { path = "v/echo", args = new[] { "first" } },
                new { path = "v/fail_value" },
                new { path = "v/echo", args = new[] { "third" } },
            },
        });
        batch.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("ok").GetBoolean()).Should().Equal(true, false, true);
        batch.GetProperty("results")[2].GetProperty("result").GetString().Should().Be("third");

        JsonElement crowd = await client.SendAsync(new { threads = 4, calls = 3, path = "math_service/plus" });
        crowd.GetProperty("failures").EnumerateArray().Should().BeEmpty();
        crowd.GetProperty("calls").GetInt32().Should().Be(12);

        (await client.SendAsync(new { document = RawPeer.Request("\"text\"", "v/nothing") })).GetProperty("document").GetString()
            .Should().Be(BadServer.Answer("\"text\"", "null"));

        byte[] frame = new WireCode(Key128, encrypt: true).Frame(RawPeer.Request("7", "v/nothing"));
        JsonElement raw = await client.SendAsync(new { raw_hex = Convert.ToHexString([.. frame, .. "?\n"u8, .. frame]), half_close = true });
        raw.GetProperty("frames").EnumerateArray().Select(document => document.GetString()).Should().HaveCount(3)
            .And.StartWith(BadServer.Answer("7", "null")).And.EndWith(BadServer.Answer("7", "null"));
        raw.GetProperty("closed").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task The_python_peer_with_another_key_reads_nothing()
    {
        await using PythonServer server = await PythonPeer.StartServerAsync(Key128);
        await using PythonClient otherKey = await PythonPeer.StartClientAsync(server.Port, Key192);
        await using PythonClient plain = await PythonPeer.StartClientAsync(server.Port);

        Error(await otherKey.CallAsync("v/nothing")).Should().Be(("PostofficeException", "DecodeError", "signature verification failed"));
        Error(await plain.CallAsync("v/nothing")).Should()
            .Be(("PostofficeException", "ValueError", "Data received was not in JSON or not decryptable format."));
    }

    [Fact]
    public async Task The_python_server_closes_and_refuses_as_the_original_does()
    {
        await using PythonServer server = await PythonPeer.StartServerAsync();
        foreach (WireVector vector in WireVectors.ClosingRequests().Select(row => WireVectors.Get(row.Data)))
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(vector.Frame);
            (await peer.ReadFrameAsync()).Should().BeNull(vector.Name);
        }

        foreach (WireVector vector in WireVectors.All.Where(vector => vector is { Mode: "plain", Json: null, IsRequest: true }))
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(vector.Frame);
            using JsonDocument failure = JsonDocument.Parse((await peer.ReadFrameAsync())!);
            failure.RootElement.GetProperty("succ").GetBoolean().Should().BeFalse(vector.Name);
            failure.RootElement.GetProperty("data").GetProperty("name").GetString().Should().Be(vector.ServerReplyName, vector.Name);
            failure.RootElement.GetProperty("data").GetProperty("message").GetString().Should().Be(vector.ServerReplyMessage, vector.Name);
        }
    }

    [Fact]
    public async Task The_python_server_ends_a_connection_whose_stream_ends_within_a_frame()
    {
        await using PythonServer server = await PythonPeer.StartServerAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        await peer.SendAsync("100\n{");
        peer.HalfClose();

        (await peer.ReadToEndAsync()).Should().BeEmpty("where the original would turn for ever, the stand-in closes");
    }

    [Theory]
    [MemberData(nameof(WhatTheOriginalMakesOfABadServer))]
    public async Task The_python_client_is_as_strict_as_the_original(string script, string error, string? name)
    {
        await using BadServer server = BadServer.Start(Script(script));
        await using PythonClient client = await PythonPeer.StartClientAsync(server.Port);

        (string Error, string? Name, string? Message) got = Error(await client.CallAsync("v/nothing"));

        got.Error.Should().Be(error, got.Message);
        got.Name.Should().Be(name);
        server.RequestCount.Should().Be(1);
        server.Requests.Single().Path.Should().Be("v/nothing");
    }

    [Fact]
    public async Task The_python_client_sends_a_lost_call_again_with_another_id_when_told_to_retry()
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(BadServer.CloseAfterRequest, BadServer.Answering(request => $"[{request.Args}]")));
        await using PythonClient client = await PythonPeer.StartClientAsync(server.Port, retries: 1);

        (await client.CallAsync("v/echo", 1)).GetProperty("type").GetString().Should().Be("list[tuple[int]]");

        server.ConnectionCount.Should().Be(2);
        server.Requests.Select(request => request.Id).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public async Task The_python_client_is_out_of_step_after_a_second_answer()
    {
        await using BadServer server = BadServer.Start(BadServer.AnswerTwice);
        await using PythonClient client = await PythonPeer.StartClientAsync(server.Port);

        (await client.CallAsync("v/nothing")).GetProperty("result").GetInt32().Should().Be(1);
        Error(await client.CallAsync("v/nothing")).Message.Should().Be("request error: wrong response id");
        server.ConnectionCount.Should().Be(1);
    }

    [Fact]
    public async Task A_late_answer_waits_for_its_signal_and_the_rest_comes_in_order()
    {
        TaskCompletionSource signal = new TaskCompletionSource();
        await using BadServer server = BadServer.Start(BadServer.LateAnswer(signal.Task, request => request.Id), new WireCode(Key256, encrypt: true));
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, new WireCode(Key256, encrypt: true));

        await peer.SendFrameAsync(RawPeer.Request("1", "a/b"));
        await peer.SendFrameAsync(RawPeer.Request("2", "a/b"));
        await server.WaitForRequestsAsync(1);
        server.RequestCount.Should().Be(1, "the second is not read before the first has its answer");
        signal.SetResult();

        (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer("1", "1"));
        (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer("2", "2"));
    }

    [Fact]
    public async Task A_raw_peer_names_every_way_a_stream_can_end()
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(
            BadServer.CloseAtOnce, BadServer.ResetAtOnce, BadServer.CutInLengthLine, BadServer.CutInBody, BadServer.Garbage, BadServer.Hang));

        await using RawPeer closed = await AskedAsync(server, ask: false);
        (await closed.ReadFrameAsync()).Should().BeNull();
        await ConnectingAndReading(server.Port).Should().ThrowAsync<SocketException>();
        await using RawPeer cutInLine = await AskedAsync(server);
        await Reading(cutInLine).Should().ThrowAsync<InvalidDataException>().WithMessage("*within a frame, after 1 bytes*");
        await using RawPeer cutInBody = await AskedAsync(server);
        await Reading(cutInBody).Should().ThrowAsync<InvalidDataException>().WithMessage("*within a frame*succ*");
        await using RawPeer garbage = await AskedAsync(server);
        await Reading(garbage).Should().ThrowAsync<InvalidDataException>().WithMessage("*HTTP*no length line*");
        garbage.HalfClose();
        await using RawPeer hanging = await AskedAsync(server);
        await server.WaitForRequestsAsync(4);
        await hanging.Invoking(peer => peer.ReadFrameAsync(TimeSpan.FromMilliseconds(1))).Should().ThrowAsync<TimeoutException>().WithMessage("Within 0.001 s no whole frame came*");
        hanging.Reset();
        await server.WaitForClosedAsync(6);
    }

    [Fact]
    public async Task A_bad_server_can_promise_more_than_it_sends()
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(BadServer.EndlessLengthLine, BadServer.HugeLength(1_000_000_000_000)));

        await using RawPeer endless = await AskedAsync(server);
        await Reading(endless).Should().ThrowAsync<InvalidDataException>().WithMessage("No line feed in the first*");
        endless.Reset();
        await using RawPeer huge = await AskedAsync(server);
        await Reading(huge).Should().ThrowAsync<InvalidDataException>().WithMessage("*1000000000000*");
        await server.WaitForClosedAsync(1);
    }

    [Fact]
    public async Task A_fault_in_the_script_of_a_bad_server_fails_the_test()
    {
        BadServer server = BadServer.Start(_ => throw new InvalidOperationException("The script is wrong."));
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        (await peer.ReadToEndAsync()).Should().BeEmpty();

        (await server.Awaiting(s => s.DisposeAsync().AsTask()).Should().ThrowAsync<AggregateException>()).WithInnerException<InvalidOperationException>();
    }

    [Fact]
    public async Task A_proxy_passes_what_the_python_peers_say_also_byte_by_byte()
    {
        await using PythonServer server = await PythonPeer.StartServerAsync(Key192, encrypt: true);
        await using ChaosProxy passing = ChaosProxy.Start(server.Port);
        await using ChaosProxy splitting = ChaosProxy.Start(server.Port, ChaosMode.SingleBytes, ChaosMode.SingleBytes);
        await using ChaosProxy delaying = ChaosProxy.Start(server.Port, toClient: ChaosMode.Delay(TimeSpan.FromMilliseconds(20)));
        Stopwatch watch = Stopwatch.StartNew();
        foreach (ChaosProxy proxy in (ChaosProxy[])[passing, splitting, delaying])
        {
            watch.Restart();
            await using PythonClient client = await PythonPeer.StartClientAsync(proxy.Port, Key192, encrypt: true);
            (await client.CallAsync("math_service/plus", 1, 2)).GetProperty("result").GetString().Should().Be("hello!: 3");
            proxy.ConnectionCount.Should().Be(1);
            proxy.BytesToServer.Should().BeGreaterThan(200);
            proxy.BytesToClient.Should().BeGreaterThan(150);
        }

        watch.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(20), "the last one delays");
    }

    [Fact]
    public async Task A_proxy_cuts_after_the_bytes_it_was_told()
    {
        await using BadServer server = BadServer.Start(BadServer.Answering(_ => "\"0123456789\""));
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port, toClient: ChaosMode.CutAfter(7));
        await using RawPeer peer = await RawPeer.ConnectAsync(proxy.Port);

        await peer.SendFrameAsync(RawPeer.Request("1", "a/b"));

        Encoding.ASCII.GetString(await peer.ReadToEndAsync()).Should().MatchRegex("^[0-9]{3}\n\\{\"s$").And.HaveLength(7);
        peer.Close();
        await server.WaitForClosedAsync(1);
        proxy.BytesToClient.Should().Be(7);
    }

    [Fact]
    public async Task A_proxy_resets_after_the_bytes_it_was_told_and_may_do_better_next_time()
    {
        await using BadServer server = BadServer.Start(BadServer.Answering());
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port, ChaosMode.ResetAfter(5));
        await using RawPeer first = await RawPeer.ConnectAsync(proxy.Port);
        await first.SendFrameAsync(RawPeer.Request("1", "a/b"));
        await Reading(first).Should().ThrowAsync<SocketException>();
        await server.WaitForClosedAsync(1);
        server.RequestCount.Should().Be(0);
        proxy.BytesToServer.Should().Be(5);

        proxy.ToServer = ChaosMode.ResetAfter(0);
        await ConnectingAndReading(proxy.Port).Should().ThrowAsync<SocketException>();

        proxy.ToServer = ChaosMode.Pass;
        await using RawPeer third = await RawPeer.ConnectAsync(proxy.Port);
        (await third.AskAsync(RawPeer.Request("3", "a/b"))).Should().Be(BadServer.Answer("3", "null"));
        proxy.ResetAll();
        await Reading(third).Should().ThrowAsync<SocketException>();
        proxy.ConnectionCount.Should().Be(3);
    }

    [Fact]
    public async Task A_proxy_stalls_until_it_may_resume()
    {
        await using BadServer server = BadServer.Start(BadServer.Answering());
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port, ChaosMode.StallAfter(10));
        await using RawPeer peer = await RawPeer.ConnectAsync(proxy.Port);

        Task<string?> answer = peer.AskAsync(RawPeer.Request("1", "a/b"));
        await proxy.WaitForBytesToServerAsync(10);
        answer.IsCompleted.Should().BeFalse();
        server.RequestCount.Should().Be(0);
        proxy.Resume();

        (await answer).Should().Be(BadServer.Answer("1", "null"));
    }

    [Fact]
    public async Task A_proxy_closes_one_direction_and_lets_the_other_go_on()
    {
        string request = RawPeer.Request("1", "a/b");
        await using BadServer server = BadServer.Start(async connection =>
        {
            await connection.AnswerAsync((await connection.ReadRequestAsync())!);
            (await connection.ReadRequestAsync()).Should().BeNull("the proxy ended this direction");
            await connection.SendFrameAsync("\"after the end\"");
        });
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port, ChaosMode.HalfCloseAfter(RawPeer.Frame(request).Length));
        await using RawPeer peer = await RawPeer.ConnectAsync(proxy.Port);

        await peer.SendFrameAsync(request);
        await peer.SendFrameAsync(request);

        (await peer.ReadFramesUntilClosedAsync()).Should().Equal(BadServer.Answer("1", "null"), "\"after the end\"");
    }

    private static (string Error, string? Name, string? Message) Error(JsonElement answer)
    {
        answer.GetProperty("ok").GetBoolean().Should().BeFalse();
        return (answer.GetProperty("error").GetString()!, answer.GetProperty("name").GetString(), answer.GetProperty("message").GetString());
    }

    private static Func<BadServer.Connection, Task> Script(string name) => name switch
    {
        nameof(BadServer.CloseAfterRequest) => BadServer.CloseAfterRequest,
        nameof(BadServer.ResetAfterRequest) => BadServer.ResetAfterRequest,
        nameof(BadServer.CutInLengthLine) => BadServer.CutInLengthLine,
        nameof(BadServer.CutInBody) => BadServer.CutInBody,
        nameof(BadServer.WrongId) => BadServer.WrongId,
        nameof(BadServer.Garbage) => BadServer.Garbage,
        nameof(BadServer.GarbageInFrame) => BadServer.GarbageInFrame,
        "id as text" => connection => connection.ForEachAsync(request => connection.SendFrameAsync(BadServer.Answer($"\"{request.Id}\"", "null"))),
        "unknown class" => BadServer.Answering(_ => """{"_v": {}, "_t": "Nobody"}"""),
        "missing key" => BadServer.Saying("""{"succ": true, "data": {"_v": {"resp_to": 1, "success": true}, "_t": "ResponseDataType"}}"""),
        _ => BadServer.Failure(Enum.Parse<FailureForm>(name), "GenerallyBad", "no frame"),
    };

    private static async Task<RawPeer> AskedAsync(BadServer server, bool ask = true)
    {
        RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        if (ask)
        {
            await peer.SendFrameAsync(RawPeer.Request("1", "a/b"));
        }

        return peer;
    }

    /// <summary>Both in one, for a reset may come as early as in connecting.</summary>
    private static Func<Task> ConnectingAndReading(int port) => async () =>
    {
        await using RawPeer peer = await RawPeer.ConnectAsync(port);
        await peer.ReadFrameAsync();
    };

    private static Func<Task> Reading(RawPeer peer) => () => peer.ReadFrameAsync();
}
