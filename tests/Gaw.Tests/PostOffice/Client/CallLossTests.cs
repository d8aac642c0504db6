using Gaw.PostOffice.Client;
using Gaw.PostOffice.Framing;

namespace Gaw.Tests.PostOffice.Client;

/// <summary>What is known of a call whose connection has ended, by table.</summary>
public sealed class CallLossTests
{
    [Theory]
    [InlineData(0, 0, 1000, long.MaxValue, false, "lost", "NotRun", "its frame was never queued")]
    [InlineData(100, 200, 150, long.MaxValue, false, "lost", "NotRun", "its frame did not leave whole")]
    [InlineData(100, 200, 200, long.MaxValue, false, "lost", "Unknown", "the last byte may have left")]
    [InlineData(100, 200, 200, long.MaxValue, true, "lost", "Ran", "its reply had begun")]
    [InlineData(100, 200, 900, 100, false, "lost", "NotRun", "the server has refused the frame in front of it, and read nothing behind")]
    [InlineData(100, 200, 900, 200, false, "lost", "Unknown", "the server has read this one")]
    [InlineData(100, 200, 900, long.MaxValue, false, "refused", "NotRun", "the server takes no connection, and says so")]
    [InlineData(100, 200, 150, long.MaxValue, true, "lost", "NotRun", "a reply to half a request is none")]
    public void A_call_has_run_has_not_run_or_may_have_run(long start, long end, long attempted, long unreadFrom, bool hasBegun, string cause, string execution, string because) =>
        CallLoss.Judge(
            new FramePosition { Start = start, End = end },
            attempted,
            unreadFrom,
            hasBegun,
            cause == "refused" ? new GawConnectionException("no", null!, CallExecution.NotRun) : new IOException()).ToString().Should().Be(execution, because);
}
