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
    private const string Result = "hello!: 3";

    [Theory]
    [InlineData(20)]
    [InlineData(8)]
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
            string? reply = null;
            await foreach (Task<string?> read in Task.WhenEach(peers.Select(ReadAsync)))
            {
                reply = await read;
                if (reply is not null)
                {
                    break;
                }
            }

            reply.Should().Contain(Result, "who is let in is served");
            foreach (RawPeer peer in peers)
            {
                await peer.DisposeAsync();
            }

            // The descriptors come back as the server notices that their peers have gone; until then it may turn a connection away.
            long closed = Stopwatch.GetTimestamp();
            while ((reply = await AskAsync(port))?.Contains(Result, StringComparison.Ordinal) is not true)
            {
                process.HasEnded.Should().BeFalse();
                Stopwatch.GetElapsedTime(closed).Should().BeLessThan(TestTimeouts.Limit, $"all descriptors are free again; the last reply was {reply ?? "none"}");
            }

            for (int i = 0; i < 20; i++)
            {
                (await AskAsync(port)).Should().Contain(Result);
            }

            process.HasEnded.Should().BeFalse();
        }
    }

    private static async Task<string?> ReadAsync(RawPeer peer)
    {
        try
        {
            return await peer.ReadFrameAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static async Task<string?> AskAsync(int port)
    {
        await using RawPeer peer = await RawPeer.ConnectAsync(port);
        try
        {
            return await peer.AskAsync(RawPeer.Request("1", "math_service/plus", "1, 2"));
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException)
        {
            return null;
        }
    }
}
