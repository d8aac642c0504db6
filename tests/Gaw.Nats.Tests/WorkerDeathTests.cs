using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;

namespace Gaw.Nats.Tests;

/// <summary>Workers come and go under load, as processes: stopped, killed, added.</summary>
public sealed class WorkerDeathTests(ITestOutputHelper output)
{
    private const int Callers = 32;

    /// <summary>Calls before and after each event.</summary>
    private static int Some => NatsEngine.IsLong ? 4000 : 600;

    [Fact]
    public async Task A_worker_that_is_stopped_under_load_costs_no_call()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess stays = await WorkerProcess.StartAsync(address);
        await using WorkerProcess leaves = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address]);
        await using Load load = Load.Start(client, Callers);

        await load.AnswersAsync(Some);
        await leaves.StopAsync();
        await load.AnswersAsync(Some);
        await load.StopAsync();

        output.WriteLine(load.ToString());
        load.Failures.Should().BeEmpty();
        await Eventually.BecomesTrueAsync(() => stays.Runs.Count + leaves.Runs.Count == load.Answered.Count);
        stays.Runs.Concat(leaves.Runs).Should().OnlyHaveUniqueItems("no call runs twice");
        leaves.Runs.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_is_killed_under_load_costs_no_more_than_the_calls_that_it_had()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess stays = await WorkerProcess.StartAsync(address);
        await using WorkerProcess dies = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address]);
        await using Load load = Load.Start(client, Callers);

        await load.AnswersAsync(Some);
        dies.Kill();
        await load.AnswersAsync(Some);
        await load.StopAsync();

        output.WriteLine(load.ToString());
        load.Failures.Where(static e => e is not GawConnectionException { Execution: CallExecution.Unknown }).Should().BeEmpty();
        load.Failures.Count.Should().BeLessThanOrEqualTo(Callers);
        load.Longest.Should().BeLessThan(TimeSpan.FromSeconds(10), "a lost call ends after about five seconds, not after the 100 s of its time-out");
        await Eventually.BecomesTrueAsync(() => stays.Runs.Count + dies.Runs.Count >= load.Answered.Count);
        stays.Runs.Concat(dies.Runs).Should().OnlyHaveUniqueItems("no call runs twice");
    }

    [Fact]
    public async Task A_worker_that_is_killed_costs_no_idempotent_call()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess stays = await WorkerProcess.StartAsync(address);
        await using WorkerProcess dies = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address]);
        await using Load load = Load.Start(client, Callers, options: new CallOptions { Idempotent = true });

        await load.AnswersAsync(Some);
        dies.Kill();
        await load.AnswersAsync(Some);
        await load.StopAsync();

        output.WriteLine(load.ToString());
        load.Failures.Should().BeEmpty();
        load.Answered.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_long_call_whose_worker_is_killed_ends_soon()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess dies = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address]);
        Task<int>[] calls = [.. Enumerable.Range(0, 20).Select(number => client.CallAsync<int>("shelf/take", [number, 90_000], cancellationToken: TestContext.Current.CancellationToken))];
        await Eventually.BecomesTrueAsync(() => dies.Runs.Count == 20);

        // Its notices come after a second. Those that come are another way to the same end.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        dies.Kill();

        foreach (Task<int> call in calls)
        {
            (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call was not given up")).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        }
    }

    [Fact]
    public async Task A_worker_that_is_added_gets_calls()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess first = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address]);
        await using Load load = Load.Start(client, Callers);
        await load.AnswersAsync(100);

        await using WorkerProcess second = await WorkerProcess.StartAsync(address);

        await Eventually.BecomesTrueAsync(() => second.Runs.Count > 50);
        await load.StopAsync();
        load.Failures.Should().BeEmpty();
    }

    [Fact]
    public async Task Throughput_grows_with_workers_that_take_a_few_calls_each()
    {
        Assert.SkipUnless(NatsEngine.IsLong, "Measures: with GAW_LONG_TESTS=1 only.");
        string address = await NatsEngine.GetAddressAsync();
        List<WorkerProcess> workers = [];
        List<int> answered = [];
        for (int count = 1; count <= 4; count++)
        {
            workers.Add(await WorkerProcess.StartAsync(address, maxConcurrentCalls: 4));
            await using GawClient client = new([address]);
            await using Load load = Load.Start(client, Callers);
            await load.AnswersAsync(50);
            int before = load.Answered.Count;
            await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
            answered.Add(load.Answered.Count - before);
            await load.StopAsync();
            load.Failures.Should().BeEmpty();
        }

        output.WriteLine(string.Join(" / ", answered));
        for (int i = 0; i < answered.Count; i++)
        {
            answered[i].Should().BeGreaterThan((int)(0.9 * (i + 1) * answered[0]), "each worker adds its own part");
        }

        foreach (WorkerProcess worker in workers)
        {
            await worker.DisposeAsync();
        }
    }
}
