using Gaw.JsonWeb.Streams.Sending;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb.Streams.Sending;

/// <summary>When a stream that is sent says that it lives, and when it ends for want of anything to send.</summary>
public sealed class StreamPulseTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<bool> _beats = [];

    [Fact]
    public void A_stream_without_items_says_in_each_period_that_it_lives()
    {
        using StreamPulse pulse = Create(TimeSpan.FromSeconds(30));

        for (int i = 1; i <= 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            _beats.Should().Equal(Enumerable.Repeat(false, i), "one sign of life for each period");
        }
    }

    [Fact]
    public void A_part_stands_for_a_sign_of_life()
    {
        using StreamPulse pulse = Create(TimeSpan.FromSeconds(30));
        for (int i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            pulse.OnSent();
        }

        _beats.Should().BeEmpty();
    }

    [Fact]
    public void Who_wants_no_sign_of_life_gets_none()
    {
        using StreamPulse pulse = Create(alive: null);

        _clock.Advance(TimeSpan.FromHours(1));

        _beats.Should().BeEmpty();
    }

    [Fact]
    public void A_stop_ends_a_stream_that_had_nothing_to_send_for_a_second()
    {
        using StreamPulse pulse = Create(alive: null);
        pulse.BeginStop();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _beats.Should().BeEmpty("an item is being sent");

        pulse.IsQuiet = true;
        pulse.OnSent();
        _clock.Advance(TimeSpan.FromSeconds(1));

        _beats.Should().Equal(true);
        pulse.HasEnded.Should().BeTrue();
    }

    [Fact]
    public void A_receiver_that_names_no_limit_any_more_is_gone_where_its_end_is_not_noticed()
    {
        using StreamPulse pulse = Create(alive: null, hasLease: true);
        for (int i = 0; i < 10; i++)
        {
            _clock.Advance(StreamPulse.LeasePeriod);
            pulse.OnHeard();
        }

        _beats.Should().NotContain(true);
        for (TimeSpan waited = TimeSpan.Zero; waited < StreamPulse.LeaseTime; waited += StreamPulse.LeasePeriod)
        {
            _clock.Advance(StreamPulse.LeasePeriod);
        }

        _beats.Should().EndWith(true).And.ContainSingle(static isOver => isOver);
        pulse.HasEnded.Should().BeFalse("no stop has ended it");
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData(33, 10)]
    [InlineData(3, 3)]
    public void Who_has_to_renew_a_lease_hears_of_it_before_it_ends(int? wanted, int seconds)
    {
        using StreamPulse pulse = Create(wanted is { } some ? TimeSpan.FromSeconds(some) : null, hasLease: true);
        _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        _beats.Should().BeEmpty();

        _clock.Advance(TimeSpan.FromTicks(1));

        _beats.Should().Equal(false);
    }

    private StreamPulse Create(TimeSpan? alive, bool hasLease = false)
    {
        StreamPulse pulse = new(_clock, alive, hasLease, _beats.Add);
        pulse.Start();
        return pulse;
    }
}
