using Gaw.JsonWeb.Server;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb.Server;

/// <summary>How long a caller waits, by table.</summary>
public sealed class CallerTimeTests
{
    [Theory]
    [InlineData(10, 0, 11, "its own clock comes first, so a second is added")]
    [InlineData(10, 4, 7, "the time runs from when the call came")]
    [InlineData(10, 11, 0, "it is over")]
    [InlineData(10, 60, 0, "never below zero")]
    [InlineData(null, 60, -1, "a caller without a time-out waits without end")]
    [InlineData(30 * 24 * 3600, 0, -1, "a time-out of weeks is none")]
    public void A_method_is_told_to_stop_when_nobody_waits_any_more(int? timeout, int passed, int limit, string because)
    {
        FakeTimeProvider clock = new();
        CallerTime time = new(timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, clock.GetTimestamp());
        clock.Advance(TimeSpan.FromSeconds(passed));

        time.GetLimit(clock).Should().Be(limit < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(limit), because);
    }

    [Fact]
    public void A_queued_call_is_dropped_at_the_callers_own_deadline()
    {
        FakeTimeProvider clock = new();
        long now = clock.GetTimestamp();

        new CallerTime(TimeSpan.FromSeconds(10), now).GetDeadline(clock).Should().Be(now + (10 * clock.TimestampFrequency), "there is no grace: it has not begun");
        new CallerTime(null, now).GetDeadline(clock).Should().Be(long.MaxValue);
        new CallerTime(CallerTime.MostTime, now).GetDeadline(clock).Should().Be(long.MaxValue);
    }
}
