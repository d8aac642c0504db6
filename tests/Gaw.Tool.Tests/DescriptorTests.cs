using System.Diagnostics;
using System.Net.Sockets;
using Gaw.Tests.Support;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>A server with a few descriptors left has none to spare for a machine that is busy with other tests.</summary>
[CollectionDefinition(nameof(DescriptorTests), DisableParallelization = true)]
public sealed class DescriptorCollection;

/// <summary>PROMISES.md, row F4: a server that runs out of descriptors lives, and accepts again when there are some.</summary>
[Collection(nameof(DescriptorTests))]
public sealed class DescriptorTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(3)]
    public async Task A_server_that_has_served_nobody_yet_outlives_running_out_of_descriptors(int left)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit"), "The limit is set by prlimit.");
        (ToolProcess process, string address) = await ToolProcess.ServeAsync(Sample.Assembly, "--kwargs", "hello_msg='hello!'");
        await using (process)
        {
            int port = int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            int limit = Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length + left;
            (await ToolProcess.RunAsync("prlimit", ["--pid", $"{process.Id}", $"--nofile={limit}:{limit}"])).ExitCode.Should().Be(0);

            RawPeer[] peers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RawPeer.ConnectAsync(port)));
            await Task.WhenAll(peers.Select(static peer => peer.SendFrameAsync(RawPeer.Request("1", "math_service/plus", "1, 2"))));

            // Whichever came first: the others may be turned away.
            bool isAnyAnswered = false;
            await foreach (Task<bool> read in Task.WhenEach(peers.Select(IsAnsweredAsync)))
            {
                isAnyAnswered = await read;
                if (isAnyAnswered)
                {
                    break;
                }
            }

            isAnyAnswered.Should().BeTrue();
            foreach (RawPeer peer in peers)
            {
                await peer.DisposeAsync();
            }

            // The descriptors come back as the server notices that their peers have gone; until then it may turn a connection away.
            long closed = Stopwatch.GetTimestamp();
            while (!await IsAnsweredAsync(port))
            {
                process.HasEnded.Should().BeFalse();
                Stopwatch.GetElapsedTime(closed).Should().BeLessThan(TestTimeouts.Limit, "all descriptors are free again");
            }

            for (int i = 0; i < 20; i++)
            {
                (await IsAnsweredAsync(port)).Should().BeTrue();
            }

            process.HasEnded.Should().BeFalse();
        }
    }

    private static async Task<bool> IsAnsweredAsync(RawPeer peer)
    {
        try
        {
            return await peer.ReadFrameAsync() is not null;
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static async Task<bool> IsAnsweredAsync(int port)
    {
        await using RawPeer peer = await RawPeer.ConnectAsync(port);
        try
        {
            return (await peer.AskAsync(RawPeer.Request("1", "math_service/plus", "1, 2")))?.Contains("hello!: 3", StringComparison.Ordinal) is true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }
}
