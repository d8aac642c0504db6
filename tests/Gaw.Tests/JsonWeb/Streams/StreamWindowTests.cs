using CsCheck;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.JsonWeb.Streams.Sending;

namespace Gaw.Tests.JsonWeb.Streams;

/// <summary>Credit of a stream: what holds for every order in which parts and limits arrive.</summary>
public sealed class StreamWindowTests
{
    private const int LargestItem = 5_000;

    [Theory]
    [InlineData(0, 0, false, "before the first limit nothing is sent: who has not asked for a stream gets none")]
    [InlineData(1, 1, true, "an item may be begun while both totals are below")]
    [InlineData(0, 100, false, "items bound the work that is done ahead")]
    [InlineData(100, 0, false, "bytes bound the memory")]
    [InlineData(-5, long.MaxValue, false, "a limit below zero is none")]
    [InlineData(long.MaxValue, long.MaxValue, true, "a peer may name the largest figures there are")]
    public void An_item_may_be_begun_while_both_totals_are_below_their_limits(long items, long bytes, bool may, string because) =>
        new SendWindow(new StreamTotals(items, bytes)).CanBegin.Should().Be(may, because);

    [Fact]
    public void One_item_larger_than_the_window_passes_and_the_next_waits_for_its_consumer()
    {
        SendWindow sender = new(new StreamTotals(10, 100));
        ReceiveWindow receiver = new(new StreamTotals(10, 100));
        sender.Add(4_000);

        sender.CanBegin.Should().BeFalse();
        receiver.Receive(1, sender.Sent, LargestItem).Should().Be(PartCheck.InOrder);
        receiver.Consume(sender.Sent, out StreamTotals limit).Should().BeTrue();
        sender.Raise(limit).Should().BeTrue("it waited, and goes on");
        sender.Sent.Bytes.Should().BeLessThan(limit.Bytes);
    }

    [Fact]
    public void With_a_window_of_one_item_none_is_made_before_the_one_before_it_is_consumed()
    {
        SendWindow sender = new(new StreamTotals(1, 1_000));
        ReceiveWindow receiver = new(new StreamTotals(1, 1_000));
        for (int i = 1; i <= 5; i++)
        {
            sender.CanBegin.Should().BeTrue();
            sender.Add(10);
            sender.CanBegin.Should().BeFalse();
            receiver.Receive(1, sender.Sent, LargestItem).Should().Be(PartCheck.InOrder);
            receiver.Consume(sender.Sent, out StreamTotals limit).Should().BeTrue();
            limit.Items.Should().Be(i + 1);
            sender.Raise(limit);
        }
    }

    [Theory]
    [InlineData(3, 3, 30, PartCheck.InOrder)]
    [InlineData(0, 0, 0, PartCheck.InOrder)]
    [InlineData(3, 4, 30, PartCheck.OutOfStep)]
    [InlineData(3, 2, 30, PartCheck.OutOfStep)]
    [InlineData(0, 0, 1, PartCheck.OutOfStep)]
    [InlineData(1, 1, -1, PartCheck.OutOfStep)]
    [InlineData(1, long.MinValue, long.MinValue, PartCheck.OutOfStep)]
    [InlineData(1, 1, long.MaxValue, PartCheck.Overrun)]
    [InlineData(1, 1, 201 + LargestItem, PartCheck.Overrun)]
    [InlineData(1, 1, 200 + LargestItem, PartCheck.InOrder)]
    public void A_part_that_is_lost_doubled_or_beyond_the_limits_is_noticed(int items, long sentItems, long sentBytes, object expected) =>
        new ReceiveWindow(new StreamTotals(10, 100)).Receive(items, new StreamTotals(sentItems, sentBytes), LargestItem).Should().Be((PartCheck)expected);

    [Theory]
    [InlineData(2, 20, 22, PartCheck.InOrder)]
    [InlineData(2, 20, (2 * 20) + (4 * 2) + 64, PartCheck.InOrder)]
    [InlineData(2, 20, (2 * 20) + (4 * 2) + 65, PartCheck.Overrun)]
    [InlineData(0, 0, 64, PartCheck.InOrder)]
    [InlineData(0, 0, 65, PartCheck.Overrun)]
    [InlineData(1, long.MaxValue, int.MaxValue, PartCheck.Overrun)]
    [InlineData(3, 3, 7, PartCheck.InOrder)]
    [InlineData(3, 2, 7, PartCheck.Overrun)]
    [InlineData(1, 0, 0, PartCheck.Overrun)]
    public void A_part_whose_text_is_longer_than_its_sender_says_is_noticed(int items, long sentBytes, int textBytes, object expected) =>
        new ReceiveWindow(new StreamTotals(10, 100)).Receive(items, new StreamTotals(items, sentBytes), LargestItem, textBytes).Should().Be((PartCheck)expected);

