using System.Globalization;
using System.Numerics;

namespace Gaw.Tests.Serialization;

public sealed class ScalarTests
{
    [Fact]
    public void Integers_of_every_size_cross_to_their_ends()
    {
        Wire.Through(byte.MaxValue, "255").Should().Be(byte.MaxValue);
        Wire.Through(sbyte.MinValue, "-128").Should().Be(sbyte.MinValue);
        Wire.Through(ushort.MaxValue, "65535").Should().Be(ushort.MaxValue);
        Wire.Through(uint.MaxValue, "4294967295").Should().Be(uint.MaxValue);
        Wire.Through(long.MinValue, "-9223372036854775808").Should().Be(long.MinValue);
        Wire.Through(ulong.MaxValue, "18446744073709551615").Should().Be(ulong.MaxValue);
        Wire.Through(Int128.MinValue, "-170141183460469231731687303715884105728").Should().Be(Int128.MinValue);
        Wire.Through(UInt128.MaxValue, "340282366920938463463374607431768211455").Should().Be(UInt128.MaxValue);
        Wire.Through(-BigInteger.Pow(10, 60), "-1" + new string('0', 60)).Should().Be(-BigInteger.Pow(10, 60));
        Wire.To<int>("-0").Should().Be(0);
    }

    [Theory]
    [InlineData("300", "Expected byte (0 to 255), but got the integer 300.")]
    [InlineData("-1", "Expected byte (0 to 255), but got the integer -1.")]
    [InlineData("99999999999999999999999999", "Expected byte (0 to 255), but got the integer 99999999999999999999999999.")]
    [InlineData("1.0", "Expected byte, but got the float 1.0.")]
    [InlineData("true", "Expected byte, but got true.")]
    [InlineData("\"abc\"", "Expected byte, but got the text \"abc\".")]
    [InlineData("\"0123456789012345678901234567890123456789012345\"", "Expected byte, but got the text \"0123456789012345678901234567890123456789...\".")]
    [InlineData("[1]", "Expected byte, but got a list.")]
    [InlineData("{\"a\": 1}", "Expected byte, but got a dict.")]
    [InlineData("{\"_v\": [1], \"_t\": \"set\"}", "Expected byte, but got a set.")]
    public void What_is_no_byte_is_refused_in_words(string json, string message) => Wire.Refused<byte>(json).Message.Should().Be(message);

