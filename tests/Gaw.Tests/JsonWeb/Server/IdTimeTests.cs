using System.Globalization;
using Gaw.JsonWeb.Server;

namespace Gaw.Tests.JsonWeb.Server;

/// <summary>When an id was made, by its own word. The guard against replays rests on it, so an id without a time has none.</summary>
public sealed class IdTimeTests
{
    [Theory]
    [InlineData("2016-07-29 11:18:20.480", 7, "one of ours")]
    [InlineData("1970-01-01 00:00:00.000", 7, "where the count of ours begins")]
    [InlineData("2016-07-29 11:18:20.480", 1, "one of a Python client")]
    [InlineData("1582-10-15 00:00:00.000", 1, "where the count of theirs begins")]
    [InlineData("2016-07-29 11:18:20.480", 4, "a random one says nothing")]
    [InlineData("2016-07-29 11:18:20.480", 0, "nor does one without a version")]
    public void An_id_of_version_1_or_7_carries_its_time(string time, int version, string why)
    {
        DateTimeOffset made = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        IdTime.Of(Make(made, version)).Should().Be(version is 1 or 7 ? made : null, why);
    }

    [Fact]
    public void A_time_that_no_calendar_of_ours_has_is_the_last_one() =>
        IdTime.Of(UInt128.MaxValue & ~((UInt128)0x8 << 76)).Should().BeCloseTo(DateTimeOffset.MaxValue, TimeSpan.FromMilliseconds(1));

    private static UInt128 Make(DateTimeOffset made, int version)
    {
        if (version != 1)
        {
            return ((UInt128)made.ToUnixTimeMilliseconds() << 80) | ((UInt128)version << 76);
        }

        // RFC 9562, 5.1: the lowest 32 bits of the count stand first.
        ulong ticks = (ulong)(made - new DateTimeOffset(1582, 10, 15, 0, 0, 0, TimeSpan.Zero)).Ticks;
        ulong high = (ticks << 32) | ((ticks >> 16) & 0xffff_0000) | 0x1000 | (ticks >> 48);
        return (UInt128)high << 64;
    }
}
