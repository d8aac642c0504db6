using System.Runtime.CompilerServices;
using System.Text.Json;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>
/// What streams cost whose receiver does not take them. Alone, since the whole process is measured. The long form (<c>GAW_LONG_TESTS=1</c>) has 2,000 that are not taken, and 500 whose peer does not read; the
/// short one a tenth.
/// </summary>
[Collection(Alone.Name)]
public sealed class StreamMemoryTests
{
    private const int Window = 256 * 1024;

    /// <summary>Each has six digits and, but for the first of a part, a blank and a comma: a window has fewer than so many, and more than three quarters of it.</summary>
    private const int ItemsOfWindow = Window / 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_that_nobody_takes_cost_one_and_a_half_windows_each_and_hold_up_no_call()
    {
        int count = ClientConformanceTests.IsLong ? 2_000 : 200;
        Bench bench = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Well>(bench));

        // A peer has a thousand at most.
        GawClient[] clients = [.. Enumerable.Range(0, 4).Select(_ => server.Connect())];
        List<IAsyncEnumerator<int>> streams = [];
        try
        {
            foreach (GawClient client in clients)
            {
                client.Call<int>("well/one").Should().Be(1);
            }

            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int i = 0; i < count; i++)
            {
                streams.Add(clients[i % clients.Length].StreamAsync<int>("well/draw", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation));
            }

            await Task.WhenAll(streams.Select(static stream => stream.MoveNextAsync().AsTask().WithinAsync(TestTimeouts.Limit * 4, static () => "no first item came")));
            long made = await bench.StandStillAsync();

            foreach (GawClient client in clients)
            {
                (await client.CallAsync<int>("well/one", cancellationToken: Cancellation).WithinAsync(TestTimeouts.Limit, static () => "a call was held up")).Should().Be(1);
                client.Call<int>("well/one").Should().Be(1);
            }

            long cost = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
            cost.Should().BeLessThanOrEqualTo(Window * 3 / 2, "client and server together");
            made.Should().BeInRange((long)count * ItemsOfWindow * 3 / 4, (long)count * ItemsOfWindow, "the window is made, and nothing beyond it");
            bench.Made.Should().Be(made);
            server.Server.OpenStreams.Should().Be(count);
        }
        finally
        {
            await Task.WhenAll(streams.Select(static stream => stream.DisposeAsync().AsTask()));
            await Task.WhenAll(clients.Select(static client => client.DisposeAsync().AsTask()));
        }

        await bench.Ended.WaitForAsync(count);
        await Eventually.BecomesTrueAsync(() => server.Server.OpenStreams == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_whose_peer_stops_reading_wait_for_its_socket_and_not_in_memory(bool goesOn)
    {
        int count = ClientConformanceTests.IsLong ? 500 : 50;
        Bench bench = new();

        // The clock stands: a peer that does not read is cut off after ten seconds otherwise.
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Well>(bench), new GawServerOptions { TimeProvider = new FakeTimeProvider() });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await using GawClient other = server.Connect();
        other.Call<int>("well/one").Should().Be(1);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 1; i <= count; i++)
        {
            await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request($"{i}", "well/draw"), $"\"take\": [1000000000, {Window}]"));
        }

        await bench.Begun.WaitForAsync(count);
        long made = await bench.StandStillAsync();

        other.Call<int>("well/one").Should().Be(1, "another peer is not held up");
        long cost = GC.GetTotalMemory(forceFullCollection: true) - before;
        made.Should().BeGreaterThan(count).And.BeLessThanOrEqualTo((long)count * ItemsOfWindow);
        cost.Should().BeLessThan((count * 64L * 1024) + (4 * 1024 * 1024), "a part of each, and 256 KiB of the connection, not a window of each");
        if (goesOn)
        {
            Dictionary<int, long> sent = [];
            int full = 0;
            while (full < count)
            {
                using JsonDocument part = JsonDocument.Parse((await peer.ReadFrameAsync())!);
                int id = part.RootElement.GetProperty("data").GetProperty("_v").GetProperty("resp_to").GetInt32();
                int items = part.RootElement.GetProperty("data").GetProperty("_v").GetProperty("payload").GetArrayLength();
                long total = part.RootElement.GetProperty("meta").GetProperty("sent")[0].GetInt64();
                total.Should().Be(sent.GetValueOrDefault(id) + items, "no part is missing");
                sent[id] = total;
                full += part.RootElement.GetProperty("meta").GetProperty("sent")[1].GetInt64() >= Window ? 1 : 0;
            }

            bench.Made.Should().Be(sent.Values.Sum(), "all of each window has come, and no more was made");
            (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("999999", "well/one")))).Should().Contain("\"resp_to\": 999999");
        }

        peer.Reset();
        await bench.Ended.WaitForAsync(count);
        await Eventually.BecomesTrueAsync(() => server.Server.OpenStreams == 0);
    }

    private sealed class Bench
    {
        private long _made;

        /// <summary>Items that were made.</summary>
        public long Made => Volatile.Read(ref _made);

        public Tally Begun { get; } = new("streams that began");

        public Tally Ended { get; } = new("streams that ended");

        public void Make() => Interlocked.Increment(ref _made);

        /// <summary>Completes when no further item is made.</summary>
        /// <returns>How many were.</returns>
        public async Task<long> StandStillAsync()
        {
            while (true)
            {
                long made = Made;
                int looks = 0;
                await Eventually.BecomesTrueAsync(() => Made != made || ++looks == 100);
                if (looks == 100)
                {
                    return made;
                }
            }
        }
    }

    private sealed class Well(Bench bench)
    {
        [Entrypoint]
        public int One() => 1;

        [Entrypoint]
        public async IAsyncEnumerable<int> DrawAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            bench.Begun.Add();
            try
            {
                for (int i = 1; ; i++)
                {
                    bench.Make();
                    yield return 123_456;
                    if (i % 1000 == 0)
                    {
                        await Task.Yield();
                        cancellationToken.ThrowIfCancellationRequested();
                    }
                }
            }
            finally
            {
                bench.Ended.Add();
            }
        }
    }
}
