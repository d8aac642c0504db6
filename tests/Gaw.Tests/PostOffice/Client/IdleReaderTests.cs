using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice.Client;

/// <summary>A connection that is not used holds no thread, and is usable all the same.</summary>
public sealed class IdleReaderTests : IDisposable
{
    private readonly Authority _authority = new();

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

    [Service("vault")]
    public interface IVault
    {
        ValueTask<int> Wait();
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
}
