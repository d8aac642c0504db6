using System.Collections.Concurrent;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, row E4: with kept replies on both sides, a call whose answer is lost runs once and is answered.</summary>
public sealed class KeptReplyTests
{
    private static readonly GawServerOptions Keeping = new() { KeepReplies = TimeSpan.FromMinutes(2) };
    private static readonly GawClientOptions Asking = new() { RetryWhen = RetryWhen.KeptReplies };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_lost_answers_are_a_thousand_runs_and_a_thousand_results()
    {
        const int Clients = 20;
        const int CallsEach = 50;
        await using TestServer server = await StartAsync();

        string[][] results = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(
            async () =>
            {
                await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
                await using GawClient client = new("127.0.0.1", proxy.Port, Asking);
                await client.CallAsync<string>("once/run", [NewId()], cancellationToken: Cancellation);

                // From now on each connection lets one answer through, the one to the repeated question, and ends within the next.
                await proxy.WaitForBytesToClientAsync(400);
                long answer = proxy.BytesToClient;
                proxy.ToClient = ChaosMode.CutAfter(answer + 20);
                proxy.ResetAll();
                string[] ids = [.. Enumerable.Range(0, CallsEach).Select(_ => NewId())];
                List<string> got = [];
                foreach (string id in ids)
                {
                    got.Add(await client.CallAsync<string>("once/run", [id], cancellationToken: Cancellation));
                }

                got.Should().Equal(ids);
                proxy.ConnectionCount.Should().BeGreaterThanOrEqualTo(CallsEach, "nearly each answer was lost once");
                return ids;
            },
            Cancellation)));

        results.SelectMany(static ids => ids).Should().HaveCount(Clients * CallsEach).And.OnlyContain(id => Once.Runs[id] == 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_still_runs_when_its_connection_is_lost_is_not_cancelled_and_answered_on_the_next(bool asynchronous)
    {
        await using TestServer server = await StartAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, Asking);
        client.Call<string>("once/run", [NewId()]);
        string id = NewId();

        Task<string> calling = asynchronous
            ? client.CallAsync<string>("once/hold", [id], cancellationToken: Cancellation)
            : DedicatedThread.RunAsync(() => client.Call<string>("once/hold", [id]));
        await Once.StartedOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");
        proxy.ResetAll();
        await proxy.WaitForConnectionsAsync(2);
        Once.ReleaseOf(id).SetResult();

        (await calling.WithinAsync(TestTimeouts.Limit, () => "the call did not end")).Should().Be($"{id} False");
        Once.Runs[id].Should().Be(1);
    }

    [Fact]
    public async Task An_error_is_kept_as_well_with_its_metadata()
    {
        await using TestServer server = await StartAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, Asking);
        client.Call<string>("once/run", [NewId()]);
        proxy.ToClient = ChaosMode.CutAfter(30);
        proxy.ResetAll();
        string id = NewId();
        string? met = null;

        Task<string> calling = client.CallAsync<string>("once/fail", [id], cancellationToken: Cancellation, options: new CallOptions { OnResponseMetadata = m => met = m["id"] });
        await proxy.WaitForConnectionsAsync(2);
        await proxy.WaitForBytesToClientAsync(30);
        proxy.ToClient = ChaosMode.Pass;

        (await calling.Awaiting(static c => c).Should().ThrowAsync<GawRemoteException>()).Which.RemoteMessage.Should().Be(id);
        Once.Runs[id].Should().Be(1);
        met.Should().Be(id);
    }

    [Fact]
    public async Task A_server_that_was_started_anew_is_not_taken_for_the_one_that_ran_the_call()
    {
        TestServer first = await StartAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(first.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, Asking with { Retries = 3 });
        client.Call<string>("once/run", [NewId()]);
        int port = first.Port;
        string id = NewId();
        Task<string> calling = client.CallAsync<string>("once/hold", [id], cancellationToken: Cancellation);
        await Once.StartedOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");

        // As if the process had been killed: the answer of the first is lost for ever.
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await first.Server.StopAsync(now.Token);
        GawServer second = new("127.0.0.1", port, Keeping);
        await using (second.Add<Once>())
        {
            await second.StartAsync(Cancellation);

            (await calling.Awaiting(static c => c).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        }

        Once.ReleaseOf(id).SetResult();
        Once.Runs[id].Should().Be(1);
        await first.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_keeps_no_replies_runs_the_call_once_and_the_caller_is_told_that_nothing_is_known(bool isOriginal)
    {
        // One that keeps replies, and then one in its place that does not: the question runs nothing there.
        await using BadServer server = BadServer.Start(BadServer.InTurn(
            async connection =>
            {
                await ProbeAsync(connection);
                await connection.ReadRequestAsync();
            },
            connection => connection.ForEachAsync(request => isOriginal
                ? connection.FailAsync(request!, "KeyError", $"path: {request.Path} not found")
                : connection.FailAsync(request, "ReplyNotKept", "not kept"))));
        await using GawClient client = new("127.0.0.1", server.Port, Asking);

        Func<Task> calling = () => client.CallAsync<int>("a/b", [3], cancellationToken: Cancellation);

        (await calling.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        server.Requests.Select(static r => r.Path).Should().Equal("_gaw/repeat", "a/b", "_gaw/repeat", "_gaw/repeat");
        BadRequest asked = server.Requests.Last();
        asked.Id.Should().Be(server.Requests.ElementAt(1).Id, "the id stays the same");
        asked.Json.Should().Contain("\"keep\": {\"server\": 5, \"sent_ms\": ").And.Contain("\"repeat\": \"a/b\"");
    }

    [Fact]
    public async Task Nothing_is_kept_or_asked_for_again_where_the_server_does_not_keep_replies_or_the_call_is_idempotent()
    {
        await using BadServer original = BadServer.Start(BadServer.InTurn(
            async connection =>
            {
                await connection.AnswerAsync((await connection.ReadRequestAsync())!);
                await connection.ReadRequestAsync();
            },
            BadServer.Answering(_ => "7")));
        await using BadServer keeping = BadServer.Start(async connection =>
        {
            await ProbeAsync(connection);
            await connection.ForEachAsync(request => connection.AnswerAsync(request, "1"));
        });
        await using GawClient client = new("127.0.0.1", original.Port, Asking);
        await using GawClient other = new("127.0.0.1", keeping.Port, Asking);

        Func<Task> calling = () => client.CallAsync<int>("a/b", cancellationToken: Cancellation);

        GawConnectionException failure = (await calling.Should().ThrowAsync<GawConnectionException>()).Which;
        failure.Execution.Should().Be(CallExecution.Unknown);
        failure.Message.Should().Contain("no server is known to keep its reply. Set KeepReplies there");
        (await other.CallAsync<int>("a/b", cancellationToken: Cancellation, options: new CallOptions { Idempotent = true })).Should().Be(1);
        original.Requests.Concat(keeping.Requests).Should().HaveCount(4).And.NotContain(request => request.Json.Contains("\"keep\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, CallExecution.Ran)]
    [InlineData(false, CallExecution.Unknown)]
    public async Task What_is_known_of_the_call_is_told_by_its_own_answer_and_not_by_those_to_questions(bool answerBegins, CallExecution known)
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(
            async connection =>
            {
                await ProbeAsync(connection);
                BadRequest request = (await connection.ReadRequestAsync())!;
                byte[] frame = connection.Code.Frame(BadServer.Answer(request.Id, "1"));
                await connection.SendAsync(answerBegins ? frame[..^5] : []);
            },
            async connection =>
            {
                await ProbeAsync(connection);
                BadRequest question = (await connection.ReadRequestAsync())!;
                byte[] frame = connection.Code.Frame(BadServer.Answer(question.Id, BadServer.Error("ReplyNotKept", "not kept"), success: false));
                await connection.SendAsync(answerBegins ? [] : frame[..^5]);
            }));
        await using GawClient client = new("127.0.0.1", server.Port, Asking with { Retries = 1 });
        Func<Task> calling = () => client.CallAsync<int>("a/b", cancellationToken: Cancellation);

        (await calling.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(known);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_first_question_of_a_connection_is_as_one_that_cannot_be_reached()
    {
        await using BadServer server = BadServer.Start(BadServer.Hang);
        await using GawClient client = new("127.0.0.1", server.Port, Asking with { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        Func<Task> calling = () => client.CallAsync<int>("a/b", cancellationToken: Cancellation);

        (await calling.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
        server.Requests.Should().OnlyContain(request => request.Path == "_gaw/repeat");
    }

    [Fact]
    public async Task Two_servers_behind_one_address_never_run_a_call_twice()
    {
        await using TestServer first = await StartAsync();
        await using TestServer second = await StartAsync();
        await using ChaosProxy address = ChaosProxy.Start([first.Port, second.Port]);
        await using GawClient client = new("127.0.0.1", address.Port, Asking with { Retries = 4 });
        string id = NewId();
        Task<string> calling = client.CallAsync<string>("once/hold", [id], cancellationToken: Cancellation);
        await Once.StartedOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");

        address.ResetAll();

        (await calling.Awaiting(static c => c).Should().ThrowAsync<GawConnectionException>("the other server does not know it")).Which.Execution.Should().Be(CallExecution.Unknown);
        Once.ReleaseOf(id).SetResult();
        Once.Runs[id].Should().Be(1);
    }

    [Fact]
    public async Task A_question_that_comes_when_its_reply_is_forgotten_runs_nothing()
    {
        FakeTimeProvider time = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Once>(), new GawServerOptions { KeepReplies = TimeSpan.FromSeconds(20), TimeProvider = time });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string keep = await KeepAsync(peer);
        string id = NewId();
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("77", "once/run", $"\"{id}\""), keep))).Should().Contain(id);
        string question = RawPeer.WithMeta(RawPeer.Request("77", "_gaw/repeat", $"\"{id}\""), $"{keep}, \"repeat\": \"once/run\"");
        (await peer.AskAsync(question)).Should().Contain(id);

        time.Advance(TimeSpan.FromSeconds(21));

        // On another connection: for the old one the server may have waited all this time.
        await using RawPeer later = await RawPeer.ConnectAsync(server.Port);
        (await later.AskAsync(question)).Should().Contain("ReplyNotKept");
        (await later.AskAsync(RawPeer.WithMeta(RawPeer.Request("77", "once/run", $"\"{id}\""), keep))).Should().Contain("ReplyNotKept", "a request that was under way for so long may be the one that ran");
        Once.Runs[id].Should().Be(1);
    }

    [Fact]
    public async Task A_question_that_waits_for_its_call_takes_no_place_from_other_calls()
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Once>(), Keeping with { MaxConcurrentCalls = 2 });
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, Asking);
        await using GawClient other = server.Connect();
        string id = NewId();
        Task<string> calling = client.CallAsync<string>("once/hold", [id], cancellationToken: Cancellation);
        await Once.StartedOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");
        proxy.ResetAll();
        await HasBeenAskedAsync(server);

        string next = NewId();
        (await other.CallAsync<string>("once/run", [next], cancellationToken: Cancellation)).Should().Be(next);
        Once.ReleaseOf(id).SetResult();
        (await calling).Should().Be($"{id} False");
    }

    [Fact]
    public async Task A_long_call_is_asked_for_again_within_its_own_time_out()
    {
        FakeTimeProvider time = new();
        await using TestServer server = await StartAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, Asking with { TimeProvider = time });
        string id = NewId();
        Task<string> calling = client.CallAsync<string>("once/hold", [id], cancellationToken: Cancellation, options: new CallOptions { Timeout = TimeSpan.FromMinutes(10) });
        await Once.StartedOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");
        time.Advance(TimeSpan.FromMinutes(5));
        proxy.ResetAll();
        Once.ReleaseOf(id).SetResult();
        await Eventually.BecomesTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return calling.IsCompleted;
        });

        (await calling).Should().Be($"{id} False");
    }

    [Fact]
    public async Task A_kept_call_is_told_to_stop_when_its_server_is_cut_off()
    {
        await using TestServer server = await StartAsync();
        await using GawClient client = server.Connect(Asking with { Retries = 0 });
        string id = NewId();
        Task<string> calling = client.CallAsync<string>("once/wait", [id], cancellationToken: Cancellation);
        await Once.StartedOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");
        using CancellationTokenSource now = new();
        await now.CancelAsync();

        await server.Server.StopAsync(now.Token);

        await Once.CancelledOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method was not told");

        // The method ends as soon as it is told, so its reply may leave before the connection is closed.
        string outcome = await calling.ContinueWith(static c => c.IsFaulted ? c.Exception.InnerException!.GetType().Name : c.Result, Cancellation, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
            .WithinAsync(TestTimeouts.Limit, () => "the call did not end");
        outcome.Should().BeOneOf(id, nameof(GawConnectionException));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_after_it_was_asked_for_again_is_cancelled_on_the_server()
    {
        await using TestServer server = await StartAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, Asking);
        string id = NewId();
        using CancellationTokenSource caller = new();
        Task<string> calling = client.CallAsync<string>("once/wait", [id], cancellationToken: caller.Token);
        await Once.StartedOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");
        proxy.ResetAll();
        await HasBeenAskedAsync(server);

        await caller.CancelAsync();

        await Once.CancelledOf(id).Task.WithinAsync(TestTimeouts.Limit, () => "the method was not told");
        await calling.Awaiting(static c => c).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_lost_refusal_with_a_replay_window_leaves_it_open_what_became_of_the_call()
    {
        Secret secret = Secret.Generate();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Once>(), Keeping with { Secret = secret, ReplayWindow = TimeSpan.FromMinutes(1) });
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, Asking with { Secret = secret });
        await client.CallAsync<string>("once/run", [NewId()], cancellationToken: Cancellation);
        long answers = proxy.BytesToClient;
        proxy.ToClient = ChaosMode.CutAfter(answers / 2);
        proxy.ResetAll();
        Task<string> calling = client.CallAsync<string>("once/run", [], cancellationToken: Cancellation);
        await proxy.WaitForConnectionsAsync(2);
        await proxy.WaitForBytesToClientAsync(answers + (answers / 2));
        proxy.ToClient = ChaosMode.Pass;

        Exception? failure = await Record.ExceptionAsync(() => calling);
        failure.Should().Match(e => e is GawRemoteException || ((GawConnectionException)e).Execution == CallExecution.Unknown);
    }

    [Fact]
    public async Task A_call_that_may_have_run_does_not_end_as_one_that_has_not_because_the_next_attempt_finds_nobody()
    {
        BadServer server = BadServer.Start(BadServer.CloseAfterRequest);
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 2 });
        Task<int> calling = client.CallAsync<int>("a/b", cancellationToken: Cancellation, options: new CallOptions { Idempotent = true });
        await server.WaitForRequestsAsync(1);
        await server.DisposeAsync();

        (await calling.Awaiting(static c => c).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
    }

    [Fact]
    public async Task A_request_that_is_sent_twice_runs_once_and_its_reply_does_not_change()
    {
        await using TestServer server = await StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string keep = await KeepAsync(peer);
        string id = NewId();
        string request = RawPeer.WithMeta(RawPeer.Request("77", "once/remember", $"\"{id}\""), keep);

        string? first = await peer.AskAsync(request);
        Once.ContextOf(id).ResponseMetadata["id"] = new string('y', 1_000_000);
        string? second = await peer.AskAsync(request);

        first.Should().Contain($"\"headers\": {{\"id\": \"{id}\"}}}}");
        WithoutClock(second!).Should().Be(WithoutClock(first!));
        Once.Runs[id].Should().Be(1);
    }

    [Fact]
    public void Replies_are_forgotten_after_their_time_and_the_oldest_when_there_is_no_room()
    {
        FakeTimeProvider time = new();
        ReplyCache cache = new(TimeSpan.FromMinutes(2), time);
        byte[] large = new byte[RetainedReplies.MaxBytes / 4];
        Keep(1, "one"u8).Should().BeTrue();
        Keep(1, "again"u8).Should().BeFalse("it is there");
        time.Advance(TimeSpan.FromMinutes(1));
        for (UInt128 id = 2; id <= 5; id++)
        {
            Keep(id, large).Should().BeTrue();
        }

        long full = cache.NowMs;
        cache.Count.Should().Be(3, "four of the large ones and their entries are above the limit");
        cache.TryFind(5, full, out CachedReply? newest).Should().BeTrue();
        newest!.Document.Should().HaveCount(large.Length);
        cache.TryFind(1, 0, out _).Should().BeFalse("it may have run, and has");
        cache.TryFind(99, full, out _).Should().BeFalse("it may have been sent before the last that is forgotten was answered");
        cache.TryFind(99, full + 2, out CachedReply? never).Should().BeTrue("it was first sent after that");
        never.Should().BeNull();

        time.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromMilliseconds(2));
        cache.Forget();
        cache.Count.Should().Be(0);
        cache.TryFind(5, full, out _).Should().BeFalse();

        bool Keep(UInt128 id, ReadOnlySpan<byte> document)
        {
            bool isNew = cache.TryBegin(id, "a/b", null, isQuestion: false, out CachedReply? reply);
            if (isNew)
            {
                reply!.Complete(document, []);
            }

            return isNew;
        }
    }

    [Fact]
    public void A_request_that_is_sent_for_the_first_time_is_new_however_old_it_is_and_one_that_was_asked_for_is_not()
    {
        FakeTimeProvider time = new();
        ReplyCache cache = new(TimeSpan.FromSeconds(20), time);
        for (UInt128 id = 1; id <= 1000; id++)
        {
            // The clock of its client has fallen behind by more and more, as it may on a connection that is never idle.
            cache.TryBegin(id, "a/b", null, isQuestion: false, out CachedReply? reply).Should().BeTrue();
            reply!.Complete("1"u8, []);
            time.Advance(TimeSpan.FromMinutes(2));
            cache.Forget();
        }

        cache.TryFind(2000, cache.NowMs - 130_000, out _).Should().BeFalse("the question for it cannot tell whether it ran");
        cache.TryBegin(2000, "a/b", null, isQuestion: false, out CachedReply? late).Should().BeFalse("it comes behind the question for it");
        late.Should().BeNull();
        cache.TryFind(2001, cache.NowMs, out _).Should().BeTrue();
        cache.TryBegin(2001, "a/b", null, isQuestion: true, out _).Should().BeTrue("the question takes its place");
        cache.TryBegin(2001, "a/b", null, isQuestion: false, out CachedReply? running).Should().BeFalse("it runs");
        running.Should().NotBeNull();
    }

    [Fact]
    public async Task A_call_is_answered_on_a_connection_whose_clock_has_fallen_behind_the_retention()
    {
        await using TestServer server = await StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string keep = (await KeepAsync(peer)).Replace("\"sent_ms\": ", "\"sent_ms\": -", StringComparison.Ordinal);
        string id = NewId();

        string answer = (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("77", "once/run", $"\"{id}\""), keep)))!;
        answer.Should().Contain(id).And.Contain("\"keeps\": {\"server\": ", "each answer tells the clock anew").And.Contain("now_ms");
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("77", "_gaw/repeat", $"\"{id}\""), $"{keep}, \"repeat\": \"once/fail\""))).Should().Contain("ReplyNotKept", "it is the reply of another method");
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("77", "_gaw/repeat", $"\"{id}\""), $"{keep}, \"repeat\": \"once/run\""))).Should().Contain(id).And.Contain("\"keeps\"");
        Once.Runs[id].Should().Be(1);
    }

    [Fact]
    public void A_time_without_sense_is_refused()
    {
        Action none = () => _ = new GawServerOptions { KeepReplies = TimeSpan.Zero };
        Action days = () => _ = new GawServerOptions { KeepReplies = TimeSpan.FromDays(1) };

        none.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Give KeepReplies a duration above zero and up to one hour*");
        days.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(static s => s.Add<Once>(), Keeping);

    /// <summary>Answers the first question of a connection as a server that keeps replies.</summary>
    private static async Task ProbeAsync(BadServer.Connection connection)
    {
        BadRequest first = (await connection.ReadRequestAsync())!;
        await connection.SendFrameAsync($"{BadServer.Answer(first.Id, BadServer.Error("ReplyNotKept", "nothing asked"), success: false)[..^1]}, \"meta\": {{\"keeps\": {{\"server\": 5, \"now_ms\": 100}}}}}}");
    }

    /// <summary>Completes once the server has got what its client sends on two connections: the introduction and the call; the introduction and the question for its reply.</summary>
    private static Task HasBeenAskedAsync(TestServer server) => Eventually.BecomesTrueAsync(() => server.Server.Calls >= 4, () => $"{server.Server.Calls} requests came");

    /// <summary>Asks a server for its name and its time, and gives the member of <c>meta</c> with which it keeps a reply.</summary>
    private static async Task<string> KeepAsync(RawPeer peer)
    {
        string answer = (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("1", "_gaw/repeat"), "")))!;
        string announced = answer[answer.IndexOf("\"keeps\"", StringComparison.Ordinal)..^2];
        return announced.Replace("keeps", "keep", StringComparison.Ordinal).Replace("now_ms", "sent_ms", StringComparison.Ordinal);
    }

    private static string WithoutClock(string answer) => System.Text.RegularExpressions.Regex.Replace(answer, "\"now_ms\": [0-9]+", "");

    private static string NewId() => Guid.NewGuid().ToString();

    public sealed class Once
    {
        private static readonly ConcurrentDictionary<(string Id, string Event), TaskCompletionSource> Events = new();
        private static readonly ConcurrentDictionary<string, GawCallContext> Contexts = new();

        public static ConcurrentDictionary<string, int> Runs { get; } = new();

        public static TaskCompletionSource StartedOf(string id) => Of(id, "started");

        public static TaskCompletionSource ReleaseOf(string id) => Of(id, "release");

        public static TaskCompletionSource CancelledOf(string id) => Of(id, "cancelled");

        public static GawCallContext ContextOf(string id) => Contexts[id];

        [Entrypoint]
        public string Run(string id)
        {
            Runs.AddOrUpdate(id, 1, static (_, runs) => runs + 1);
            return id;
        }

        [Entrypoint]
        public async Task<string> HoldAsync(string id, CancellationToken cancellationToken)
        {
            Run(id);
            StartedOf(id).TrySetResult();
            await ReleaseOf(id).Task;
            return $"{id} {cancellationToken.IsCancellationRequested}";
        }

        [Entrypoint]
        public string Fail(string id, GawCallContext context)
        {
            Run(id);
            context.ResponseMetadata["id"] = id;
            throw new GawError("LookupError", id);
        }

        [Entrypoint]
        public async Task<string> WaitAsync(string id, CancellationToken cancellationToken)
        {
            Run(id);
            StartedOf(id).TrySetResult();
            using CancellationTokenRegistration told = cancellationToken.UnsafeRegister(_ => CancelledOf(id).TrySetResult(), null);
            await CancelledOf(id).Task;
            return id;
        }

        [Entrypoint]
        public string Remember(string id, GawCallContext context)
        {
            Contexts[id] = context;
            context.ResponseMetadata["id"] = id;
            return Run(id);
        }

        private static TaskCompletionSource Of(string id, string what) => Events.GetOrAdd((id, what), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
