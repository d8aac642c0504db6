using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>What <see cref="CallEndTests"/> leaves to TCP: connections that are cut, servers that answer in order, lists of addresses.</summary>
public sealed class CallEndTests_OnlyTcp
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, false, 3)]
    [InlineData(false, true, 3)]
    public async Task A_call_whose_answer_was_lost_is_sent_again_only_where_that_is_allowed(bool idempotent, bool anyFailure, int requests)
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(BadServer.CloseAfterRequest, BadServer.CloseAfterRequest, BadServer.Answering(_ => "7")));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { RetryWhen = anyFailure ? RetryWhen.AnyFailure : RetryWhen.NotRun });
        Func<Task<int>> calling = () => client.CallAsync<int>("a/b", cancellationToken: Cancellation, options: new CallOptions { Idempotent = idempotent });

        if (idempotent || anyFailure)
        {
            (await calling()).Should().Be(7);
        }
        else
        {
            (await calling.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        }

        server.RequestCount.Should().Be(requests);
    }

    [Fact]
    public async Task A_server_that_answers_in_order_gets_a_connection_for_each_call_up_to_the_limit()
    {
        TaskCompletionSource release = new();
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(async request =>
        {
            if (request.Path.Contains("slow", StringComparison.Ordinal))
            {
                await release.Task;
            }

            await connection.AnswerAsync(request, "1");
        }));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { MaxConnections = 3 });
        await client.CallAsync<int>("a/fast", cancellationToken: Cancellation);

        Task<int> slow = client.CallAsync<int>("a/slow", cancellationToken: Cancellation);
        int[] fast = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.CallAsync<int>("a/fast", cancellationToken: Cancellation)));

        fast.Should().OnlyContain(result => result == 1);
        slow.IsCompleted.Should().BeFalse();
        server.ConnectionCount.Should().BeInRange(2, 3);
        release.SetResult();
        (await slow).Should().Be(1);
    }

    [Fact]
    public async Task Calls_go_to_the_servers_that_live()
    {
        await using TestServer first = await TestServer.StartAsync(s => s.Add(() => new Named("first")));
        await using TestServer second = await TestServer.StartAsync(s => s.Add(() => new Named("second")));
        await using GawClient client = new([$"127.0.0.1:{first.Port}", $"127.0.0.1:{second.Port}"]);

        HashSet<string> answered = [.. Enumerable.Range(0, 10).Select(_ => client.Call<string>("named/name"))];
        await first.Server.StopAsync(Cancellation);
        HashSet<string> left = [.. Enumerable.Range(0, 10).Select(_ => client.Call<string>("named/name"))];

        answered.Should().BeEquivalentTo("first", "second");
        left.Should().BeEquivalentTo("second");
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("::1:5555")]
    [InlineData("host:port")]
    public void An_address_that_is_none_is_refused(string address)
    {
        FluentActions.Invoking(() => new GawClient([address])).Should().Throw<ArgumentException>().WithMessage("*10.0.0.1:5555*");
    }

    public sealed class Named(string name)
    {
        [Entrypoint]
        public string Name() => name;
    }
}
