using System.Text;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;
using Gaw.Shared;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice;

/// <summary>A call that the server has not run is told so in words that its caller's machinery understands, where it has any.</summary>
public sealed class ReplyChannelTests
{
    [Theory]
    [InlineData("busy", false, "\"busy\": true", "another server may have a place")]
    [InlineData("busy", true, "\"busy\": true", "only a .NET server behind an engine says so, and nobody else reads it")]
    [InlineData("stopped", false, "\"stopping\": true", "it may be sent again, elsewhere")]
    [InlineData("stopped", true, "", "the peer takes no meta")]
    [InlineData("lost", false, "\"stopping\": true", "a caller that can still read is told that it may send again")]
    [InlineData("lost", true, "", "the peer takes no meta")]
    [InlineData("cancelled", false, "", "its caller has its own exception already")]
    [InlineData("overdue", false, "", "its caller's time is over")]
    public void A_call_that_was_not_run_is_rejected_where_its_caller_may_try_again(string reason, bool inOrder, string meta, string because)
    {
        ErrorInfo error = reason switch
        {
            "busy" => ErrorFrame.Busy,
            "stopped" => ErrorFrame.StoppedBefore,
            "lost" => ErrorFrame.LostBefore,
            "cancelled" => ErrorFrame.CancelledBefore,
            _ => ErrorFrame.OverdueBefore,
        };

        Encoding.UTF8.GetString(ReplyChannel.GetAbandonedMeta(error, inOrder)).Should().Be(meta, because);
    }

    [Fact]
    public async Task A_queued_call_whose_connection_is_closed_in_one_direction_fails_as_not_run_and_not_as_its_method()
    {
        using SemaphoreSlim gate = new(0);
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Gated>(gate), new GawServerOptions { MaxConcurrentCalls = 1 });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Frame(RawPeer.WithMeta(RawPeer.Request("1", "gated/wait"))));
        await peer.SendAsync(RawPeer.Frame(RawPeer.WithMeta(RawPeer.Request("2", "gated/wait"))));

        peer.HalfClose();

        string? first = await peer.ReadFrameAsync();
        first.Should().Contain("\"resp_to\": 2").And.Contain("has not run").And.Contain("\"stopping\": true");
        gate.Release();
        (await peer.ReadFrameAsync()).Should().Contain("\"resp_to\": 1").And.Contain("\"success\": true");
    }

    private sealed class Gated(SemaphoreSlim gate)
    {
        [Entrypoint]
        public Task WaitAsync() => gate.WaitAsync(TestContext.Current.CancellationToken);
    }
}
