using System.Diagnostics;
using Gaw.PostOffice;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, rows A1, A2, C2 and C4: what peers cost in memory and threads. Alone, since the whole process is measured.</summary>
[Collection(nameof(PromiseTests_Memory))]
[CollectionDefinition(nameof(PromiseTests_Memory), DisableParallelization = true)]
public sealed class PromiseTests_Memory
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A1_A2_Claims_cost_no_memory()
    {
        await using TestServer server = await ServerConformanceTests.ServeAsync();
        await using RawPeer good = await RawPeer.ConnectAsync(server.Port);
        await ServerConformanceTests.AskSameAsync(good, 1);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<RawPeer> peers = [];
        for (int i = 0; i < 100; i++)
        {
            peers.Add(await RawPeer.ConnectAsync(server.Port));
            await peers[^1].SendAsync("16777216\n{\"_v\": ");
        }

        await Eventually.BecomesTrueAsync(() => server.ConnectionCount() == 101);
        await ServerConformanceTests.AskSameAsync(good, 2);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(32 * 1024 * 1024);
        await Task.WhenAll(peers.Select(peer => peer.DisposeAsync().AsTask()));
        good.Close();
        await server.IsEmptyAsync();
    }

    [Fact]
    public async Task C2_While_an_in_order_call_runs_little_is_read_ahead()
    {
        TaskCompletionSource gate = new(), began = new();
        await using PostOfficeServer server = await PostOffice.PostOfficeTests.ServeAsync(async (text, _) =>
        {
            began.TrySetResult();
            await gate.Task;
            return "1";
        });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n1");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        // As much as the system's buffers and the server take; the rest waits outside.
        Task sending = peer.SendAsync([.. Enumerable.Range(0, 10_000).SelectMany(_ => (byte[])[.. "2000\n"u8, .. new byte[2000]])]);
        await using RawPeer other = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await other.SendAsync("1\n2");
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(64 * 1024 * 1024, "most of it is the test's own");
        gate.SetResult();
        for (int i = 0; i < 10_001; i++)
        {
            (await peer.ReadFrameAsync()).Should().Be("{\"succ\": true, \"data\": 1}");
        }

        await sending;
    }

    [Fact]
    public async Task C4_Idle_connections_are_cheap()
    {
        int count = ClientConformanceTests.IsLong ? 5000 : 400;
        await using TestServer server = await ServerConformanceTests.ServeAsync();
        await using RawPeer good = await RawPeer.ConnectAsync(server.Port);
        await ServerConformanceTests.AskSameAsync(good, 1);
        int threads = Process.GetCurrentProcess().Threads.Count;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<RawPeer> idle = [];
        for (int i = 0; i < count; i++)
        {
            idle.Add(await RawPeer.ConnectAsync(server.Port));
        }

        await Eventually.BecomesTrueAsync(() => server.ConnectionCount() == count + 1);
        ((GC.GetTotalMemory(forceFullCollection: true) - before) / count).Should().BeLessThan(32 * 1024, "this counts the test's own end of each as well");
        (Process.GetCurrentProcess().Threads.Count - threads).Should().BeLessThan(64, "a connection has no thread");
        await ServerConformanceTests.AskSameAsync(good, 2);
        await Task.WhenAll(idle.Select(peer => peer.DisposeAsync().AsTask()));
        good.Close();
        await server.IsEmptyAsync();
    }
}
