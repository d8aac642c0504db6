using Gaw.PostOffice.Framing;

namespace Gaw.Tests.PostOffice.Framing;

public sealed class FrameBudgetTests
{
    [Fact]
    public void The_budget_is_exceeded_above_its_limit_and_not_at_it()
    {
        FrameBudget budget = new(1000);
        budget.Change(1000);
        budget.IsExceeded.Should().BeFalse();
        budget.Change(1);
        budget.IsExceeded.Should().BeTrue();
        budget.Change(-1);
        budget.IsExceeded.Should().BeFalse();
    }

    [Fact]
    public void Readers_share_a_budget_and_give_back_what_they_held()
    {
        FrameBudget budget = new(600_000);
        FrameReader[] readers = [.. Enumerable.Range(0, 4).Select(_ => new FrameReader(FrameLimits.DefaultMaxFrameBytes, budget))];
        foreach (FrameReader reader in readers[..2])
        {
            FrameReaderTests.Feed(reader, "1000000\n" + new string('x', 200_000));
        }

        budget.IsExceeded.Should().BeFalse("two buffers of 262,144 bytes");
        FrameReaderTests.Feed(readers[2], "1000000\n" + new string('x', 60_000));
        budget.IsExceeded.Should().BeFalse("64 KiB and less are not counted");
        FrameReaderTests.Feed(readers[3], "1000000\n" + new string('x', 200_000));
        budget.IsExceeded.Should().BeTrue();
        readers[0].Dispose();
        budget.IsExceeded.Should().BeFalse();
        foreach (FrameReader reader in readers)
        {
            reader.Dispose();
        }

        budget.Change(600_000);
        budget.IsExceeded.Should().BeFalse("all has been given back");
    }

    [Fact]
    public async Task Many_threads_may_change_it()
    {
        FrameBudget budget = new(0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                budget.Change(7);
                budget.Change(-7);
            }
        })));

        budget.IsExceeded.Should().BeFalse();
        budget.Change(1);
        budget.IsExceeded.Should().BeTrue();
    }
}
