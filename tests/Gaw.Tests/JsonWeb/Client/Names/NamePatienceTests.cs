using System.Net;
using Gaw.JsonWeb.Client.Names;

namespace Gaw.Tests.JsonWeb.Client.Names;

/// <summary>How long a call waits for the look-up of names, in seconds; -1 without end.</summary>
public sealed class NamePatienceTests
{
    [Theory]
    [InlineData(-1, -1, true, -1, "nothing ends it")]
    [InlineData(30, -1, true, 30, "its own time does")]
    [InlineData(-1, 5, true, 5, "the time for connecting does")]
    [InlineData(30, 5, true, 5, "the shorter one")]
    [InlineData(3, 5, true, 3, "the shorter one")]
    [InlineData(30, 5, false, 1, "it can go to the servers of an earlier look-up")]
    [InlineData(-1, -1, false, 1, "it can go to the servers of an earlier look-up")]
    [InlineData(0, 5, false, 0, "no time is left")]
    public void A_call_waits_as_long_as_it_has_time_and_no_other_choice(int rest, int connectTime, bool knowsNone, int limit, string because) =>
        new NamePatience(Seconds(rest), Seconds(connectTime), knowsNone).Limit.Should().Be(Seconds(limit), because);

    [Theory]
    [InlineData(3, 5, "CallTimeout")]
    [InlineData(30, 5, "ConnectTimeout")]
    public void The_message_names_the_time_that_was_too_short(int rest, int connectTime, string option)
    {
        Exception failure = new NamePatience(Seconds(rest), Seconds(connectTime), KnowsNone: true).Explain("dns:///stock:5555", "shelf/count", new DnsEndPoint("stock", 5555), new TimeoutException());
        failure.Message.Should().Contain("dns:///stock:5555").And.Contain(option);
        (failure is GawConnectionException { Execution: not CallExecution.NotRun }).Should().BeFalse("nothing was sent");
    }

    private static TimeSpan Seconds(int seconds) => seconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}