    [Fact]
    public void A_part_that_comes_twice_is_out_of_step()
    {
        ReceiveWindow receiver = new(new StreamTotals(10, 100));
        receiver.Receive(2, new StreamTotals(2, 20), LargestItem).Should().Be(PartCheck.InOrder);

        receiver.Receive(2, new StreamTotals(2, 20), LargestItem).Should().Be(PartCheck.OutOfStep);
    }

    [Fact]
    public void A_limit_is_named_when_half_of_the_window_is_used_up_and_not_before()
    {
        ReceiveWindow receiver = new(new StreamTotals(1_000, 100));

        receiver.Consume(new StreamTotals(1, 49), out _).Should().BeFalse();
        receiver.Consume(new StreamTotals(2, 50), out StreamTotals limit).Should().BeTrue();
        limit.Should().Be(new StreamTotals(1_002, 150));
        receiver.Consume(new StreamTotals(3, 60), out _).Should().BeFalse();
    }

    /// <summary>Limits are lost, doubled and overtake each other; the newest arrives in the end, as a peer that hears nothing names it again.</summary>
    [Fact]
    public void However_limits_are_lost_doubled_and_reordered_the_sender_keeps_to_them_and_the_stream_ends() => Gen.Select(
        Gen.Int[1, 40], Gen.Int[1, 3_000], Gen.Int[1, LargestItem].Array[0, 200], Gen.Int).Sample(
        (windowItems, windowBytes, items, seed) =>
        {
            Random random = new(seed);
            StreamTotals window = new(windowItems, windowBytes);
            SendWindow sender = new(window);
            ReceiveWindow receiver = new(window);
            List<StreamTotals> underWay = [];
            Queue<(int Items, StreamTotals Sent)> parts = new();
            int next = 0;
            while (next < items.Length || parts.Count > 0)
            {
                int inPart = 0;
                while (next < items.Length && sender.CanBegin && random.Next(4) > 0)
                {
                    StreamTotals before = sender.Sent;
                    sender.Add(items[next++]);
                    inPart++;
                    if (before.Items >= sender.Limit.Items || before.Bytes >= sender.Limit.Bytes || sender.Sent.Bytes > sender.Limit.Bytes + items[next - 1])
                    {
                        return false;
                    }
                }

                if (inPart > 0)
                {
                    parts.Enqueue((inPart, sender.Sent));
                    if (receiver.Receive(inPart, sender.Sent, LargestItem) != PartCheck.InOrder)
                    {
                        return false;
                    }
                }

                if (parts.Count > 0 && (random.Next(2) == 0 || !sender.CanBegin) && receiver.Consume(parts.Dequeue().Sent, out StreamTotals limit))
                {
                    underWay.Add(limit);
                }

                if (underWay.Count > 0 && random.Next(3) > 0)
                {
                    // Lost, delivered out of turn, or twice.
                    int which = random.Next(underWay.Count);
                    sender.Raise(underWay[which]);
                    if (random.Next(2) == 0)
                    {
                        underWay.RemoveAt(which);
                    }
                }

                if (parts.Count == 0 && next < items.Length && !sender.CanBegin)
                {
                    // Both wait: the newest limit is named again, and must be enough.
                    sender.Raise(receiver.Limit);
                    if (!sender.CanBegin)
                    {
                        return false;
                    }
                }
            }

            return sender.Sent.Items == items.Length;
        },
        iter: 3_000);

    /// <summary>A sender and a receiver that count one text differently, by a few bytes a part, used up the window in the end.</summary>
    [Fact]
    public void A_million_parts_of_one_item_do_not_use_the_window_up()
    {
        SendWindow sender = new(StreamTotals.DefaultWindow);
        ReceiveWindow receiver = new(StreamTotals.DefaultWindow);
        int limits = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            if (!sender.CanBegin)
            {
                Assert.Fail($"stalled after {i} parts");
            }

            sender.Add(23);
            if (receiver.Receive(1, sender.Sent, LargestItem) != PartCheck.InOrder)
            {
                Assert.Fail($"out of step after {i} parts");
            }

            if (receiver.Consume(sender.Sent, out StreamTotals limit))
            {
                sender.Raise(limit);
                limits++;
            }
        }

        limits.Should().BeLessThan(200, "one limit serves half a window");
    }
}
