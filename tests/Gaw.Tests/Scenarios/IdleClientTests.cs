using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>What a client costs that is connected and does nothing: a process may have hundreds.</summary>
public sealed class IdleClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>With a call open the clock of a connection looks ten times a second; three hundred idle ones took a twelfth of a core so.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_clock_of_an_idle_connection_looks_once_a_second_and_again_as_before_when_a_call_comes(bool synchronous)
    {
        CountingTime time = new();
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { TimeProvider = time, ConnectionLifetime = Timeout.InfiniteTimeSpan });
        await EchoAsync(client, synchronous);
        time.Advance(TimeSpan.FromSeconds(3));

        time.CountIn(TimeSpan.FromSeconds(60)).Should().BeInRange(59, 61);

        Task<int> open = synchronous ? DedicatedThread.RunAsync(() => client.Call<int>("vault/wait")) : client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        time.CountIn(TimeSpan.FromSeconds(60)).Should().BeInRange(599, 601, "a call is open, whose time-out is watched");

        server.Vault.Open.SetResult();
        await open.WithinAsync(TestTimeouts.Limit, () => "the open call did not end");
        await EchoAsync(client, synchronous);
        time.Advance(TimeSpan.FromSeconds(3));
        time.CountIn(TimeSpan.FromSeconds(60)).Should().BeInRange(59, 61, "it is idle again");
        server.Server.Connections.Should().Be(1);
    }

    private static async Task EchoAsync(GawClient client, bool synchronous) =>
        (synchronous
            ? await DedicatedThread.RunAsync(() => client.Call<string>("vault/echo", ["x"]))
            : await client.CallAsync<string>("vault/echo", ["x"], cancellationToken: Token)).Should().Be("x");

    /// <summary>A clock that a test turns, and that counts how often a timer fires.</summary>
    private sealed class CountingTime : FakeTimeProvider
    {
        private int _fired;

        public int CountIn(TimeSpan time)
        {
            int before = _fired;
            Advance(time);
            return _fired - before;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            given =>
            {
                Interlocked.Increment(ref _fired);
                callback(given);
            },
            state,
            dueTime,
            period);
    }
}
