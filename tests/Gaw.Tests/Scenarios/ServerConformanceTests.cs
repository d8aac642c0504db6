using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gaw.PostOffice;
using Gaw.PostOffice.Framing;
using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, rows A, C, D1, E3, F and H: a server meets peers of every kind. Short forms; GAW_LONG_TESTS=1 runs the long ones.</summary>
public sealed class ServerConformanceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsLong => ClientConformanceTests.IsLong;

    [Fact]
    public async Task A1_A_frame_of_the_limit_is_taken_and_one_byte_more_is_refused()
    {
        await using TestServer server = await ServeAsync(new GawServerOptions { MaxFrameBytes = 1024 });
        int rest = 1024 - RawPeer.Request("7", "promise/length", "\"\"").Length;
        await using RawPeer fitting = await RawPeer.ConnectAsync(server.Port);
        (await fitting.AskAsync(RawPeer.Request("7", "promise/length", $"\"{new string('x', rest)}\""))).Should().Be(BadServer.Answer("7", $"{rest}"));
        await using RawPeer above = await RawPeer.ConnectAsync(server.Port);
        (await above.AskAsync(RawPeer.Request("7", "promise/length", $"\"{new string('x', rest + 1)}\""))).Should().Contain("FrameTooLarge").And.Contain("1024");
    }

    [Fact]
    public async Task A2_Over_the_budget_the_largest_incomplete_frame_loses_its_connection_and_small_calls_go_on()
    {
        await using PostOfficeServer server = new("127.0.0.1", 0, (message, _) => new(message));
        await server.StartAsync(Token);
        await using RawPeer small = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await using RawPeer large = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        server.Budget.Change((int)FrameBudget.DefaultMaxBytes - 500_000);
        await large.SendAsync("16000000\n" + new string('x', 2_000_000));

        (await large.ReadFramesUntilClosedAsync()).Should().BeEmpty();
        (await small.AskAsync("1")).Should().Be("{\"succ\": true, \"data\": 1}");
        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 1);
        server.Budget.Change(499_999);
        server.Budget.IsExceeded.Should().BeFalse("what the lost connection held is given back");
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(123, true)]
    [InlineData(128, false)]
    [InlineData(129, false)]
    [InlineData(200, false)]
    [InlineData(5_000, false)]
    [InlineData(100_000, false)]
    public async Task A4_Depth_is_limited_in_every_place_of_a_request_and_the_connection_lives(int depth, bool mayWork)
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        foreach ((string open, string close) in new[] { ("[", "]"), ("{\"a\": ", "}") })
        {
            string deep = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            string good = RawPeer.Request("7", "promise/object", "1");
            foreach (string request in new[]
            {
                RawPeer.Request("7", "promise/object", deep),
                RawPeer.Request("7", "promise/object", "", $"{{\"value\": {deep}}}"),
                good.Replace("\"kwargs\": {}", $"\"kwargs\": {{}}, \"more\": {deep}", StringComparison.Ordinal),
                good.Replace("\"RequestDataType\"", $"\"RequestDataType\", \"more\": {deep}", StringComparison.Ordinal),
                good.Replace("\"promise/object\"", deep, StringComparison.Ordinal),
            })
            {
                string answer = (await peer.AskAsync(request))!;
                if (!mayWork)
                {
                    (answer.Contains("\"success\": false", StringComparison.Ordinal) || answer.Contains("\"succ\": false", StringComparison.Ordinal))
                        .Should().BeTrue("{0} levels are refused in {1}", depth, request[..Math.Min(200, request.Length)]);
                }
            }
        }

        await AskSameAsync(peer, 5);
    }

    [Fact]
    public async Task A4_A_result_that_is_too_deep_is_an_error()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        foreach (int depth in new[] { 60, 100, 127, 128, 129, 1000, 100_000 })
        {
            string answer = (await peer.AskAsync(RawPeer.Request("7", "promise/deep", $"{depth}")))!;
            answer.Should().Contain(depth <= 100 ? "\"success\": true" : depth <= 128 ? "\"success\": " : "\"success\": false", "{0} levels", depth);
        }

        await AskSameAsync(peer, 5);
    }

    [Fact]
    public async Task A5_Numbers_of_too_many_digits_are_refused_and_the_connection_lives()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string fitting = new('9', 4300);
        (await peer.AskAsync(RawPeer.Request("7", "promise/object", fitting))).Should().Be(BadServer.Answer("7", fitting));
        foreach (int digits in new[] { 4301, 10_000, 100_000 })
        {
            (await peer.AskAsync(RawPeer.Request("7", "promise/object", new string('9', digits)))).Should().Contain("\"success\": false").And.Contain("\"resp_to\": 7");
            (await peer.AskAsync(RawPeer.Request("7", "promise/same", new string('9', digits)))).Should().Contain("\"success\": false");
        }

        string many = string.Join(", ", Enumerable.Repeat(new string('9', 4301), 1000));
        (await peer.AskAsync(RawPeer.Request("7", "promise/object", $"[{many}]"))).Should().Contain("\"success\": false");
        await AskSameAsync(peer, 5);
    }

    [Fact]
    public async Task A6_A_frame_of_too_many_values_is_refused_while_others_go_on()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer other = await RawPeer.ConnectAsync(server.Port);
        string values = string.Concat(Enumerable.Repeat("1,", 1_500_000)) + "1";
        string lists = string.Concat(Enumerable.Repeat("[],", 1_500_000)) + "[]";
        foreach (string many in new[] { values, lists })
        {
            await peer.SendFrameAsync(RawPeer.Request("7", "promise/object", $"[{many}]"));
            await AskSameAsync(other, 3);
            (await peer.ReadFrameAsync()).Should().Contain("\"success\": false").And.Contain("\"resp_to\": 7");
        }

        await AskSameAsync(peer, 5);
    }

    [Fact]
    public async Task A7_Results_of_any_size_stay_in_step_when_they_come_byte_by_byte()
    {
        await using TestServer server = await ServeAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port, ChaosMode.SingleBytes, ChaosMode.SingleBytes);
        await using GawClient client = new("127.0.0.1", proxy.Port);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            Random random = new(thread);
            for (int i = 0; i < (IsLong ? 10_000 : 12); i++)
            {
                int length = random.Next(random.Next(3) == 0 ? 2000 : 20);
                string text = thread % 2 == 0
                    ? await DedicatedThread.RunAsync(() => client.Call<string>("promise/text", [length, thread]))
                    : await client.CallAsync<string>("promise/text", [length, thread], cancellationToken: Token);
                text.Should().Be(new string((char)('a' + thread), length));
            }
        }, Token)));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(100_000)]
    public async Task A7_A_result_above_the_limit_is_an_error_and_the_next_call_works(int limit)
    {
        await using TestServer server = await ServeAsync(new GawServerOptions { MaxFrameBytes = limit });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        int most = 0;
        for (int length = limit - 150; length < limit + 10; length++)
        {
            string answer = (await peer.AskAsync(RawPeer.Request("7", "promise/text", $"{length}, 0")))!;
            Encoding.UTF8.GetByteCount(answer).Should().BeLessThanOrEqualTo(limit + 64);
            most = answer.Contains("\"success\": true", StringComparison.Ordinal) ? length : most;
            answer.Should().Contain("\"resp_to\": 7");
        }

        most.Should().BeInRange(limit - 150, limit - 1);
        await AskSameAsync(peer, 5);
        await using GawClient client = server.Connect();
        Func<Task> asking = () => client.CallAsync<string>("promise/text", [limit, 0], cancellationToken: Token);
        await asking.Should().ThrowAsync<GawRemoteException>();
        (await client.CallAsync<int>("promise/same", [5], cancellationToken: Token)).Should().Be(5);
    }

    [Theory]
    [InlineData(TracePolicy.Always, "promise/fail")]
    [InlineData(TracePolicy.Never, "promise/fail")]
    [InlineData(TracePolicy.Always, "promise/fail_later")]
    [InlineData(TracePolicy.Never, "promise/fail_later")]
    public async Task A7_E3_An_error_that_does_not_fit_into_a_frame_is_answered_all_the_same(TracePolicy traces, string path)
    {
        await using TestServer server = await ServeAsync(new GawServerOptions { MaxFrameBytes = 1024, Traces = traces });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        foreach (int length in new[] { 0, 10, 800, 1000, 1100, 20_000 })
        {
            string answer = (await peer.AskAsync(RawPeer.Request("7", path, $"{length}")))!;
            answer.Should().Contain("\"success\": false").And.Contain("\"resp_to\": 7");
        }

        await AskSameAsync(peer, 5);
        peer.Close();
        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task C2_A_thousand_pipelined_requests_are_answered_in_order()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync([.. Enumerable.Range(0, 1000).SelectMany(i => RawPeer.Frame(RawPeer.Request($"{i}", i % 3 == 0 ? "promise/later" : "promise/same", $"{i}")))]);
        for (int i = 0; i < 1000; i++)
        {
            (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer($"{i}", $"{i}"));
        }
    }

    [Fact]
    public async Task C3_A_burst_of_callers_is_answered()
    {
        int count = IsLong ? 500 : 300;
        await using TestServer server = await ServeAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await AskSameAsync(peer, i);
        }));

        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task D1_Half_frames_leave_no_connection_behind()
    {
        await using TestServer server = await ServeAsync();
        byte[] frame = RawPeer.Frame(RawPeer.Request("7", "promise/same", "1"));
        for (int length = 1; length < frame.Length; length += IsLong ? 1 : 7)
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(frame[..length]);
            if (length % 2 == 0)
            {
                peer.HalfClose();
                (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty();
            }
            else
            {
                peer.Reset();
            }
        }

        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task E3_A_result_that_cannot_be_sent_runs_once_and_is_an_error()
    {
        Tally runs = new("runs");
        await using TestServer server = await TestServer.StartAsync(server => server.Add<Unsendable>(runs));
        await using GawClient client = server.Connect();
        Func<Task> asking = () => client.CallAsync<object>("unsendable/give", cancellationToken: Token);

        (await asking.Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("SerializeError");
        runs.Value.Should().Be(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F1_A_stop_answers_the_calls_in_flight(bool manyClients)
    {
        const int count = 20;
        TaskCompletionSource gate = new();
        Tally began = new("calls");
        await using TestServer server = await TestServer.StartAsync(server => server.Add<Gated>(gate, began));
        GawClient[] clients = [.. Enumerable.Range(0, manyClients ? count : 1).Select(_ => server.Connect(new GawClientOptions { Retries = 0 }))];
        foreach (GawClient client in clients)
        {
            await client.CallAsync<object>("gated/begin", cancellationToken: Token);
        }

        Task<int>[] calls = [.. Enumerable.Range(0, count).Select(i => clients[i % clients.Length].CallAsync<int>("gated/same", [i], cancellationToken: Token))];
        await began.WaitForAsync(count);
        Task stopping = server.Server.StopAsync(Token);
        stopping.IsCompleted.Should().BeFalse();
        gate.SetResult();

        (await Task.WhenAll(calls).WaitAsync(TestTimeouts.Limit, Token)).Should().Equal(Enumerable.Range(0, count));
        await stopping.WaitAsync(TestTimeouts.Limit, Token);
        server.ConnectionCount().Should().Be(0);
        Func<Task> later = () => clients[0].CallAsync<int>("gated/same", [1], cancellationToken: Token);
        await later.Should().ThrowAsync<GawConnectionException>();
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task F1_A_call_that_does_not_end_is_cut_off_and_its_caller_is_told()
    {
        TaskCompletionSource gate = new();
        Tally began = new("calls");
        await using TestServer server = await TestServer.StartAsync(
            server => server.Add<Gated>(gate, began), new GawServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(200) });
        await using GawClient client = server.Connect();
        Task<int> call = client.CallAsync<int>("gated/same", [1], cancellationToken: Token);
        await began.WaitForAsync(1);
        await server.Server.StopAsync(Token).WaitAsync(TestTimeouts.Limit, Token);

        Func<Task> waiting = () => call;
        (await waiting.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        gate.SetResult();
        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task F4_A_logger_that_throws_changes_no_answer()
    {
        using ThrowingLog log = new();
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log });
        await server.Add<Promise>().StartAsync(Token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port, new GawClientOptions { LoggerFactory = log });
        (await client.CallAsync<int>("promise/same", [5], cancellationToken: Token)).Should().Be(5);
        foreach (string bad in new[] { "promise/fail", "promise/nope" })
        {
            Func<Task> asking = () => client.CallAsync<object>(bad, [5], cancellationToken: Token);
            await asking.Should().ThrowAsync<GawRemoteException>();
        }

        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("abc\n");
        (await peer.ReadFrameAsync()).Should().Contain("\"succ\": false");
        (await client.CallAsync<int>("promise/same", [6], cancellationToken: Token)).Should().Be(6);
        log.Calls.Should().BePositive();
    }

    [Fact]
    public async Task H1_A_type_that_is_not_registered_is_never_made()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        foreach (string name in new[]
        {
            nameof(Canary), typeof(Canary).FullName!, typeof(Canary).AssemblyQualifiedName!, "System.Diagnostics.Process", "System.IO.FileInfo", "FileInfo", "object", "__class__",
            "RequestDataType", "ResponseDataType",
        })
        {
            foreach (string path in new[] { "promise/object", "promise/same", "promise/any" })
            {
                string answer = (await peer.AskAsync(RawPeer.Request("7", path, $"{{\"_v\": {{\"a\": 1}}, \"_t\": {RawPeer.Quoted(name)}}}")))!;
                answer.Should().Contain("\"resp_to\": 7");
            }
        }

        CanaryCage.IsLoaded.Should().BeFalse();
        await AskSameAsync(peer, 5);
    }

    [Theory]
    [InlineData("promise/Same")]
    [InlineData("Promise/same")]
    [InlineData("PROMISE/SAME")]
    [InlineData("promise/same ")]
    [InlineData(" promise/same")]
    [InlineData("promise//same")]
    [InlineData("/promise/same")]
    [InlineData("promise/same/")]
    [InlineData("promise.same")]
    [InlineData("promise")]
    [InlineData("promise/")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("promise/not_exposed")]
    [InlineData("promise/NotExposed")]
    [InlineData("promise/secret")]
    [InlineData("promise/get_secret")]
    [InlineData("promise/get_Secret")]
    [InlineData("promise/ToString")]
    [InlineData("promise/to_string")]
    [InlineData("promise/GetType")]
    [InlineData("promise/get_hash_code")]
    [InlineData("promise/equals")]
    [InlineData("promise/__init__")]
    [InlineData("promise/.ctor")]
    [InlineData("promise/dispose")]
    [InlineData("../promise/same")]
    [InlineData("promise/same\0")]
    [InlineData("promise/sаme")]
    public async Task H2_Only_entrypoints_can_be_called_and_only_by_their_exact_path(string path)
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        JsonNode answer = JsonNode.Parse((await peer.AskAsync(RawPeer.Request("7", path, "1")))!)!["data"]!["_v"]!;

        answer["success"]!.GetValue<bool>().Should().BeFalse();
        answer["payload"]!["name"]!.GetValue<string>().Should().Be("KeyError");
        answer["payload"]!["message"]!.GetValue<string>().Should().StartWith($"path: {path} not found");
    }

    [Theory]
    [InlineData(TracePolicy.Never, false)]
    [InlineData(TracePolicy.Always, true)]
    [InlineData(TracePolicy.Auto, true)]
    public async Task H4_Traces_cross_only_where_the_policy_says_so(TracePolicy traces, bool expected)
    {
        await using TestServer server = await ServeAsync(new GawServerOptions { Traces = traces });
        await using GawClient client = server.Connect();
        Func<Task> asking = () => client.CallAsync<object>("promise/fail", [5], cancellationToken: Token);
        GawRemoteException failure = (await asking.Should().ThrowAsync<GawRemoteException>()).Which;

        failure.RemoteName.Should().Be("InvalidOperationException");
        failure.RemoteMessage.Should().Be("xxxxx");
        (failure.RemoteTrace is not null).Should().Be(expected);
        if (expected)
        {
            failure.RemoteTrace.Should().Contain(nameof(Promise.Fail));
        }
    }

    [Fact]
    public async Task H4_The_servers_own_refusals_have_no_trace_and_repeat_nothing()
    {
        await using TestServer server = await ServeAsync(new GawServerOptions { Traces = TracePolicy.Always });
        foreach (string bad in new[] { "marker\n", "6\nmarker", "9\n{\"marker\"", "20\n{\"marker\": \"marker\"}", "99999999999999\nmarker" })
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(bad);
            peer.HalfClose();
            foreach (string answer in await peer.ReadFramesUntilClosedAsync())
            {
                answer.Should().NotContain("marker").And.Contain("\"trace\": null").And.NotContain(".cs");
            }
        }
    }

    [Fact]
    public async Task H5_Many_names_are_quick_and_names_that_differ_in_case_are_two()
    {
        await using TestServer server = await ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string many = string.Join(", ", Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"k{i}\": {i}")));
        long began = Stopwatch.GetTimestamp();
        (await peer.AskAsync(RawPeer.Request("7", "promise/count", $"{{{many}}}"))).Should().Be(BadServer.Answer("7", "100000"));
        (await peer.AskAsync(RawPeer.Request("7", "promise/same", "", $"{{{many}}}"))).Should().Contain("\"success\": false");
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(10));
        (await peer.AskAsync(RawPeer.Request("7", "promise/count", "{\"a\": 1, \"A\": 2, \"a\": 3}"))).Should().Be(BadServer.Answer("7", "2"));
        (await peer.AskAsync(RawPeer.Request("7", "promise/object", "{\"a\": 1, \"A\": 2, \"a\": 3}"))).Should().Be(BadServer.Answer("7", "{\"a\": 3, \"A\": 2}"));
    }

    internal static Task<TestServer> ServeAsync(GawServerOptions? options = null) => TestServer.StartAsync(server => server.Add<Promise>(), options);

    internal static async Task AskSameAsync(RawPeer peer, int value) =>
        (await peer.AskAsync(RawPeer.Request("7", "promise/same", $"{value}"))).Should().Be(BadServer.Answer("7", $"{value}"));

    [Service("promise")]
    public sealed class Promise
    {
        public string Secret => "secret";

        [Entrypoint]
        public int Same(int value) => value;

        [Entrypoint]
        public async Task<int> Later(int value)
        {
            await Task.Yield();
            return value;
        }

        [Entrypoint]
        public int Length(string value) => value.Length;

        [Entrypoint("object")]
        public object? Echo(object? value) => value;

        [Entrypoint]
        public bool Any(Dictionary<string, object?> value) => value.Count > 0;

        [Entrypoint]
        public int Count(Dictionary<string, int> value) => value.Count;

        [Entrypoint]
        public string Text(int length, int letter) => new((char)('a' + letter), length);

        [Entrypoint]
        public object Deep(int depth)
        {
            object deep = 1;
            for (int i = 0; i < depth; i++)
            {
                deep = new List<object> { deep };
            }

            return deep;
        }

        [Entrypoint]
        public void Fail(int length) => throw new InvalidOperationException(new string('x', length));

        [Entrypoint]
        public async Task FailLater(int length)
        {
            await Task.Yield();
            throw new InvalidOperationException(new string('x', length));
        }

        public int NotExposed(int value) => value;
    }

    [Service("unsendable")]
    public sealed class Unsendable(Tally runs)
    {
        [Entrypoint]
        public object Give()
        {
            runs.Add();
            return new Action(() => { });
        }
    }

    [Service("gated")]
    public sealed class Gated(TaskCompletionSource gate, Tally began)
    {
        /// <summary>With the first answer a client learns that its connection can carry many calls.</summary>
        [Entrypoint]
        public void Begin()
        {
        }

        [Entrypoint]
        public async Task<int> Same(int value)
        {
            began.Add();
            await gate.Task;
            return value;
        }
    }

    public sealed class Canary
    {
        static Canary() => CanaryCage.IsLoaded = true;

        public int A { get; set; }
    }

    private static class CanaryCage
    {
        public static bool IsLoaded { get; set; }
    }

    private sealed class ThrowingLog : ILoggerFactory, ILogger
    {
        private int _calls;

        public int Calls => _calls;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException("no scope");

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _calls);
            throw new InvalidOperationException("no log");
        }

        public void Dispose()
        {
        }
    }
}
