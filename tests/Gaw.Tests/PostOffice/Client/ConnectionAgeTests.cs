using Gaw.PostOffice;
using Gaw.PostOffice.Client.Pooling;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.PostOffice.Client;

public sealed class ConnectionAgeTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, true)]
    [InlineData(999, true)]
    [InlineData(1_000, false)]
    [InlineData(60_000_000, false)]
    public void A_connection_is_busy_within_a_millisecond_of_its_last_call(long microseconds, bool isBusy)
    {
        ConnectionAge age = Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        age.Use(_time.GetTimestamp());

        _time.Advance(TimeSpan.FromMicroseconds(microseconds));

        age.IsBusy(_time.GetTimestamp()).Should().Be(isBusy);
    }

    [Theory]
    [InlineData(59_999, false)]
    [InlineData(60_000, true)]
    public void A_connection_is_idle_once_nothing_was_open_for_its_lifetime(int milliseconds, bool isIdle)
    {
        ConnectionAge age = Open(lifetime: TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(10));
        age.Use(_time.GetTimestamp());

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        age.IsIdle(_time.GetTimestamp()).Should().Be(isIdle);
        age.IsBusy(_time.GetTimestamp()).Should().BeFalse();
    }

    [Fact]
    public void A_connection_without_a_lifetime_is_never_idle()
    {
        ConnectionAge age = Open(lifetime: Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromDays(30));

        age.IsIdle(_time.GetTimestamp()).Should().BeFalse();
    }

    [Fact]
    public void A_stamp_from_before_the_last_use_does_not_turn_it_back()
    {
        ConnectionAge age = Open(lifetime: TimeSpan.FromMinutes(1));
        long early = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(50));
        age.Use(_time.GetTimestamp());
        age.Use(early);

        _time.Advance(TimeSpan.FromSeconds(50));

        age.IsIdle(_time.GetTimestamp()).Should().BeFalse();
    }

    [Fact]
    public void A_connection_ages_from_the_first_call_that_it_was_opened_for()
    {
        ConnectionAge age = Open(maxAge: TimeSpan.FromHours(1));
        age.Use(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromHours(5));
        age.IsOld(_time.GetTimestamp()).Should().BeFalse("its first questions were not calls of anybody");

        age.TakeIntoUse();
        age.Use(_time.GetTimestamp());
        age.IsOld(_time.GetTimestamp()).Should().BeFalse();
        _time.Advance(TimeSpan.FromHours(1));

        age.IsOld(_time.GetTimestamp()).Should().BeTrue();
    }

    private ConnectionAge Open(TimeSpan? lifetime = null, TimeSpan? maxAge = null) => new(new PostOfficeClientOptions
    {
        TimeProvider = _time,
        ConnectionLifetime = lifetime ?? TimeSpan.FromMinutes(1),
        ConnectionMaxAge = maxAge ?? Timeout.InfiniteTimeSpan,
    });
}
