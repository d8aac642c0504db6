using Gaw.JsonWeb.ReplyCaching;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb;

/// <summary>What a client knows of the clock of a server that keeps replies: never later than it is, and no worse with the age of the connection.</summary>
public sealed class KeepingPeerTests
{
    [Fact]
    public void The_estimate_stays_fresh_for_as_long_as_answers_tell_the_time()
    {
        FakeTimeProvider time = new();
        ReplyCachePeer told = new(new ReplyCacheInfo(7, 0), time);
        ReplyCachePeer once = new(new ReplyCacheInfo(7, 0), time);
        for (int minute = 1; minute <= 33 * 60; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            told.Tell(new ReplyCacheInfo(7, minute * 60_000L));
        }

        long now = 33 * 60 * 60_000L;
        told.Keep().SentMs.Should().BeInRange(now - 100, now);
        once.Keep().SentMs.Should().BeLessThan(now - 100_000, "without being told anew it falls behind by more than two minutes");
    }

    [Theory]
    [InlineData(7, 5_000, 10_000)]
    [InlineData(8, 20_000, 10_000)]
    [InlineData(7, 20_000, 20_000)]
    public void Another_server_and_an_earlier_time_tell_nothing(long server, long now, long estimate)
    {
        FakeTimeProvider time = new();
        ReplyCachePeer peer = new(new ReplyCacheInfo(7, 10_000), time);
        time.Advance(TimeSpan.FromSeconds(2));
        peer.Tell(new ReplyCacheInfo(server, now));

        peer.Keep().SentMs.Should().BeInRange(estimate, estimate + 2_000);
    }
}
