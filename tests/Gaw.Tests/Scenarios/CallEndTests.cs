using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>Calls that end otherwise than with an answer, and where calls go.</summary>
public sealed class CallEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_call_cancels_its_method_and_no_other()
    {
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Waiting()));
        await using GawClient client = server.Connect();
        await client.CallAsync<string>("waiting/who", ["warm"], cancellationToken: Cancellation);
        using CancellationTokenSource source = new();
        string given = Guid.NewGuid().ToString();
        string kept = Guid.NewGuid().ToString();

        Task<string> cancelled = client.CallAsync<string>("waiting/wait", [given], cancellationToken: source.Token);
        Task<string> other = client.CallAsync<string>("waiting/wait", [kept], cancellationToken: Cancellation);
        await Waiting.StateOf(given).Started.Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");
        await Waiting.StateOf(kept).Started.Task.WithinAsync(TestTimeouts.Limit, () => "the other method did not start");
        await source.CancelAsync();

        await cancelled.Awaiting(t => t).Should().ThrowAsync<OperationCanceledException>();
        await Waiting.StateOf(given).Cancelled.Task.WithinAsync(TestTimeouts.Limit, () => "the cancelled method's token did not fire");
        Waiting.StateOf(kept).Cancelled.Task.IsCompleted.Should().BeFalse();
        Waiting.StateOf(kept).Released.TrySetResult();
        (await other).Should().Be(kept);
    }

    [Fact]
    public async Task A_method_is_cancelled_when_the_time_of_its_caller_is_over()
    {
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Waiting()));
        await using GawClient client = server.Connect();
        client.Call<string>("waiting/who", ["x"]).Should().Be("x nobody", "the time is the method's: the connection is there");
        string id = Guid.NewGuid().ToString();

        Func<Task> calling = () => client.CallAsync<string>("waiting/wait", [id], cancellationToken: Cancellation, options: new CallOptions { Timeout = TimeSpan.FromSeconds(1) });

        await calling.Should().ThrowAsync<TimeoutException>();
        await Waiting.StateOf(id).Cancelled.Task.WithinAsync(TestTimeouts.Limit, () => "the method's token did not fire");
    }

    [Fact]
    public async Task Metadata_travels_beside_the_arguments()
    {
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Waiting()));
        await using GawClient client = server.Connect();
        CallOptions options = new() { Metadata = new Dictionary<string, string> { ["user"] = "Anna" } };
        dynamic rpc = client;

        client.Call<string>("waiting/who", ["x"], options: options).Should().Be("x Anna");
        ((string)rpc.waiting.who("x", options)).Should().Be("x Anna");
        ((string)await rpc.waiting.whoAsync(name: "x")).Should().Be("x nobody");
    }

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

    public sealed class Waiting
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, State> States = new();

        public static State StateOf(string id) => States.GetOrAdd(id, static _ => new State());

        [Entrypoint]
        public async Task<string> WaitAsync(string id, CancellationToken cancellationToken)
        {
            State state = StateOf(id);
            state.Started.TrySetResult();
            try
            {
                await state.Released.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                state.Cancelled.TrySetResult();
                throw;
            }

            return id;
        }

        [Entrypoint]
        public string Who(string name, GawCallContext context) => $"{name} {context.Metadata.GetValueOrDefault("user", "nobody")}";

        public sealed class State
        {
            public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
