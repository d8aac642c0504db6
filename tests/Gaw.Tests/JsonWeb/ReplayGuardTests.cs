using System.Globalization;
using System.Text;
using Gaw.JsonWeb.Server;
using Gaw.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb;

/// <summary>A request is taken once, within a window around now.</summary>
public sealed class ReplayGuardTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));


    public static TheoryData<int> Versions => [1, 7];

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_id_is_taken_once(int version)
    {
        ReplayGuard guard = new(Window, _clock);
        UInt128 id = Id(version, _clock.GetUtcNow());

        Refuse(guard, id).Should().BeNull();
        Refuse(guard, id).Should().Contain("sent before");
        Refuse(guard, id + 1).Should().BeNull("that is another");
        Refuse(guard, id).Should().Contain("sent before");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_time_in_an_id_has_to_be_within_the_window(int version)
    {
        ReplayGuard guard = new(Window, _clock);
        _clock.Advance(TimeSpan.FromHours(1));
        DateTimeOffset now = _clock.GetUtcNow();

        Refuse(guard, Id(version, now - Window)).Should().BeNull();
        Refuse(guard, Id(version, now + Window)).Should().BeNull();
        Refuse(guard, Id(version, now - Window - TimeSpan.FromMilliseconds(1))).Should().Contain("ReplayWindow (2 min)").And.Contain("set the clocks");
        Refuse(guard, Id(version, now + Window + TimeSpan.FromMilliseconds(1))).Should().Contain("ReplayWindow");
        Refuse(guard, Id(version, now - TimeSpan.FromMinutes(3))).Should().Contain("2026-03-01 12:57:00Z");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_was_made_before_the_guard_began_is_refused_for_nobody_knows_whether_it_was_taken(int version)
    {
        ReplayGuard guard = new(Window, _clock);

        Refuse(guard, Id(version, _clock.GetUtcNow() - TimeSpan.FromMilliseconds(1))).Should().Contain("before this server began");
        Refuse(guard, Id(version, _clock.GetUtcNow())).Should().BeNull();
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(7, 60)]
    [InlineData(1, -60)]
    [InlineData(7, -60)]
    public void A_guard_that_began_with_a_wrong_clock_recovers_when_the_clock_does(int version, int minutes)
    {
        SettableTime time = new() { Offset = TimeSpan.FromMinutes(minutes) };
        ReplayGuard guard = new(Window, time);
        UInt128 wrong = Id(version, time.GetUtcNow());
        Refuse(guard, wrong).Should().BeNull("it agrees with the clock");
        time.Offset = TimeSpan.Zero;
        time.Advance(TimeSpan.FromSeconds(1));

        Refuse(guard, Id(version, time.GetUtcNow())).Should().BeNull();
        Refuse(guard, Id(version, time.GetUtcNow() - TimeSpan.FromSeconds(2))).Should().Contain("before this server began");
        Refuse(guard, wrong).Should().Contain("ReplayWindow");

        // As the true time comes to the wrong one, what was taken then lies within the window again.
        for (int i = 0; i < 120; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Refuse(guard, Id(version, time.GetUtcNow()) + 1).Should().BeNull();
            Refuse(guard, wrong).Should().NotBeNull();
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void At_no_time_is_an_id_taken_twice(int version)
    {
        ReplayGuard guard = new(Window, _clock);
        List<UInt128> taken = [];
        for (int second = 0; second < 3600; second += 7)
        {
            // From the oldest to the newest that may come at this moment, so that forgetting too early would show.
            foreach (double offset in (double[])[-120, -60, 0, 60, 120])
            {
                UInt128 id = Id(version, _clock.GetUtcNow() + TimeSpan.FromSeconds(offset)) + (UInt128)taken.Count;
                if (Refuse(guard, id) is null)
                {
                    taken.Add(id);
                }
            }

            // The last 150 cover more than the window; older ones are looked at once in a while.
            IEnumerable<UInt128> again = second % 210 == 0 ? taken : taken.TakeLast(150);
            again.Any(id => Refuse(guard, id) is null).Should().BeFalse($"all of them were taken before, {second} seconds after the start");
            _clock.Advance(TimeSpan.FromSeconds(7));
        }

        taken.Should().HaveCountGreaterThan(2000);
    }

    [Theory]
    [InlineData("\"27100000000000000000000000000000009217\"")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("[1]")]
    [InlineData("340282366920938463463374607431768211456")] // 2^128
    [InlineData("99999999999999999999999999999999999999999999")]
    [InlineData("")]
    public void An_id_without_a_time_is_refused(string id) =>
        new ReplayGuard(Window, _clock).Refuse(Encoding.UTF8.GetBytes(id)).Should().Contain("UUID of version 1 or 7");

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    public void An_id_of_another_version_is_refused(int version)
    {
        UInt128 id = Id(1, _clock.GetUtcNow());
        id = (id & ~((UInt128)0xf << 76)) | ((UInt128)version << 76);

        Refuse(new ReplayGuard(Window, _clock), id).Should().Contain("UUID of version 1 or 7");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_id_of_the_furthest_future_or_past_is_refused_like_any_that_is_off(int version)
    {
        UInt128 latest = (UInt128.MaxValue & ~((UInt128)0xf << 76)) | ((UInt128)version << 76);
        UInt128 earliest = (UInt128)version << 76;

        Refuse(new ReplayGuard(Window, _clock), latest).Should().NotBeNull();
        Refuse(new ReplayGuard(Window, _clock), earliest).Should().NotBeNull();
    }

    [Fact]
    public void The_ids_of_our_own_client_are_taken()
    {
        ReplayGuard guard = new(Window, _clock);
        CallIds ids = new(_clock);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] prefix = ids.Next(out int key);
            byte[] id = [.. prefix, .. new byte[CallIds.KeyDigits]];
            CallIds.WriteKey(id.AsSpan(prefix.Length), key);
            guard.Refuse(id).Should().BeNull();
        }
    }

    [Fact]
    public void More_ids_than_are_remembered_are_refused_until_the_first_are_out_of_date()
    {
        ReplayGuard guard = new(Window, _clock);
        UInt128 first = Id(7, _clock.GetUtcNow());
        int refused = 0;
        for (int i = 0; i < ReplayGuard.MaxIds; i++)
        {
            refused += Refuse(guard, first + (UInt128)i) is null ? 0 : 1;
        }

        refused.Should().Be(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            Refuse(guard, first + (UInt128)(ReplayGuard.MaxIds + i)).Should().StartWith("too many requests");
        }

        Refuse(guard, first).Should().Contain("sent before", "what was taken is still known");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(16 << 20, "nothing more is kept than the messages are long");

        _clock.Advance((Window * 2) + TimeSpan.FromSeconds(1));
        Refuse(guard, Id(7, _clock.GetUtcNow())).Should().StartWith("too many requests", "the full half is still needed");
        _clock.Advance((Window * 2) + TimeSpan.FromSeconds(1));
        Refuse(guard, Id(7, _clock.GetUtcNow())).Should().BeNull();
    }

    [Fact]
    public void G5_Two_million_requests_are_taken_within_bounded_memory()
    {
        const int batch = 1000;
        ReplayGuard guard = new(Window, _clock);
        int refused = 0;
        for (int i = 0; i < 2_000_000 / batch; i++)
        {
            // A thousand in a second and a half: 320,000 in the four windows for which they are remembered.
            UInt128 first = Id(7, _clock.GetUtcNow()) + (UInt128)(i * batch);
            for (int k = 0; k < batch; k++)
            {
                refused += Refuse(guard, first + (UInt128)k) is null ? 0 : 1;
            }

            _clock.Advance(TimeSpan.FromSeconds(1.5));
        }

        refused.Should().Be(0);
        guard.Count.Should().BeLessThanOrEqualTo(330_000);
    }

    [Fact]
    public void Many_threads_take_each_id_once_together()
    {
        ReplayGuard guard = new(Window, _clock);
        UInt128 first = Id(7, _clock.GetUtcNow());
        int taken = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 5000; i++)
            {
                if (Refuse(guard, first + (UInt128)i) is null)
                {
                    Interlocked.Increment(ref taken);
                }
            }
        });

        taken.Should().Be(5000);
    }

    private static string? Refuse(ReplayGuard guard, UInt128 id) => guard.Refuse(Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>An id that was made at this moment, as Python's <c>uuid.uuid1().int</c> or a version 7 one.</summary>
    private static UInt128 Id(int version, DateTimeOffset made)
    {
        if (version == 7)
        {
            return ((UInt128)(ulong)made.ToUnixTimeMilliseconds() << 80) | ((UInt128)7 << 76) | ((UInt128)2 << 62) | 1_000_000_000;
        }

        ulong ticks = (ulong)(made - new DateTimeOffset(1582, 10, 15, 0, 0, 0, TimeSpan.Zero)).Ticks;
        UInt128 timeLow = ticks & 0xffff_ffff;
        UInt128 timeMid = (ticks >> 32) & 0xffff;
        UInt128 timeHigh = ticks >> 48;
        return (timeLow << 96) | (timeMid << 80) | ((UInt128)1 << 76) | (timeHigh << 64) | ((UInt128)2 << 62) | 1_000_000_000;
    }

    /// <summary>A wall clock that can be set while the time goes on.</summary>
    private sealed class SettableTime : TimeProvider
    {
        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

        public TimeSpan Offset { get; set; }

        public override long TimestampFrequency => _time.TimestampFrequency;

        public override long GetTimestamp() => _time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => _time.GetUtcNow() + Offset;

        public void Advance(TimeSpan by) => _time.Advance(by);
    }
}
