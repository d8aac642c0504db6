using System.Collections.Concurrent;
using System.Diagnostics;
using Gaw.Nats.Tests.Support;

namespace Gaw.Nats.Tests;

/// <summary>Ten times as many calls as a worker can take: each is answered, or has not run and says so; memory stays.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_flood_is_answered_or_turned_away_and_no_call_is_lost_without_a_word()
    {
        const int places = 8;
        const int callers = 10 * places;
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess worker = await WorkerProcess.StartAsync(address, places);
        await using GawClient client = new([address], new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(NatsEngine.IsLong ? 30 : 2));
        ConcurrentQueue<Exception> failures = new();
        int number = 0;
        int answered = 0;
        long most = 0;

        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    await client.CallAsync<int>("shelf/take", [Interlocked.Increment(ref number), 20]);
                    Interlocked.Increment(ref answered);
                }
                catch (Exception e)
                {
                    failures.Enqueue(e);
                }

                most = Math.Max(most, worker.WorkingSetBytes);
            }
        })));

        output.WriteLine($"{number} calls, {answered} answered, {failures.Count} turned away, {worker.Runs.Count} runs, worker at most {most / 1048576} MiB, caller {Process.GetCurrentProcess().WorkingSet64 / 1048576} MiB");
        failures.Where(static e => e is not GawConnectionException { Execution: CallExecution.NotRun }).Should().BeEmpty();
        answered.Should().BePositive();
        (answered + failures.Count).Should().Be(number);
        worker.Runs.Should().OnlyHaveUniqueItems().And.HaveCount(answered);
        most.Should().BeLessThan(400L * 1024 * 1024);
    }
}
