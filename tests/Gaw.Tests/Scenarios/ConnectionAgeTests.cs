using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>However small ConnectionMaxAge is, it ends no call: a connection carries at least one, and those that are open end on it.</summary>
public sealed class ConnectionAgeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The first question on a connection takes longer than the connection may live.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_was_long_in_opening_carries_the_call_that_it_was_opened_for(bool synchronous)
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        int questions = 0;
        Tally asked = new("questions");
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using BadServer server = BadServer.Start(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                if (request.Path.StartsWith("_gaw/", StringComparison.Ordinal))
                {
                    questions++;
                    asked.Add();
                    await answered.Task;
                    await connection.SendFrameAsync(BadServer.Answer(request.Id, "null")[..^1] + ", \"meta\": {\"keeps\": {\"server\": 5, \"now_ms\": 1000}}}");
                    continue;
                }

                await connection.SendFrameAsync(BadServer.Answer(request.Id, "3"));
            }
        });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { ConnectionMaxAge = TimeSpan.FromMilliseconds(20), RetryWhen = RetryWhen.KeptReplies, TimeProvider = time });
        Task<int> call = synchronous ? DedicatedThread.RunAsync(() => client.Call<int>("math/plus", [1, 2])) : client.CallAsync<int>("math/plus", [1, 2], cancellationToken: Token);
        await asked.WaitForAsync(1);
        time.Advance(TimeSpan.FromSeconds(1));
        answered.SetResult();

        (await call.WithinAsync(TestTimeouts.Limit, () => "the call did not end")).Should().Be(3);
        questions.Should().Be(1, "one connection was enough");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(150)]
    public async Task Calls_on_connections_that_live_for_milliseconds_all_end_well(int milliseconds)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { ConnectionMaxAge = TimeSpan.FromMilliseconds(milliseconds), Retries = 0 });
        const int calls = 1000;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(Task (caller) => caller % 2 == 0 ? DedicatedThread.RunAsync(CallAll) : CallAllAsync()))
            .WithinAsync(TestTimeouts.Limit, () => "the calls did not end");

        int CallAll()
        {
            for (int i = 0; i < calls; i++)
            {
                client.Call<string>("vault/echo", [$"{i}"]).Should().Be($"{i}");
            }

            return calls;
        }

        async Task CallAllAsync()
        {
            for (int i = 0; i < calls; i++)
            {
                (await client.CallAsync<string>("vault/echo", [$"{i}"], cancellationToken: Token)).Should().Be($"{i}");
            }
        }
    }
}
