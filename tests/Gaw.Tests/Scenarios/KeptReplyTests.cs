using System.Collections.Concurrent;
using Gaw.JsonWeb;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>PROMISES.md, row E4: with kept replies on both sides, a call whose answer is lost runs once and is answered.</summary>
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
                await proxy.WaitForBytesToClientAsync(1);
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
            : OwnThread.RunAsync(() => client.Call<string>("once/hold", [id]));
        await Once.StartedOf(id).Task.WithinAsync(Patience.Limit, () => "the method did not start");
        proxy.ResetAll();
        await proxy.WaitForConnectionsAsync(2);
        Once.ReleaseOf(id).SetResult();

        (await calling.WithinAsync(Patience.Limit, () => "the call did not end")).Should().Be($"{id} False");
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
        await Once.StartedOf(id).Task.WithinAsync(Patience.Limit, () => "the method did not start");

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
        // It announces, and then a server that knows nothing of it answers in its place: the question runs nothing there.
        await using BadServer server = BadServer.Start(BadServer.InTurn(
            async connection =>
            {
                BadRequest first = (await connection.ReadRequestAsync())!;
                await connection.SendFrameAsync($"{BadServer.Answer(first.Id, "1")[..^1]}, \"meta\": {{\"keeps\": {{\"server\": 5}}}}}}");
                await connection.ReadRequestAsync();
            },
            connection => connection.ForEachAsync(request => isOriginal
                ? connection.FailAsync(request!, "KeyError", $"path: {request.Path} not found")
                : connection.FailAsync(request, "ReplyNotKept", "not kept"))));
        await using GawClient client = new("127.0.0.1", server.Port, Asking);
        (await client.CallAsync<int>("a/b", cancellationToken: Cancellation)).Should().Be(1);

        Func<Task> calling = () => client.CallAsync<int>("a/b", [3], cancellationToken: Cancellation);

        (await calling.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        server.Requests.Select(static r => r.Path).Should().Equal("a/b", "a/b", "_gaw/repeat");
        server.Requests.Skip(1).Select(static r => r.Id).Distinct().Should().ContainSingle("the id stays the same");
        server.Requests.Last().Json.Should().Contain("\"repeat\": {\"path\": \"a/b\", \"server\": 5, \"age_ms\": ");
    }

    [Fact]
    public async Task A_call_is_not_asked_for_again_where_the_server_has_not_said_that_it_keeps_replies()
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(BadServer.CloseAfterRequest, BadServer.Answering(_ => "7")));
        await using GawClient client = new("127.0.0.1", server.Port, Asking);

        Func<Task> calling = () => client.CallAsync<int>("a/b", cancellationToken: Cancellation);

        (await calling.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        server.RequestCount.Should().Be(1);
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
    public async Task A_request_that_is_sent_twice_runs_once_with_and_without_a_replay_window()
    {
        await using TestServer server = await StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string id = NewId();
        string request = RawPeer.Request("77", "once/run", $"\"{id}\"").Replace("\"kwargs\": {}", "\"kwargs\": {}, \"meta\": {\"keep\": true}", StringComparison.Ordinal);

        string? first = await peer.AskAsync(request);
        string? second = await peer.AskAsync(request);

        first.Should().NotBeNull().And.Contain(id).And.Contain("\"keeps\"", "the first answer of the connection says that replies are kept");
        second.Should().Be(first![..first!.IndexOf(", \"meta\"", StringComparison.Ordinal)] + "}");
        Once.Runs[id].Should().Be(1);
    }

    [Fact]
    public void Replies_are_forgotten_after_their_time_and_the_oldest_when_there_is_no_room()
    {
        FakeTimeProvider time = new();
        ReplyKeeper keeper = new(TimeSpan.FromMinutes(2), time);
        byte[] large = new byte[ReplyKeeper.MaxBytes / 4];
        keeper.Begin(1, out bool isNew).Complete("one"u8, null);
        time.Advance(TimeSpan.FromMinutes(1));
        for (UInt128 id = 2; id <= 5; id++)
        {
            keeper.Begin(id, out _).Complete(large, null);
        }

        isNew.Should().BeTrue();
        keeper.TryFind(5, TimeSpan.Zero, out ReplyKeeper.KeptReply? newest).Should().BeTrue();
        newest!.Document.Should().HaveCount(large.Length);
        keeper.Count.Should().Be(3, "four of the large ones and their entries are above the limit");
        keeper.TryFind(1, TimeSpan.FromMinutes(1), out _).Should().BeFalse("it may have run, and has");
        keeper.TryFind(99, TimeSpan.Zero, out _).Should().BeFalse("a question that was under way for ten seconds may be for one that was forgotten just now");
        time.Advance(TimeSpan.FromSeconds(11));
        keeper.TryFind(99, TimeSpan.Zero, out ReplyKeeper.KeptReply? never).Should().BeTrue("it was first sent after all that is forgotten was answered");
        never.Should().BeNull();
        time.Advance(TimeSpan.FromMinutes(2));
        keeper.TryFind(5, TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(11), out _).Should().BeFalse();
        keeper.Count.Should().Be(0);
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

    private static string NewId() => Guid.NewGuid().ToString();

    public sealed class Once
    {
        private static readonly ConcurrentDictionary<string, (TaskCompletionSource Started, TaskCompletionSource Release)> Held = new();

        public static ConcurrentDictionary<string, int> Runs { get; } = new();

        public static TaskCompletionSource StartedOf(string id) => Of(id).Started;

        public static TaskCompletionSource ReleaseOf(string id) => Of(id).Release;

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

        private static (TaskCompletionSource Started, TaskCompletionSource Release) Of(string id) =>
            Held.GetOrAdd(id, static _ => (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)));
    }
}
