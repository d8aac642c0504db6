using Gaw.PostOffice.Server.Draining;

namespace Gaw.Tests.PostOffice;

/// <summary>How a connection drains, by table: what is known of it, and what it does next.</summary>
public sealed class DrainStateTests
{
    /// <summary>An idle connection whose peer knows no stop notice, seen by the loop.</summary>
    private static readonly DrainFacts Idle = new(
        PeerWasTold: false, AwaitsBytes: true, FramesTaken: 3, BufferedBytes: 0, RepliesOutOfOrder: false, Backlog: Backlog.Read);

    /// <summary>The same, seen by another thread.</summary>
    private static readonly DrainFacts Elsewhere = Idle with { Backlog = Backlog.Left };

    [Fact]
    public void An_open_connection_does_nothing_whatever_its_state()
    {
        DrainState drain = new();
        foreach (DrainFacts facts in new[] { Idle, Elsewhere, Idle with { PeerWasTold = true }, Idle with { BufferedBytes = 2 }, Idle with { RepliesOutOfOrder = true } })
        {
            Actions(drain, facts).Should().Equal(DrainAction.None);
            drain.EndGrace(facts);
        }

        drain.Phase.Should().Be(DrainPhase.Open, "a look does not begin a stop");
        drain.RejectsNewCalls.Should().BeFalse();
    }

    [Fact]
    public void What_arrived_before_the_stop_runs_and_what_comes_after_it_is_rejected()
    {
        DrainState drain = Begun();
        Actions(drain, Idle with { Backlog = Backlog.Left }).Should().Equal(DrainAction.None);
        drain.RejectsNewCalls.Should().BeFalse("some of the backlog may be unread");
        Actions(drain, Idle with { Backlog = Backlog.SocketEmpty }).Should().Equal(DrainAction.RejectNew, DrainAction.None);
        drain.RejectsNewCalls.Should().BeTrue();
        Actions(drain, Idle).Should().Equal([DrainAction.None], "each transition is asked for once");
    }

    [Theory]
    [InlineData(nameof(Backlog.SocketEmpty))]
    [InlineData(nameof(Backlog.Read))]
    public void An_incomplete_frame_is_finished_first_and_then_runs(string backlog)
    {
        DrainState drain = Begun();
        Actions(drain, Idle with { BufferedBytes = 5, Backlog = Enum.Parse<Backlog>(backlog) }).Should().Equal(DrainAction.None);
        drain.RejectsNewCalls.Should().BeFalse("it had begun before the stop");
        drain.EndGrace(Idle with { BufferedBytes = 5 });
        Actions(drain, Elsewhere with { BufferedBytes = 5 }).Should().Equal([DrainAction.None], "nor does the end of the grace period cut it off");
        Actions(drain, Idle).Should().Equal(DrainAction.RejectNew, DrainAction.EndReceiving, DrainAction.Finish);
    }

    [Fact]
    public void An_idle_connection_ends_with_the_grace_period()
    {
        DrainState drain = Begun();
        Actions(drain, Idle).Should().Equal([DrainAction.RejectNew, DrainAction.None], "the peer's next request may be on its way");
        drain.EndGrace(Elsewhere);
        Actions(drain, Elsewhere).Should().Equal([DrainAction.EndReceiving, DrainAction.None], "the loop waits in a receive, which has to come back");
        Actions(drain, Idle).Should().Equal(DrainAction.Finish);
    }

    [Theory]
    [InlineData(false, 3, true)] // A peer that was not told may send for ever.
    [InlineData(false, 9, true)]
    [InlineData(true, 3, true)] // Nothing came since the last look: it has stopped.
    [InlineData(true, 4, false)] // What it sent before it knew is still arriving.
    public void The_grace_period_of_a_peer_that_was_told_lasts_while_requests_of_it_arrive(bool told, int framesTaken, bool isOver)
    {
        DrainState drain = Begun();
        drain.EndGrace(Elsewhere with { PeerWasTold = told, FramesTaken = framesTaken });
        drain.Phase.Should().Be(isOver ? DrainPhase.Expired : DrainPhase.Draining);
        drain.EndGrace(Elsewhere with { PeerWasTold = told, FramesTaken = framesTaken });
        drain.Phase.Should().Be(DrainPhase.Expired, "the second look finds it quiet");
    }

    [Fact]
    public void The_grace_period_of_a_peer_that_was_told_lasts_while_the_loop_is_busy()
    {
        DrainState drain = Begun();
        drain.EndGrace(Elsewhere with { PeerWasTold = true, AwaitsBytes = false });
        drain.Phase.Should().Be(DrainPhase.Draining, "requests of it may lie unread");
        drain.EndGrace(Elsewhere with { PeerWasTold = true });
        drain.Phase.Should().Be(DrainPhase.Expired);
    }

    [Fact]
    public void Calls_that_are_answered_out_of_order_keep_the_receiving_open()
    {
        DrainState drain = Begun();
        drain.EndGrace(Elsewhere);
        Actions(drain, Elsewhere with { RepliesOutOfOrder = true }).Should().Equal([DrainAction.None], "a cancellation of one may still come");
        Actions(drain, Idle with { RepliesOutOfOrder = true }).Should().Equal(DrainAction.RejectNew, DrainAction.None);
        Actions(drain, Elsewhere).Should().Equal([DrainAction.EndReceiving, DrainAction.None], "the last of them has ended, on a thread of its own");
    }

    [Fact]
    public void A_peer_that_was_told_is_read_to_the_end_of_its_stream()
    {
        DrainState drain = Begun();
        drain.EndGrace(Elsewhere with { PeerWasTold = true });
        Actions(drain, Idle with { PeerWasTold = true }).Should().Equal([DrainAction.RejectNew, DrainAction.EndReceiving, DrainAction.None], "it sends nothing more, so there is an end");
        Actions(drain, Idle with { PeerWasTold = true }).Should().Equal(DrainAction.None);
    }

    [Theory]
    [InlineData(nameof(Backlog.Left), false)]
    [InlineData(nameof(Backlog.SocketEmpty), false)] // TLS may still hold some of it.
    [InlineData(nameof(Backlog.Read), true)]
    public void A_peer_that_floods_is_read_no_further_than_what_had_come_by_the_stop(string backlog, bool finishes)
    {
        DrainState drain = Begun();
        drain.EndGrace(Elsewhere with { AwaitsBytes = false, FramesTaken = 1000 });
        (Actions(drain, Idle with { AwaitsBytes = false, Backlog = Enum.Parse<Backlog>(backlog) })[^1] == DrainAction.Finish).Should().Be(finishes);
    }

    [Fact]
    public async Task Receiving_is_ended_once_by_however_many_threads()
    {
        for (int round = 0; round < 200; round++)
        {
            DrainState drain = Begun();
            drain.EndGrace(Elsewhere);
            DrainAction[][] actions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Actions(drain, Elsewhere))));
            actions.SelectMany(static one => one).Count(static action => action == DrainAction.EndReceiving).Should().Be(1);
        }
    }

    private static DrainState Begun()
    {
        DrainState drain = new();
        drain.Begin(framesTaken: 3);
        return drain;
    }

    /// <summary>What is done in turn while nothing else changes.</summary>
    private static DrainAction[] Actions(DrainState drain, DrainFacts facts)
    {
        List<DrainAction> actions = [];
        do
        {
            actions.Add(drain.Evaluate(facts));
        }
        while (actions[^1] is not (DrainAction.None or DrainAction.Finish));
        return [.. actions];
    }
}
