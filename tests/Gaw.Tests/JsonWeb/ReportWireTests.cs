using Gaw.Tests.Scenarios;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb;

/// <summary>Reports as they stand on the wire: how many there are of them, and where.</summary>
public sealed class ReportWireTests
{
    [Fact]
    public async Task Ten_million_reports_in_a_loop_are_the_first_and_the_last()
    {
        FakeTimeProvider clock = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Loop>(new Bench()), new GawServerOptions { TimeProvider = clock });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        // The clock stands, so no period passes.
        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "loop/run", "1, 10000000"), "\"progress\": true"));

        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": 1}").And.Contain("\"for\": \"progress\"", "the first leaves at once");
        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": 10000000}").And.Contain("\"for\": \"progress\"", "the last leaves before the result");
        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": \"done\"").And.NotContain("progress");
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("2", "loop/none")))).Should().Contain("\"resp_to\": 2", "nothing comes behind the result");
    }

    [Fact]
    public async Task A_loop_of_reports_sends_the_newest_state_every_50_milliseconds()
    {
        const int each = 100_000;
        FakeTimeProvider clock = new();
        Bench bench = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Loop>(bench), new GawServerOptions { TimeProvider = clock });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "loop/run", $"20, {each}"), "\"progress\": true"));
        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": 1}");
        for (int round = 1; round < 20; round++)
        {
            await bench.Said.WaitForAsync(round);
            clock.Advance(TimeSpan.FromMilliseconds(49));
            clock.Advance(TimeSpan.FromMilliseconds(1));

            (await peer.ReadFrameAsync()).Should().Contain($"\"payload\": {round * each}}}", "that is the newest of a hundred thousand, and the only one that was sent");
            bench.Goes.Release();
        }

        await bench.Said.WaitForAsync(20);
        bench.Goes.Release();
        (await peer.ReadFrameAsync()).Should().Contain($"\"payload\": {20 * each}}}").And.Contain("progress");
        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": \"done\"");
    }

    [Fact]
    public async Task The_last_report_stands_before_the_result_in_every_run()
    {
        int runs = ClientConformanceTests.IsLong ? 20_000 : 1_000;
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Loop>(new Bench()));
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        for (int id = 1; id <= runs; id++)
        {
            await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request($"{id}", "loop/run", "1, 50"), "\"progress\": true"));
            string last = "";
            string frame;
            while (!(frame = (await peer.ReadFrameAsync())!).Contains("\"done\"", StringComparison.Ordinal))
            {
                last = frame;
                last.Should().Contain($"\"resp_to\": {id},").And.Contain("progress");
            }

            last.Should().Contain("\"payload\": 50}", "run {0}", id);
        }
    }

    [Fact]
    public async Task No_report_stands_behind_the_result_though_its_method_goes_on_reporting()
    {
        int runs = ClientConformanceTests.IsLong ? 5_000 : 300;
        Bench bench = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Loop>(bench));
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        for (int id = 1; id <= runs; id++)
        {
            await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request($"{id}", "loop/leave"), "\"progress\": true"));
            string frame;
            do
            {
                frame = (await peer.ReadFrameAsync())!;
                frame.Should().Contain($"\"resp_to\": {id},", "a report of a call that has ended stands nowhere");
            }
            while (!frame.Contains("\"left\"", StringComparison.Ordinal));
        }

        bench.IsOver = true;
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("999999", "loop/none")))).Should().Contain("\"resp_to\": 999999");
    }

    private sealed class Bench
    {
        private volatile bool _isOver;

        public Tally Said { get; } = new("rounds that were said");

        public SemaphoreSlim Goes { get; } = new(0);

        /// <summary>What was left running ends.</summary>
        public bool IsOver
        {
            get => _isOver;
            set => _isOver = value;
        }
    }

    private sealed class Loop(Bench bench)
    {
        [Entrypoint]
        public string None() => "none";

        [Entrypoint]
        public async Task<string> RunAsync(int rounds, int each, IProgress<int> progress)
        {
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 1; i <= each; i++)
                {
                    progress.Report((round * each) + i);
                }

                if (rounds > 1)
                {
                    bench.Said.Add();
                    await bench.Goes.WaitAsync();
                }
            }

            return "done";
        }

        /// <summary>Returns while a thread of its own reports.</summary>
        [Entrypoint]
        public async Task<string> LeaveAsync(IProgress<int> progress)
        {
            TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = Task.Run(() =>
            {
                for (int i = 0; i < 2_000 && !bench.IsOver; i++)
                {
                    progress.Report(i);
                    if (i == 100)
                    {
                        begun.SetResult();
                    }
                }
            });
            await begun.Task;
            return "left";
        }
    }
}
