using Gaw.JsonWeb.Streams.Sending;

namespace Gaw.Tests.JsonWeb.Streams.Sending;

/// <summary>When the items of a stream leave.</summary>
public sealed class PartBatchTests
{
    [Theory]
    [InlineData(0, 0, 0.0, 0.0, "None", true, false, "nothing waits")]
    [InlineData(1, 10, 0.0, 0.0, "Ready", true, false, "the next item is there: they travel together")]
    [InlineData(1, 10, 0.0, 0.0, "Pending", true, true, "no item waits for one that is not there")]
    [InlineData(1, 10, 0.0, 0.0, "None", true, true, "the end, and an error, wait for nothing")]
    [InlineData(1, 10, 0.0, 0.0, "Ready", false, true, "without credit the next cannot be begun")]
    [InlineData(1, PartBatch.FullBytes, 0.0, 0.0, "Ready", true, true, "a part is full")]
    [InlineData(2, PartBatch.FullBytes / 2, 0.0, 0.0, "Ready", true, true, "so are several items together")]
    [InlineData(2, 10, 0.0, 0.9, "Ready", true, false, "still within a millisecond")]
    [InlineData(2, 10, 0.0, 1.0, "Ready", true, true, "a millisecond after its first item")]
    [InlineData(1, 10, 1.5, 0.0, "Ready", true, true, "a producer that keeps the thread would keep the item, too")]
    public void Items_that_are_ready_leave_together_and_none_waits_for_one_that_is_not(int items, int bytes, double making, double age, string next, bool hasCredit, bool leaves, string because)
    {
        PartBatch batch = new();
        for (int i = 0; i < items; i++)
        {
            batch.Add(bytes, now: 100, making);
        }

        batch.ShouldLeave(Enum.Parse<NextItem>(next), hasCredit, 100 + age).Should().Be(leaves, because);
    }

    [Fact]
    public void A_part_that_has_left_leaves_nothing_behind()
    {
        PartBatch batch = new();
        batch.Add(PartBatch.FullBytes, now: 0, making: 5);
        batch.Clear();

        (batch.Items, batch.Bytes).Should().Be((0, 0));
        batch.ShouldLeave(NextItem.None, hasCredit: false, now: 50).Should().BeFalse();
        batch.Add(1, now: 50, making: 0);
        batch.ShouldLeave(NextItem.Ready, hasCredit: true, now: 50.5).Should().BeFalse("its time begins with its own first item");
    }
}