    [Fact]
    public void Floats_take_integers_but_integers_take_no_floats()
    {
        Wire.Through(3.0, "3.0").Should().Be(3.0);
        Wire.Through(0.1f, "0.1").Should().Be(0.1f);
        Wire.Through(float.MaxValue, "3.4028235e+38").Should().Be(float.MaxValue);
        Wire.Through((Half)1.5, "1.5").Should().Be((Half)1.5);
        Wire.Through(float.NaN, "NaN").Should().Be(float.NaN);
        Wire.To<double>("3").Should().Be(3.0);
        Wire.To<double>("1e400").Should().Be(double.PositiveInfinity);
        Wire.Refused<int>("3.0").Message.Should().Be("Expected int, but got the float 3.0.");
        Wire.Refused<float>("1e300").Message.Should().StartWith("Expected float, at most 3.4028235E+38");
        Wire.Refused<double>("1" + new string('0', 400)).Message.Should().StartWith("Expected double");
    }

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("3", "3.0")]
    [InlineData("12345678.9012345", "12345678.9012345")]
    [InlineData("-1000000000000000000000", "-1e+21")]
    public void Decimals_cross_as_floats_where_nothing_is_lost(string value, string wire)
    {
        decimal exact = decimal.Parse(value, CultureInfo.InvariantCulture);
        Wire.Through(exact, wire).Should().Be(exact);
    }

    [Fact]
    public void Decimals_that_would_lose_digits_are_refused_with_advice()
    {
        Wire.Unsendable(1.2345678901234567890123m).Message.Should().Contain("as a text");
        Wire.To<decimal>("\"1.2345678901234567890123\"").Should().Be(1.2345678901234567890123m);
        Wire.To<decimal>("79228162514264337593543950").Should().Be(79228162514264337593543950m);
        Wire.Refused<decimal>("1e-29");
        Wire.Refused<decimal>("1e400");
        Wire.Refused<decimal>("NaN");
        Wire.Refused<decimal>("0.12345678901234567890123456789");
    }

    [Fact]
    public void Texts_and_characters()
    {
        Wire.Through("a\ud800b😀\"\\/\b\f\n\r\t\0\u007f", """
            "a\ud800b\ud83d\ude00\"\\/\b\f\n\r\t\u0000\u007f"
            """.Trim()).Should().Be("a\ud800b😀\"\\/\b\f\n\r\t\0\u007f");
        Wire.Through('é', "\"\\u00e9\"").Should().Be('é');
        Wire.Refused<char>("\"ab\"").Message.Should().Be("Expected char, a text of one character, but got the text \"ab\".");
        Wire.Refused<char>("\"\"");
    }

    [Theory]
    [InlineData("06335e84287249148c5d3ed07d2a2f16")]
    [InlineData("{06335E84-2872-4914-8C5D-3ED07D2A2F16}")]
    [InlineData("urn:uuid:06335e84-2872-4914-8c5d-3ed07d2a2f16")]
    [InlineData("0633-5e84287249148c5d3ed07d2a2f16")]
    public void A_uuid_is_read_in_every_usual_dress(string text)
    {
        Guid expected = new Guid("06335e84-2872-4914-8c5d-3ed07d2a2f16");
        Wire.To<Guid>("{\"_v\": \"" + text + "\", \"_t\": \"uuid\"}").Should().Be(expected);
        Wire.To<Guid>("\"" + text + "\"").Should().Be(expected);
    }

    [Theory]
    [InlineData("0x335e84287249148c5d3ed07d2a2f16")]
    [InlineData("06335e84-2872-4914-8c5d-3ed07d2a2f1")]
    [InlineData("06335e84-2872-4914-8c5d-3ed07d2a2f16a")]
    [InlineData("06335e84-2872-4914-8c5d-3ed07d2a_f16")]
    [InlineData("")]
    public void What_is_no_uuid_is_refused(string text) => Wire.Refused<Guid>("{\"_v\": \"" + text + "\", \"_t\": \"uuid\"}").Message.Should().StartWith("Expected a UUID, but got the text");

    [Theory]
    [InlineData("2016-07-29 11:18:20", 0)]
    [InlineData("2016-07-29T11:18:20", 0)]
    [InlineData("2016-07-29 11:18:20.48", 480000)]
    [InlineData("2016-07-29T11:18:20,480054999", 480054)]
    [InlineData("2016-07-29 11:18:20.000005", 5)]
    public void Naive_datetimes_are_read_in_the_forms_that_mean_one_thing(string text, int microseconds)
    {
        DateTime read = Wire.To<DateTime>("{\"_v\": \"" + text + "\", \"_t\": \"datetime\"}");
        read.Should().Be(new DateTime(2016, 7, 29, 11, 18, 20).AddMicroseconds(microseconds));
        read.Kind.Should().Be(DateTimeKind.Unspecified);
    }

    [Theory]
    [InlineData("2016-07-29 11:18:20Z", 0)]
    [InlineData("2016-07-29T11:18:20.0z", 0)]
    [InlineData("2016-07-29 11:18:20+07:00", 420)]
    [InlineData("2016-07-29 11:18:20 +0700", 420)]
    [InlineData("2016-07-29 11:18:20-03:30", -210)]
    [InlineData("2016-07-29T11:18+07", 420)]
    public void Aware_datetimes_keep_their_offset(string text, int minutes)
    {
        DateTime clock = text.Contains("18:20", StringComparison.Ordinal) ? new(2016, 7, 29, 11, 18, 20) : new(2016, 7, 29, 11, 18, 0);
        DateTimeOffset read = Wire.To<DateTimeOffset>("{\"_v\": \"" + text + "\", \"_t\": \"datetime\"}");
        read.Should().Be(new DateTimeOffset(clock, TimeSpan.FromMinutes(minutes)));
        read.Offset.TotalMinutes.Should().Be(minutes);
        DateTime utc = Wire.To<DateTime>("\"" + text + "\"");
        utc.Should().Be(read.UtcDateTime);
        utc.Kind.Should().Be(DateTimeKind.Utc);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a moment")]
    [InlineData("05/06/2016")]
    [InlineData("2016-7-29")]
    [InlineData("2016-07-29 24:00:00")]
    [InlineData("2016-07-29 11:18:60")]
    [InlineData("2016-02-30")]
    [InlineData("0000-01-01")]
    [InlineData("10000-01-01")]
    [InlineData("2016-07-29 11:18:20.")]
    [InlineData("2016-07-29 11:18:20.1234567890")]
    [InlineData("2016-07-29 11:18:20+24:00")]
    [InlineData("2016-07-29 11:18:20+06:42:04")]
    [InlineData("2016-07-29 11:18:20+07:60")]
    [InlineData("2016-07-29 11:18:20 UTC")]
    [InlineData("2016-07-29 11:18:20[Asia/Bangkok]")]
    [InlineData(" 2016-07-29")]
    [InlineData("2016-07-29 ")]
    [InlineData("٢٠١٦-٠٧-٢٩")]
    public void Datetimes_that_mean_nothing_or_several_things_are_refused(string text)
    {
        Wire.Refused<DateTime>("{\"_v\": \"" + text + "\", \"_t\": \"datetime\"}").Message.Should().StartWith("Expected a datetime such as");
        Wire.Refused<object>("{\"_v\": \"" + text + "\", \"_t\": \"datetime\"}").Message.Should().StartWith("Expected a datetime");
    }

    [Fact]
    public void The_kind_of_a_DateTime_decides_whether_it_goes_out_naive_or_aware()
    {
        DateTime clock = new DateTime(2016, 7, 29, 11, 18, 20);
        Wire.Through(clock, """{"_v": "2016-07-29 11:18:20", "_t": "datetime"}""").Should().Be(clock);
        Wire.Through(DateTime.SpecifyKind(clock.AddTicks(4800549), DateTimeKind.Utc), """{"_v": "2016-07-29 11:18:20.4800549+00:00", "_t": "datetime"}""").Should().Be(clock.AddTicks(4800549));
        Wire.Through(DateTime.SpecifyKind(clock.AddTicks(4800540), DateTimeKind.Utc), """{"_v": "2016-07-29 11:18:20.480054+00:00", "_t": "datetime"}""").Kind.Should().Be(DateTimeKind.Utc);
        DateTime local = DateTime.SpecifyKind(clock, DateTimeKind.Local);
        Wire.To<DateTime>(Wire.Of(local)).Should().Be(local.ToUniversalTime());
        Wire.Through(new DateTimeOffset(clock, TimeSpan.FromMinutes(-210)), """{"_v": "2016-07-29 11:18:20-03:30", "_t": "datetime"}""").Offset.TotalMinutes.Should().Be(-210);
        Wire.Through(DateTime.MaxValue, """{"_v": "9999-12-31 23:59:59.9999999", "_t": "datetime"}""").Should().Be(DateTime.MaxValue);
    }

    [Fact]
    public void What_DateTimeOffset_cannot_hold_is_an_error_or_UTC_but_never_another_moment()
    {
        const string Far = """{"_v": "2016-07-29 11:18:20+23:59", "_t": "datetime"}""";
        Wire.Refused<DateTimeOffset>(Far).Message.Should().Be("The datetime has the offset +23:59, and DateTimeOffset ends at 14:00 either way. Take a DateTime, which is read as UTC.");
        Wire.To<DateTime>(Far).Should().Be(new DateTime(2016, 7, 28, 11, 19, 20, DateTimeKind.Utc));
        Wire.Refused<DateTimeOffset>("""{"_v": "2016-07-29 11:18:20", "_t": "datetime"}""").Message.Should().Contain("without");
        Wire.Refused<DateTime>("""{"_v": "0001-01-01 00:00:00+01:00", "_t": "datetime"}""").Message.Should().Contain("years 1 to 9999");
    }

    [Fact]
    public void Types_without_a_counterpart_have_a_plain_form()
    {
        Wire.Through<byte[]>([1, 2, 255], "\"AQL/\"").Should().Equal(1, 2, 255);
        Wire.Through(new DateOnly(2016, 7, 29), "\"2016-07-29\"").Should().Be(new DateOnly(2016, 7, 29));
        Wire.To<DateOnly>("""{"_v": "2016-07-29 00:00:00", "_t": "datetime"}""").Should().Be(new DateOnly(2016, 7, 29));
        Wire.Through(new TimeOnly(11, 18, 20), "\"11:18:20\"").Should().Be(new TimeOnly(11, 18, 20));
        Wire.Through(new TimeOnly(11, 18, 20).Add(TimeSpan.FromMicroseconds(5)), "\"11:18:20.000005\"").Should().Be(new TimeOnly(11, 18, 20).Add(TimeSpan.FromMicroseconds(5)));
        Wire.Through(new TimeOnly(11, 18, 20).Add(TimeSpan.FromTicks(1)), "\"11:18:20.0000001\"").Should().Be(new TimeOnly(11, 18, 20).Add(TimeSpan.FromTicks(1)));
        Wire.Through(TimeSpan.FromSeconds(90), "90.0").Should().Be(TimeSpan.FromSeconds(90));
        Wire.Through(TimeSpan.MinValue, "-922337203685.4775808").Should().Be(TimeSpan.MinValue);
        Wire.To<TimeSpan>("0.30000000000000004").Should().Be(TimeSpan.FromMilliseconds(300));
        Wire.To<TimeSpan>("\"1.02:03:04.5\"").Should().Be(new TimeSpan(1, 2, 3, 4, 500));
        Wire.Through(DayOfWeek.Sunday, "\"Sunday\"").Should().Be(DayOfWeek.Sunday);
        Wire.Through(UnixFileMode.UserRead | UnixFileMode.UserWrite, "\"UserWrite, UserRead\"").Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Wire.Refused<byte[]>("\"A\"").Message.Should().Be("Expected bytes as base64 text, but got the text \"A\".");
        Wire.Refused<DateOnly>("\"2016-07-29 11:00:00\"");
        Wire.Refused<TimeOnly>("\"25:00:00\"");
        Wire.Refused<TimeSpan>("1e30");
        Wire.Refused<TimeSpan>("NaN");
        Wire.Refused<DayOfWeek>("\"sunday\"").Message.Should().Contain("Sunday, Monday");
        Wire.Refused<DayOfWeek>("0");
        Wire.Through((DayOfWeek)42, "42").Should().Be((DayOfWeek)42, "a value without a name is its number");
    }

    [Fact]
    public void An_integer_that_Python_could_not_read_is_refused_when_it_is_written()
    {
        BigInteger longest = BigInteger.Pow(10, 4300) - 1;
        Wire.To<BigInteger>(Wire.Of(longest)).Should().Be(longest);
        Wire.To<BigInteger>(Wire.Of(-longest)).Should().Be(-longest);
        Wire.Unsendable(longest + 1).Message.Should().Contain("4300 digits");
        Wire.Unsendable(BigInteger.Pow(10, 100_000)).Message.Should().Contain("4300 digits");
    }
}
