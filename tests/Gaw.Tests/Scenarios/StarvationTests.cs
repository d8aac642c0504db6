using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, rows B7 and C2, and the README's "calls wait behind a slow one: not at a .NET server": callers that block, methods that call on, calls that are slow.</summary>
public sealed class StarvationTests
{
    private const int Threads = 64;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task B7_Sixty_four_threads_that_wait_leave_the_thread_pool_to_others()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        Task<int>[] calls = [.. Enumerable.Range(0, Threads).Select(_ => DedicatedThread.RunAsync(() => client.Call<int>("vault/wait")))];
        await server.Vault.Entered.WaitForAsync(Threads);

        await PoolIsFreeAsync();
        (await client.CallAsync<string>("vault/echo", ["x"], cancellationToken: Token)).Should().Be("x");
        calls.Should().OnlyContain(call => !call.IsCompleted);
        server.Vault.Open.SetResult();

        (await Task.WhenAll(calls).WithinAsync(TestTimeouts.Limit, () => "a call did not end")).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task B7_Sixty_four_threads_that_wait_for_one_server_that_answers_in_order_leave_the_thread_pool_to_others()
    {
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using BadServer server = BadServer.Start(BadServer.LateAnswer(open.Task, request => request.Args.Split('[', ']')[1]));
        await using GawClient client = new("127.0.0.1", server.Port);
        Task<int>[] calls = [.. Enumerable.Range(0, Threads).Select(i => DedicatedThread.RunAsync(() => client.Call<int>("a/b", [i])))];
        await server.WaitForRequestsAsync(8);

        await PoolIsFreeAsync();
        open.SetResult();

        (await Task.WhenAll(calls).WithinAsync(TestTimeouts.Limit, () => "a call did not end")).Should().Equal(Enumerable.Range(0, Threads));
        server.ConnectionCount.Should().BeLessThanOrEqualTo(8);
    }

    [Theory]
    [InlineData("vault/block")]
    [InlineData("vault/wait")]
    public async Task B7_Threads_of_the_pool_that_wait_for_a_server_in_their_own_process_leave_it_those_that_it_needs(string path)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        Task<int>[] calls = [.. Enumerable.Range(0, Threads).Select(_ => Task.Run(() => client.Call<int>(path), Token))];
        await server.Vault.Entered.WaitForAsync(Threads);
        await PoolIsFreeAsync();
        server.Vault.Open.SetResult();

        (await Task.WhenAll(calls).WithinAsync(TestTimeouts.Limit, () => "a call did not end")).Should().BeEquivalentTo(Enumerable.Range(1, Threads));
    }

    [Theory]
    [InlineData("same")]
    [InlineData("second")]
    [InlineData("other")]
    public async Task B7_Methods_that_wait_for_other_calls_end_and_leave_the_thread_pool_to_others(string over)
    {
        await using GuardedServer other = await GuardedServer.StartAsync();
        GawClient? onward = null;
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new VaultService(other.Vault)).Add(() => new Onward(onward!)));
        await using GawClient client = server.Connect();
        await using GawClient second = over == "other" ? new GawClient("127.0.0.1", other.Port) : server.Connect();
        onward = over == "same" ? client : second;
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");

        Task<int>[] calls = [.. Enumerable.Range(0, Threads).Select(_ => client.CallAsync<int>("onward/call", ["vault/wait"], cancellationToken: Token))];
        await other.Vault.Entered.WaitForAsync(Threads);
        await PoolIsFreeAsync();
        other.Vault.Open.SetResult();

        (await Task.WhenAll(calls).WithinAsync(TestTimeouts.Limit, () => "a call did not end")).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("vault/wait", false)]
    [InlineData("vault/wait", true)]
    [InlineData("vault/block", false)]
    [InlineData("vault/block", true)]
    public async Task C2_A_slow_call_delays_none_of_a_thousand_fast_ones_of_its_connection(string slow, bool synchronous)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        Task<int> waiting = synchronous ? DedicatedThread.RunAsync(() => client.Call<int>(slow)) : client.CallAsync<int>(slow, cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);

        string[] fast = await Task.WhenAll(Enumerable.Range(0, 900).Select(i => client.CallAsync<string>("vault/echo", [$"{i}"], cancellationToken: Token)));
        string[] blocking = await DedicatedThread.RunAsync(() => Enumerable.Range(0, 100).Select(i => client.Call<string>("vault/echo", [$"{i}"])).ToArray());

        waiting.IsCompleted.Should().BeFalse();
        fast.Should().Equal(Enumerable.Range(0, 900).Select(i => $"{i}"));
        blocking.Should().Equal(Enumerable.Range(0, 100).Select(i => $"{i}"));
        server.Server.Connections.Should().Be(1, "one connection carries them all");
        server.Vault.Open.SetResult();
        await waiting.WithinAsync(TestTimeouts.Limit, () => "the slow call did not end");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    public async Task C2_Slow_calls_to_a_server_that_answers_in_order_delay_none_of_a_thousand_fast_ones_while_a_connection_is_left(int slow, bool known)
    {
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Tally began = new("slow calls");
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(async request =>
        {
            if (request.Path == "a/slow")
            {
                began.Add();
                await open.Task;
            }

            await connection.AnswerAsync(request, request.Args.Split('[', ']')[1]);
        }));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { MaxConnections = 4 });
        if (known)
        {
            (await client.CallAsync<int>("a/fast", [1], cancellationToken: Token)).Should().Be(1);
        }

        Task<int>[] waiting = [.. Enumerable.Range(0, slow).Select(i => client.CallAsync<int>("a/slow", [i], cancellationToken: Token))];
        await began.WaitForAsync(slow);
        int[] fast = await Task.WhenAll(Enumerable.Range(0, 900).Select(i => client.CallAsync<int>("a/fast", [i], cancellationToken: Token)));
        int[] blocking = await DedicatedThread.RunAsync(() => Enumerable.Range(0, 100).Select(i => client.Call<int>("a/fast", [i])).ToArray());

        waiting.Should().OnlyContain(call => !call.IsCompleted);
        fast.Should().Equal(Enumerable.Range(0, 900));
        blocking.Should().Equal(Enumerable.Range(0, 100));
        server.ConnectionCount.Should().BeLessThanOrEqualTo(4);
        open.SetResult();
        (await Task.WhenAll(waiting).WithinAsync(TestTimeouts.Limit, () => "a slow call did not end")).Should().Equal(Enumerable.Range(0, slow));
    }

    /// <summary>A work item of the pool still runs, by and by: not only once somebody stops to wait.</summary>
    private static async Task PoolIsFreeAsync()
    {
        for (int i = 0; i < 20; i++)
        {
            await Task.Run(static () => { }, Token).WithinAsync(TestTimeouts.Limit, () => "the pool ran nothing");
        }
    }

    [Service("onward")]
    public sealed class Onward(GawClient client)
    {
        /// <summary>Keeps its thread until the other call has ended.</summary>
        [Entrypoint]
        public int Call(string path) => client.Call<int>(path);
    }
}
