using Gaw.Nats.Client;

namespace Gaw.Nats.Tests.Client;

public sealed class RefusalBudgetTests
{
    [Theory]
    [InlineData(0, false, "it may be that only one worker of several is full")]
    [InlineData(2, false, "a third worker may have a place")]
    [InlineData(3, true, "all that were met are full")]
    [InlineData(9, true, "")]
    public void A_call_waits_where_it_arrives_once_it_was_refused_often_enough(int refusals, bool waits, string reason) =>
        new RefusalBudget().MayWait(refusals).Should().Be(waits, reason);

    [Theory]
    [InlineData(0, RefusalBudget.MostCredit)]
    [InlineData(1000, 1000 + RefusalBudget.MostCredit)]
    public void A_client_is_refused_as_often_as_it_is_answered_but_for_a_few(int answers, int most)
    {
        RefusalBudget budget = new();
        int refused = 0;
        for (int left = answers; left >= 0; left--)
        {
            for (; !budget.MayWait(0); refused++)
            {
                budget.Count(wasRefused: false);
                budget.Count(wasRefused: true);
            }

            budget.Count(wasRefused: false);
        }

        refused.Should().BeInRange(most - 2, most);
    }

    [Fact]
    public void A_client_that_was_never_refused_saves_up_no_storm()
    {
        RefusalBudget budget = new();
        for (int i = 0; i < 100_000; i++)
        {
            budget.Count(wasRefused: false);
        }

        for (int i = 0; i < RefusalBudget.MostCredit - 1; i++)
        {
            budget.MayWait(0).Should().BeFalse();
            budget.Count(wasRefused: false);
            budget.Count(wasRefused: true);
        }

        budget.MayWait(0).Should().BeTrue("refusals cost more than answers give");
    }

    [Theory]
    [InlineData(false, 5.0, false, "its worker was only slow to refuse it")]
    [InlineData(true, 0.1, false, "as many wait there as may: a pause follows")]
    [InlineData(true, 1.0, true, "it was given back so that it looks elsewhere")]
    public void A_call_that_has_waited_goes_on_at_once(bool mayWait, double seconds, bool expected, string reason) =>
        RefusalBudget.HasWaited(mayWait, TimeSpan.FromSeconds(seconds)).Should().Be(expected, reason);
}
