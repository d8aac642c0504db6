using System.Text;
using System.Text.Json.Nodes;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>
/// Every row of PROTOCOL section 10: where the original closes, hangs or spins, a server of ours answers, with the id where it can be
/// read, or closes in bounded time; others go on, and nothing is left behind.
/// </summary>
public sealed class BadInputTests
{
    /// <summary>How a server may take something.</summary>
    public enum Reaction
    {
        /// <summary>An error with the id; the connection goes on.</summary>
        Error,

        /// <summary>A failure frame; the connection goes on.</summary>
        Failure,

        /// <summary>A failure frame, then the end.</summary>
        Refusal,

        /// <summary>The end.</summary>
        Closed,
    }

    public static TheoryData<string, string, Reaction, string?> Rows
    {
        get
        {
            TheoryData<string, string, Reaction, string?> rows = [];
            void Error(string what, string? name, string document) => rows.Add(what, Framed(document), Reaction.Error, name);
            void Failure(string what, string document) => rows.Add(what, Framed(document), Reaction.Failure, null);
            void Refusal(string what, string bytes) => rows.Add(what, bytes, Reaction.Refusal, null);
            void Closed(string what, string bytes) => rows.Add(what, bytes, Reaction.Closed, null);

            Error("unknown path", "KeyError", Call("bad/nope"));
            Error("unknown service", "KeyError", Call("nope/echo"));
            Error("method that is not exposed", "KeyError", Call("bad/hidden"));
            Error("method of object", "KeyError", Call("bad/to_string"));
            Error("method in the wrong case", "KeyError", Call("bad/Echo"));
            Error("empty path", "KeyError", Call(""));
            Error("too few arguments", "TypeError", Call("bad/echo"));
            Error("too many arguments", "TypeError", Call("bad/echo", "1, 2"));
            Error("unknown keyword", "TypeError", Call("bad/echo", "1", "{\"other\": 2}"));
            Error("doubled argument", "TypeError", Call("bad/echo", "1", "{\"value\": 2}"));
            Error("argument of another type", "TypeError", Call("bad/number", "\"x\""));
            Error("number too large", "TypeError", Call("bad/number", "99999999999"));
            Error("exception in the method", "InvalidOperationException", Call("bad/fail"));
            Error("exception that cannot be described", "SpeechlessException", Call("bad/fail_speechless"));
            Error("exception with a lone surrogate", "GawFault", Call("bad/fail_surrogate"));
            Error("exception in an asynchronous method", "InvalidOperationException", Call("bad/fail_later"));
            Error("cancellation thrown by the method", "OperationCanceledException", Call("bad/fail_cancelled"));
            Error("result that cannot be sent", "SerializeError", Call("bad/give_action"));
            Error("result with a key that cannot be sent", "SerializeError", Call("bad/give_odd_key"));
            Error("result that contains itself", "SerializeError", Call("bad/give_endless"));
            Error("result whose property throws", null, Call("bad/give_thrower"));

            Failure("not JSON", "hello");
            Failure("half a document", "{\"_v\": ");
            Failure("something behind the document", "{} x");
            Failure("single quotes", "{'a': 1}");
            Failure("trailing comma", "[1,]");
            Failure("byte order mark", "\u00ef\u00bb\u00bf{}");
            Failure("not UTF-8", "\"\u00c3(\"");
            Failure("encoded surrogate", "\"\u00ed\u00a0\u0080\"");
            Failure("empty payload", "");
            Failure("bare control character", "\"a\u0001b\"");
            Failure("a number", "5");
            Failure("null", "null");
            Failure("a text", "\"text\"");
            Failure("a list", "[1, 2]");
            Failure("a dict", "{\"a\": 1}");
            Failure("an empty dict", "{}");
            Failure("a list around a request", "[" + Call("bad/echo", "1") + "]");
            Failure("_v alone", "{\"_v\": 1}");
            Failure("_t alone", "{\"_t\": \"RequestDataType\"}");
            Failure("null beside _t", "{\"_v\": null, \"_t\": \"RequestDataType\"}");
            Failure("a response", "{\"_v\": {\"resp_to\": 1, \"success\": true, \"payload\": 1}, \"_t\": \"ResponseDataType\"}");
            Failure("a tuple", "{\"_v\": [1], \"_t\": \"tuple\"}");
            Failure("request without an id", Call("bad/echo", "1").Replace("\"id\": 7, ", "", StringComparison.Ordinal));
            Failure("deep in front of the id", "{\"_t\": " + new string('[', 100_000));

            Error("another class in place of the request", null, Call("bad/echo", "1").Replace("RequestDataType", "Point", StringComparison.Ordinal));
            Error("unknown type in place of the request", null, Call("bad/echo", "1").Replace("\"RequestDataType\"", "5", StringComparison.Ordinal));
            Error("no type", null, Call("bad/echo", "1").Replace(", \"_t\": \"RequestDataType\"", "", StringComparison.Ordinal));
            Error("request without a path", null, Call("bad/echo", "1").Replace("\"path\": \"bad/echo\", ", "", StringComparison.Ordinal));
            Error("request without a payload", null, "{\"_v\": {\"id\": 7, \"path\": \"bad/echo\"}, \"_t\": \"RequestDataType\"}");
            Error("request with a key more", null, Call("bad/echo", "1").Replace("\"id\": 7", "\"id\": 7, \"more\": 1", StringComparison.Ordinal));
            Error("path a list", null, Call("bad/echo", "1").Replace("\"bad/echo\"", "[1]", StringComparison.Ordinal));
            Error("path a dict", null, Call("bad/echo", "1").Replace("\"bad/echo\"", "{}", StringComparison.Ordinal));
            Error("path null", "KeyError", Call("bad/echo", "1").Replace("\"bad/echo\"", "null", StringComparison.Ordinal));
            Error("path a number", "KeyError", Call("bad/echo", "1").Replace("\"bad/echo\"", "5", StringComparison.Ordinal));
            Error("path with a lone surrogate", "KeyError", Call("bad/echo", "1").Replace("bad/echo", "bad/\\ud800", StringComparison.Ordinal));
            Error("payload a list", "AssertionError", "{\"_v\": {\"id\": 7, \"path\": \"bad/echo\", \"payload\": [1]}, \"_t\": \"RequestDataType\"}");
            Error("payload null", "AssertionError", "{\"_v\": {\"id\": 7, \"path\": \"bad/echo\", \"payload\": null}, \"_t\": \"RequestDataType\"}");
            Error("payload without args", "KeyError", "{\"_v\": {\"id\": 7, \"path\": \"bad/echo\", \"payload\": {\"kwargs\": {}}}, \"_t\": \"RequestDataType\"}");
            Error("payload without kwargs", "KeyError", "{\"_v\": {\"id\": 7, \"path\": \"bad/echo\", \"payload\": {\"args\": []}}, \"_t\": \"RequestDataType\"}");
            Error("args a number", "TypeError", "{\"_v\": {\"id\": 7, \"path\": \"bad/echo\", \"payload\": {\"args\": 5, \"kwargs\": {}}}, \"_t\": \"RequestDataType\"}");
            Error("kwargs a list", "TypeError", "{\"_v\": {\"id\": 7, \"path\": \"bad/echo\", \"payload\": {\"args\": [1], \"kwargs\": []}}, \"_t\": \"RequestDataType\"}");
            Error("argument of a registered class with a part missing", null, Call("bad/echo", "{\"_v\": {\"x\": 1}, \"_t\": \"BadPoint\"}"));
            Error("argument of a registered class with a part more", null, Call("bad/echo", "{\"_v\": {\"x\": 1, \"y\": 2, \"z\": 3}, \"_t\": \"BadPoint\"}"));
            Error("argument of a registered class that is no dict", null, Call("bad/echo", "{\"_v\": 5, \"_t\": \"BadPoint\"}"));
            Error("argument with _v alone", null, Call("bad/echo", "{\"_v\": 1}"));
            Error("argument with _t alone", null, Call("bad/echo", "{\"_t\": 1}"));
            Error("argument with null beside _t", null, Call("bad/echo", "{\"_v\": null, \"_t\": \"tuple\"}"));
            Error("argument with a _t that is a list", null, Call("bad/echo", "{\"_v\": 1, \"_t\": []}"));
            Error("argument with an empty _t", null, Call("bad/echo", "{\"_v\": 1, \"_t\": \"\"}"));
            Error("bad moment", null, Call("bad/echo", "{\"_v\": \"not a moment\", \"_t\": \"datetime\"}"));
            Error("moment that is no text", null, Call("bad/echo", "{\"_v\": 5, \"_t\": \"datetime\"}"));
            Error("bad uuid", null, Call("bad/echo", "{\"_v\": \"zz\", \"_t\": \"uuid\"}"));
            Error("uuid that is no text", null, Call("bad/echo", "{\"_v\": 5, \"_t\": \"uuid\"}"));
            Error("set with a list in it", null, Call("bad/echo", "{\"_v\": [[1]], \"_t\": \"set\"}"));
            Error("tuple around a number", null, Call("bad/echo", "{\"_v\": 5, \"_t\": \"tuple\"}"));
            Error("arguments that are too deep", null, Call("bad/echo", new string('[', 5000) + new string(']', 5000)));
            Error("arguments that are deep without an end", null, Call("bad/echo", new string('[', 100_000)));
            Error("integer of too many digits", null, Call("bad/echo", new string('9', 5000)));

            Refusal("empty length line", "\n");
            Refusal("word", "abc\n");
            Refusal("float", "5.0\n");
            Refusal("hexadecimal", "0x10\n");
            Refusal("NUL", "\0\0\0\0");
            Refusal("not ASCII", "\u00b2\n");
            Refusal("negative", "-5\nhello");
            Refusal("10^18", "1000000000000000000\n");
            Refusal("10^20", "100000000000000000000\n");
            Refusal("5000 digits", new string('1', 5000) + "\n");
            Refusal("500,000,000 and then nothing", "500000000\n");
            Refusal("HTTP request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Refusal("TLS greeting", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
            Closed("end in the length line", "12");
            Closed("end behind the length line", "12\n");
            Closed("end in the payload", "12\n{\"_v\":");
            return rows;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Bad_input_is_answered_or_ended_and_harms_nobody(string what, string bytes, Reaction reaction, string? name)
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer other = await RawPeer.ConnectAsync(server.Port);
        await using (RawPeer peer = await RawPeer.ConnectAsync(server.Port))
        {
            await peer.SendAsync(Encoding.Latin1.GetBytes(bytes));
            if (reaction == Reaction.Closed)
            {
                (await other.AskAsync(Call("bad/echo", "1"))).Should().Be(BadServer.Answer("7", "1"), "{0} is waited for, and harms nobody", what);
                peer.HalfClose();
                (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
            }
            else
            {
                JsonNode answer = JsonNode.Parse((await peer.ReadFrameAsync())!)!;
                Check(answer, reaction, name);
                if (reaction == Reaction.Refusal)
                {
                    peer.HalfClose();
                    (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty("one refusal is enough");
                }
                else
                {
                    (await peer.AskAsync(Call("bad/echo", "1"))).Should().Be(BadServer.Answer("7", "1"), "{0} leaves the connection usable", what);
                }
            }
        }

        (await other.AskAsync(Call("bad/echo", "1"))).Should().Be(BadServer.Answer("7", "1"));
        other.Close();
        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task A_length_that_is_too_small_puts_the_stream_out_of_step_and_ends_it()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string document = Call("bad/echo", "1");
        await peer.SendAsync($"{document.Length - 10}\n{document}");

        IReadOnlyList<string> answers = await peer.ReadFramesUntilClosedAsync();
        answers.Should().HaveCount(2);
        answers.Should().OnlyContain(answer => answer.Contains("\"succ\": false", StringComparison.Ordinal));
        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task A_peer_that_is_refused_and_goes_on_sending_reads_the_refusal_and_is_cut_off()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync("500000000\n" + new string('x', 300_000));
        (await peer.ReadFrameAsync()).Should().Contain("FrameTooLarge");
        peer.HalfClose();

        (await peer.ReadFrameAsync()).Should().BeNull();
        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task A_peer_that_is_refused_and_stays_is_cut_off()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync("x");
        (await peer.ReadFrameAsync()).Should().Contain("\"succ\": false");

        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task What_ran_before_a_bad_frame_is_answered_before_the_refusal()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync([.. RawPeer.Frame(Call("bad/echo", "1")), .. RawPeer.Frame(Call("bad/echo_later", "2")), .. "abc\n"u8]);

        IReadOnlyList<string> answers = await peer.ReadFramesUntilClosedAsync();
        answers.Should().HaveCount(3);
        answers[0].Should().Be(BadServer.Answer("7", "1"));
        answers[1].Should().Be(BadServer.Answer("7", "2"));
        answers[2].Should().Contain("\"succ\": false");
    }

    [Fact]
    public async Task A_reset_at_any_point_leaves_nothing_behind()
    {
        await using TestServer server = await ServeAsync();
        byte[] frame = RawPeer.Frame(Call("bad/echo", "1"));
        foreach (int sent in new[] { 0, 1, 2, 3, 4, 5, 20, frame.Length - 1, frame.Length, frame.Length + 2 })
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(((byte[])[.. frame, .. frame])[..sent]);
            peer.Reset();
        }

        await using (RawPeer other = await RawPeer.ConnectAsync(server.Port))
        {
            (await other.AskAsync(Call("bad/echo", "1"))).Should().Be(BadServer.Answer("7", "1"));
        }

        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task A_method_whose_caller_has_gone_runs_to_its_end()
    {
        TaskCompletionSource began = new(), ended = new(), gate = new();
        await using TestServer server = await TestServer.ServingAsync<Slow>(began, gate, ended);
        RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendFrameAsync(Call("slow/run"));
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        peer.Reset();
        gate.SetResult();
        await ended.Task.WaitAsync(TestTimeouts.Limit, Token);

        await server.IsEmptyAsync();
        await peer.DisposeAsync();
    }

    [Fact]
    public async Task Silence_within_a_frame_harms_nobody_and_ends_with_its_peer()
    {
        await using TestServer server = await ServeAsync();
        List<RawPeer> silent = [];
        for (int i = 0; i < 50; i++)
        {
            silent.Add(await RawPeer.ConnectAsync(server.Port));
            await silent[^1].SendAsync(i % 2 == 0 ? "10" : "1000\n{\"_v\": ");
        }

        await using (RawPeer other = await RawPeer.ConnectAsync(server.Port))
        {
            (await other.AskAsync(Call("bad/echo", "1"))).Should().Be(BadServer.Answer("7", "1"));
        }

        foreach (RawPeer peer in silent)
        {
            await peer.DisposeAsync();
        }

        await server.IsEmptyAsync();
    }

    private static Task<TestServer> ServeAsync() => TestServer.StartAsync(
        server => server.Add<Bad>(), new GawServerOptions { Types = new GawTypes().Add<BadPoint>(), Traces = TracePolicy.Never });

    private static void Check(JsonNode answer, Reaction reaction, string? name)
    {
        if (reaction == Reaction.Error)
        {
            answer["succ"]!.GetValue<bool>().Should().BeTrue();
            JsonNode response = answer["data"]!["_v"]!;
            response["resp_to"]!.GetValue<int>().Should().Be(7);
            response["success"]!.GetValue<bool>().Should().BeFalse();
            CheckParts(response["payload"]!, name);
            return;
        }

        answer["succ"]!.GetValue<bool>().Should().BeFalse();
        CheckParts(answer, name);
        CheckParts(answer["data"]!, name);
    }

    private static void CheckParts(JsonNode error, string? name)
    {
        error.AsObject().Should().ContainKeys("name", "message", "trace");
        error["name"]!.GetValue<string>().Should().NotBeEmpty();
        error["trace"].Should().BeNull();
        if (name is not null)
        {
            error["name"]!.GetValue<string>().Should().Be(name);
        }
    }

    private static string Call(string path, string args = "", string kwargs = "{}") => RawPeer.Request("7", path, args, kwargs);

    /// <summary>Each character stands for one byte.</summary>
    private static string Framed(string document) => $"{document.Length}\n{document}";

    public sealed record BadPoint(int X, int Y);

    public sealed class SpeechlessException : Exception
    {
        public override string Message => throw new InvalidOperationException("no words");
    }

    public sealed class Thrower
    {
        public int Broken
        {
            get => throw new InvalidOperationException("broken");
            set => _ = value;
        }
    }

    [Service("bad")]
    public sealed class Bad
    {
        [Entrypoint]
        public object? Echo(object? value) => value;

        [Entrypoint]
        public async Task<object?> EchoLater(object? value)
        {
            await Task.Yield();
            return value;
        }

        [Entrypoint]
        public int Number(int value) => value;

        [Entrypoint]
        public void Fail() => throw new InvalidOperationException("failed");

        [Entrypoint]
        public void FailSpeechless() => throw new SpeechlessException();

        [Entrypoint]
        public void FailSurrogate() => throw new GawError("GawFault", "a\ud800b");

        [Entrypoint]
        public void FailCancelled() => throw new OperationCanceledException();

        [Entrypoint]
        public async Task FailLater()
        {
            await Task.Yield();
            throw new InvalidOperationException("failed later");
        }

        [Entrypoint]
        public object GiveAction() => new Action(() => { });

        [Entrypoint]
        public object GiveOddKey() => new Dictionary<object, int> { [(1, 2)] = 3 };

        [Entrypoint]
        public object GiveEndless()
        {
            List<object> endless = [];
            endless.Add(endless);
            return endless;
        }

        [Entrypoint]
        public object GiveThrower() => new Thrower();

        public void Hidden()
        {
        }
    }

    [Service("slow")]
    public sealed class Slow(TaskCompletionSource began, TaskCompletionSource gate, TaskCompletionSource ended)
    {
        [Entrypoint]
        public async Task Run()
        {
            began.SetResult();
            await gate.Task;
            ended.SetResult();
        }
    }
}
