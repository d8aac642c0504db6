using Gaw.Tests.Scenarios;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice.Client;

/// <summary>A connection that is not used holds no thread, and is usable all the same.</summary>
public sealed class IdleReaderTests : IDisposable
{
    private readonly Authority _authority = new();

    [Service("vault")]
    public interface IVault
    {
        ValueTask<int> Wait();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_idle_connection_holds_no_thread_and_carries_the_next_call(bool tls, bool lastIsSynchronous)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = tls ? _authority.Server() : null });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = tls ? _authority.Client() : null });
        Thread reader = await GetReaderAsync(client, server);
        if (lastIsSynchronous)
        {
            client.Call<string>("vault/echo", ["sync"]).Should().Be("sync");
        }

        await Eventually.BecomesTrueAsync(() => !reader.IsAlive, () => "the thread that read is still there");

        (await client.CallAsync<string>("vault/echo", ["async"], cancellationToken: Token)).Should().Be("async");
        client.Call<string>("vault/echo", ["sync"]).Should().Be("sync");
        server.Server.Connections.Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_ended_while_nobody_read_costs_no_call(bool tls)
    {
        GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = tls ? _authority.Server() : null });
        int port = server.Port;
        await using GawClient client = new("127.0.0.1", port, new GawClientOptions { Tls = tls ? _authority.Client() : null, Retries = 0 });
        Thread reader = await GetReaderAsync(client, server);
        await Eventually.BecomesTrueAsync(() => !reader.IsAlive, () => "the thread that read is still there");
        await server.DisposeAsync();
        await using GuardedServer next = await GuardedServer.StartAsync(new GawServerOptions { Tls = tls ? _authority.Server() : null }, port);

        (await client.CallAsync<string>("vault/echo", ["async"], cancellationToken: Token)).Should().Be("async");
    }

    [Theory]
    [InlineData(false, false, "the server ends")]
    [InlineData(false, true, "the server ends")]
    [InlineData(true, false, "the server ends")]
    [InlineData(false, false, "a large reply comes")]
    [InlineData(false, true, "a large reply comes")]
    [InlineData(true, false, "a large reply comes")]
    public async Task A_reply_that_nobody_waits_for_any_more_is_taken_and_hides_no_end(bool tls, bool lastIsSynchronous, string then)
    {
        TaskCompletionSource answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Stubborn stubborn = new(answers.Task);
        GawServerOptions options = new() { Tls = tls ? _authority.Server() : null };
        await using GawServer server = new("127.0.0.1", 0, options);
        await server.Add(() => stubborn).StartAsync(Token);
        int port = server.LocalEndPoint.Port;
        await using GawClient client = new("127.0.0.1", port, new GawClientOptions { Tls = tls ? _authority.Client() : null, Retries = 0 });
        (await client.CallAsync<int>("stubborn/one", cancellationToken: Token)).Should().Be(1);
        using CancellationTokenSource caller = new();
        Task<string> givenUp = client.CallAsync<string>("stubborn/large", cancellationToken: caller.Token);
        await stubborn.Entered.WaitForAsync(1);
        await caller.CancelAsync();
        await ((Func<Task>)(() => givenUp)).Should().ThrowAsync<OperationCanceledException>();
        if (lastIsSynchronous)
        {
            client.Call<int>("stubborn/one").Should().Be(1);
        }

        // Longer than a thread without work stays.
        await Task.Delay(TimeSpan.FromSeconds(1.5), Token);
        if (then == "a large reply comes")
        {
            answers.SetResult();
            await Eventually.BecomesTrueAsync(() => server.ConnectionStates.All(static state => state.IsAtRest && state.SentBytes > Stubborn.Size), () => "the reply lies unread");
            (await client.CallAsync<int>("stubborn/one", cancellationToken: Token)).Should().Be(1);
            server.Connections.Should().Be(1);
            return;
        }

        await server.StopAsync(new CancellationToken(canceled: true));
        await using GawServer next = new("127.0.0.1", port, options);
        await next.Add(() => stubborn).StartAsync(Token);
        await Eventually.BecomesTrueAsync(() => !ClientInsides.Servers(client)[0].TakesCalls, () => "the client has not seen the end");
        (await client.CallAsync<int>("stubborn/one", cancellationToken: Token)).Should().Be(1);
        answers.SetResult();
    }

    public void Dispose() => _authority.Dispose();

    /// <summary>The thread that reads: a call that had to wait for its reply continues there.</summary>
    private static async Task<Thread> GetReaderAsync(GawClient client, GuardedServer server)
    {
        TaskCompletionSource<Thread> reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Then(client.For<IVault>().Wait(), () => reading.SetResult(Thread.CurrentThread));
        await server.Vault.Entered.WaitForAsync(1);
        server.Vault.Open.TrySetResult();
        return await reading.Task.WithinAsync(TestTimeouts.Limit, () => "the call did not end");
    }
    private static void Then(ValueTask<int> call, Action continuation) => call.GetAwaiter().UnsafeOnCompleted(continuation);

    [Service("stubborn")]
    public sealed class Stubborn(Task answers)
    {
        public const int Size = 12_000_000;

        public Tally Entered { get; } = new("calls");

        [Entrypoint]
        public int One() => 1;

        /// <summary>Takes no token, so it replies however its caller feels about it.</summary>
        [Entrypoint]
        public async Task<string> LargeAsync()
        {
            Entered.Add();
            await answers;
            return new string('x', Size);
        }
    }
}
