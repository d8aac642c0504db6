using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>Calls that end otherwise than with an answer, and what travels beside them, whatever carries them.</summary>
public abstract class CallEndTests(TestCarrier carrier) : CarriedTests(carrier)
{
    [Fact]
    public async Task A_cancelled_call_cancels_its_method_and_no_other()
    {
        await using CarriedServer server = await StartAsync(s => s.Add(() => new Waiting()));
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
        await using CarriedServer server = await StartAsync(s => s.Add(() => new Waiting()));
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
        await using CarriedServer server = await StartAsync(s => s.Add(() => new Waiting()));
        await using GawClient client = server.Connect();
        CallOptions options = new() { Metadata = new Dictionary<string, string> { ["user"] = "Anna" } };
        dynamic rpc = client;

        client.Call<string>("waiting/who", ["x"], options: options).Should().Be("x Anna");
        ((string)rpc.waiting.who("x", options)).Should().Be("x Anna");
        ((string)await rpc.waiting.whoAsync(name: "x")).Should().Be("x nobody");
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
