using Gaw.PostOffice.Server.Running;

namespace Gaw.Tests.PostOffice.Server;

/// <summary>What the counts of a connection say, after steps by table: <c>o</c> a message in order comes, <c>m</c> another comes, <c>a</c> the one in order is
/// answered, <c>e</c> one ends, <c>s</c> one waits for the stop, <c>t</c> that one is answered.</summary>
public sealed class RunningMessagesTests
{
    [Theory]
    [InlineData("", 0, false, false, true, "nothing has come")]
    [InlineData("o", 1, true, false, false, "the next one in order has to wait")]
    [InlineData("oa", 1, false, true, false, "it is answered, and its end is under way")]
    [InlineData("oae", 0, false, false, true, "it has ended")]
    [InlineData("m", 1, false, true, false, "others may come meanwhile")]
    [InlineData("mo", 2, true, true, false, "both kinds run")]
    [InlineData("ms", 1, false, true, true, "the stop waits for all but for it")]
    [InlineData("mms", 2, false, true, false, "the other one is waited for")]
    [InlineData("mste", 0, false, false, true, "it has ended like any other")]
    public void Steps_lead_to_counts(string steps, int count, bool hasInOrder, bool hasOutOfOrder, bool isDoneButForStop, string because)
    {
        RunningMessages running = new();
        foreach (char step in steps)
        {
            Action take = step switch
            {
                'o' => () => running.Enter(inOrder: true),
                'm' => () => running.Enter(inOrder: false),
                'a' => running.LeaveOrder,
                'e' => running.Leave,
                's' => running.AwaitStop,
                _ => running.StopAwaitingStop,
            };
            take();
        }

        running.Count.Should().Be(count, because);
        running.HasInOrder.Should().Be(hasInOrder, because);
        running.HasOutOfOrder.Should().Be(hasOutOfOrder, because);
        running.IsDoneButForStop.Should().Be(isDoneButForStop, because);
        running.WhenOrderFreeAsync().IsCompleted.Should().Be(!hasInOrder, because);
        running.WhenNoneAsync().IsCompleted.Should().Be(count == 0, because);
    }
}
