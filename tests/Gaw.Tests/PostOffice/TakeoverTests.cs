using System.Net.Sockets;
using Gaw.Scheduling;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice;

/// <summary>Work runs on the threads of the read loops; what takes long must hold up nothing else.</summary>
public sealed class TakeoverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_method_that_blocks_does_not_hold_up_the_others_of_its_connection()
    {
        using Gate gate = new();
        await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
        await using GawClient client = server.Connect();
        Task<string> blocked = client.CallAsync<string>("blocking/block", ["a"], cancellationToken: Token);
        await gate.Entered.WaitForAsync(1);

        (await client.CallAsync<string>("blocking/echo", ["b"], cancellationToken: Token).WaitAsync(TestTimeouts.Limit, Token)).Should().Be("b");
        (await DedicatedThread.RunAsync(() => client.Call<string>("blocking/echo", ["c"])).WaitAsync(TestTimeouts.Limit, Token)).Should().Be("c");
        blocked.IsCompleted.Should().BeFalse();
        gate.Open();
        (await blocked).Should().Be("a");
    }

    [Fact]
    public async Task Three_hundred_calls_of_a_method_that_blocks_are_inside_at_the_same_time_and_others_go_on_beside_them()
    {
        const int count = 300;
        using Gate gate = new();
        await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
        await using GawClient client = server.Connect();
        Task<string>[] blocked = [.. Enumerable.Range(0, count).Select(i => client.CallAsync<string>("blocking/block", [$"{i}"], cancellationToken: Token))];
        await gate.Entered.WaitForAsync(count);
        (await client.CallAsync<string>("blocking/echo", ["b"], cancellationToken: Token).WaitAsync(TestTimeouts.Limit, Token)).Should().Be("b");
        gate.Open();

        (await Task.WhenAll(blocked)).Should().Equal(Enumerable.Range(0, count).Select(static i => $"{i}"));
        (await client.CallAsync<string>("blocking/block", ["c"], cancellationToken: Token)).Should().Be("c", "it does not block any more, wherever it begins");
    }

    [Fact]
    public void What_has_blocked_is_expected_to_block_for_a_hundred_calls_that_do_not()
    {
        BlockingPredictor habit = new();
        habit.IsLikely.Should().BeFalse();
        habit.HasBlocked();
        for (int call = 0; call < 100; call++)
        {
            habit.IsLikely.Should().BeTrue();
            habit.HasNot();
        }

        habit.IsLikely.Should().BeFalse();
        habit.HasNot();
        habit.HasBlocked();
        habit.IsLikely.Should().BeTrue();
    }

    [Fact]
    public async Task Several_methods_that_block_do_not_hold_up_one_another()
    {
        using Gate gate = new();
        await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
        await using GawClient client = server.Connect();
        Task<string>[] blocked = [.. Enumerable.Range(0, 4).Select(i => client.CallAsync<string>("blocking/block", [$"{i}"], cancellationToken: Token))];
        await gate.Entered.WaitForAsync(4);
        gate.Open();

        (await Task.WhenAll(blocked)).Should().Equal("0", "1", "2", "3");
    }

    [Fact]
    public async Task Requests_with_metadata_are_answered_as_they_are_done_and_those_without_in_order()
    {
        using Gate gate = new();
        await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync([.. RawPeer.Frame(Parallel("1", "blocking/block", "\"a\"")), .. RawPeer.Frame(Parallel("2", "blocking/echo", "\"b\""))]);
        (await peer.ReadFrameAsync()).Should().StartWith(BadServer.Answer("2", "\"b\"")[..^1], "it does not wait for the first");
        gate.Open();
        (await peer.ReadFrameAsync()).Should().StartWith(BadServer.Answer("1", "\"a\"")[..^1]);

        await peer.SendAsync([.. RawPeer.Frame(RawPeer.Request("3", "blocking/yield", "\"c\"")), .. RawPeer.Frame(RawPeer.Request("4", "blocking/echo", "\"d\""))]);
        (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer("3", "\"c\""));
        (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer("4", "\"d\""));
    }

    [Fact]
    public async Task Requests_without_metadata_wait_for_one_that_blocks()
    {
        using Gate gate = new();
        await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync([.. RawPeer.Frame(RawPeer.Request("1", "blocking/block", "\"a\"")), .. RawPeer.Frame(RawPeer.Request("2", "blocking/echo", "\"b\""))]);
        await gate.Entered.WaitForAsync(1);
        await using RawPeer other = await RawPeer.ConnectAsync(server.Port);
        (await other.AskAsync(RawPeer.Request("3", "blocking/echo", "\"c\""))).Should().Be(BadServer.Answer("3", "\"c\""));
        gate.Open();

        (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer("1", "\"a\""));
        (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer("2", "\"b\""));
    }

    [Fact]
    public async Task A_method_that_blocks_keeps_nobody_from_connecting()
    {
        for (int round = 0; round < 30; round++)
        {
            using Gate gate = new();
            await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
            using Socket caller = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

            // Blocking calls of the system, so that the request is there when the connection is accepted.
            caller.Connect("127.0.0.1", server.Port);
            caller.Send(RawPeer.Frame(RawPeer.Request("1", "blocking/block", "\"a\"")));
            await gate.Entered.WaitForAsync(1);
            await using RawPeer other = await RawPeer.ConnectAsync(server.Port);
            await other.SendFrameAsync(RawPeer.Request("2", "blocking/echo", "\"b\""));
            (await other.ReadFrameAsync(TimeSpan.FromSeconds(10))).Should().Be(BadServer.Answer("2", "\"b\""));
            gate.Open();
        }
    }

    [Fact]
    public async Task A_continuation_that_blocks_on_another_call_of_its_client_gets_its_answer()
    {
        using Gate gate = new();
        await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
        await using GawClient client = server.Connect();
        string all = await Task.Run(async () =>
        {
            string first = await client.CallAsync<string>("blocking/yield", ["a"], cancellationToken: Token).ConfigureAwait(false);
            string second = client.Call<string>("blocking/echo", ["b"]);
            string third = client.CallAsync<string>("blocking/echo", ["c"], cancellationToken: Token).GetAwaiter().GetResult();
            string fourth = DedicatedThread.RunAsync(() => client.Call<string>("blocking/echo", ["d"])).GetAwaiter().GetResult();
            return first + second + third + fourth;
        }).WaitAsync(TestTimeouts.Limit, Token);

        all.Should().Be("abcd");
    }

    [Fact]
    public async Task A_continuation_that_blocks_does_not_hold_up_the_other_calls()
    {
        using Gate gate = new();
        await using TestServer server = await TestServer.ServingAsync<Blocking>(gate);
        await using GawClient client = server.Connect();
        using ManualResetEventSlim othersDone = new();
        TaskCompletionSource blocking = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task first = Task.Run(async () =>
        {
            await client.CallAsync<string>("blocking/yield", ["a"], cancellationToken: Token).ConfigureAwait(false);
            blocking.SetResult();
            othersDone.Wait(TestTimeouts.Limit, Token).Should().BeTrue();
        }, Token);
        await blocking.Task.WaitAsync(TestTimeouts.Limit, Token);
        string[] others = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.CallAsync<string>("blocking/echo", [$"{i}"], cancellationToken: Token)))
            .WaitAsync(TestTimeouts.Limit, Token);
        othersDone.Set();

        others.Should().Equal(Enumerable.Range(0, 20).Select(i => $"{i}"));
        await first;
    }

    [Fact]
    public async Task Work_that_stalls_loses_its_loop_once()
    {
        TaskCompletionSource takenOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int count = 0;
        LoopLease run = new(() =>
        {
            Interlocked.Increment(ref count);
            takenOver.TrySetResult();
        });
        long quick = run.Enter();
        run.TryLeave(quick).Should().BeTrue();
        count.Should().Be(0);

        long slow = run.Enter();
        await takenOver.Task.WaitAsync(TestTimeouts.Limit, Token);
        long next = run.Enter();
        run.TryLeave(slow).Should().BeFalse("the loop is somebody else's");
        run.GiveUp(slow);
        run.TryLeave(next).Should().BeTrue();
        count.Should().Be(1);
    }

    [Fact]
    public void Work_can_give_its_loop_up_by_itself()
    {
        int count = 0;
        LoopLease run = new(() => count++);
        long token = run.Enter();
        run.GiveUp(token);
        run.GiveUp(token);

        count.Should().Be(1);
        run.TryLeave(token).Should().BeFalse();
    }

    private static string Parallel(string id, string path, string args) => RawPeer.WithMeta(RawPeer.Request(id, path, args));

    public sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public Tally Entered { get; } = new("calls in the gate");

        public void Open() => _open.Set();

        public void Pass()
        {
            Entered.Add();
            _open.Wait(TestTimeouts.Limit).Should().BeTrue();
        }

        public void Dispose() => _open.Set();
    }

    [Service("blocking")]
    public sealed class Blocking(Gate gate)
    {
        [Entrypoint]
        public string Block(string text)
        {
            gate.Pass();
            return text;
        }

        [Entrypoint]
        public string Echo(string text) => text;

        [Entrypoint]
        public async Task<string> Yield(string text)
        {
            await Task.Yield();
            return text;
        }
    }
}
