using System.Globalization;
using CsCheck;

namespace Gaw.Tests.Serialization;

/// <summary>What is sent is what arrives, digit by digit, or it is refused.</summary>
public sealed class ExactValueTests
{
    [Flags]
    public enum Rights
    {
        Read = 1,
        Write = 2,
    }

    [Flags]
    public enum Comma
    {
        [System.Text.Json.Serialization.JsonStringEnumMemberName("a, b")]
        A = 1,
        B = 2,
    }

    [Theory]
    [InlineData("1.10")]
    [InlineData("0.00")]
    [InlineData("-1.500")]
    [InlineData("0.000000000000000779284796")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("79000000000000000000000000000")]
    [InlineData("79228162514264337593543950336")]
    public void A_decimal_keeps_its_scale(string text)
    {
        if (!decimal.TryParse(text, CultureInfo.InvariantCulture, out decimal value))
        {
            return;
        }

        decimal read = Wire.To<decimal>(Wire.Of(value));
        read.Should().Be(value);
        if (text.Contains('.', StringComparison.Ordinal))
        {
            read.ToString(CultureInfo.InvariantCulture).Should().Be(text);
        }
    }

    [Fact]
    public void Each_decimal_is_read_as_it_was_written_or_refused_when_it_is_written() =>
        Gen.Select(Gen.Int, Gen.Int, Gen.Int, Gen.Bool, Gen.Byte[0, 28]).Sample((low, middle, high, isNegative, scale) =>
        {
            foreach (decimal value in new[] { new decimal(low, 0, 0, isNegative, scale), new decimal(low, middle & 0x1F, 0, isNegative, scale), new decimal(low, middle, high, isNegative, scale) })
            {
                string wire;
                try
                {
                    wire = Wire.Of(value);
                }
                catch (GawSerializationException)
                {
                    continue;
                }

                Wire.To<decimal>(wire).Should().Be(value);
                double.Parse(wire, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture).Should().Match(text => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) == value);
            }
        });

    [Fact]
    public void Each_moment_keeps_its_ticks() =>
        Gen.Long[DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks].Sample(static ticks =>
        {
            foreach (DateTime value in new[] { new DateTime(ticks), new DateTime(ticks, DateTimeKind.Utc) })
            {
                DateTime read = Wire.To<DateTime>(Wire.Of(value));
                (read.Ticks, read.Kind).Should().Be((value.Ticks, value.Kind));
            }

            DateTimeOffset offset = new DateTimeOffset(new DateTime(Math.Clamp(ticks, TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay)), TimeSpan.FromMinutes(-210));
            Wire.To<DateTimeOffset>(Wire.Of(offset)).EqualsExact(offset).Should().BeTrue();
        });

    [Fact]
    public void More_types_are_keys_and_values()
    {
        Key(Guid.Parse("06335e84-2872-4914-8c5d-3ed07d2a2f16"), "06335e84-2872-4914-8c5d-3ed07d2a2f16");
        Key(new DateOnly(2016, 7, 29), "2016-07-29");
        Key(new TimeOnly(11, 18, 20), "11:18:20");
        Key(new DateTime(2016, 7, 29, 11, 18, 20).AddTicks(1), "2016-07-29 11:18:20.0000001");
        Key(new DateTime(2016, 7, 29, 11, 18, 20, DateTimeKind.Utc), "2016-07-29 11:18:20+00:00");
        Key(new DateTimeOffset(2016, 7, 29, 11, 18, 20, TimeSpan.FromHours(7)), "2016-07-29 11:18:20+07:00");
        Key(new TimeSpan(1, 2, 3, 4, 5), "1.02:03:04.0050000");
        Key(1.10m, "1.10");
        Key(new Uri("http://a/b?c"), "http://a/b?c");
        Key(new Version(1, 2, 3), "1.2.3");
        Wire.Through(new Uri("a/b", UriKind.Relative), "\"a/b\"").Should().Be(new Uri("a/b", UriKind.Relative));
        Wire.Through(new Version(1, 2), "\"1.2\"").Should().Be(new Version(1, 2));
        Wire.Through<Uri?>(null, "null").Should().BeNull();
        Wire.Through<Memory<byte>>(new byte[] { 1, 2 }, "\"AQI=\"").ToArray().Should().Equal(1, 2);
        Wire.Through<ReadOnlyMemory<byte>>(new byte[] { 1, 2 }, "\"AQI=\"").ToArray().Should().Equal(1, 2);
        Wire.Refused<Dictionary<Guid, int>>("""{"x": 1}""").Message.Should().Be("""["x"]: Expected Guid as a key, but got the text "x".""");
        Wire.Refused<Version>("\"x\"").Message.Should().StartWith("Expected a version such as");
    }

    [Fact]
    public void An_enum_value_without_a_name_is_its_number()
    {
        Wire.Through(default(Rights), "0").Should().Be(default(Rights));
        Wire.Through((Rights)65, "65").Should().Be((Rights)65);
        Wire.Through(Rights.Read | Rights.Write, "\"Read, Write\"").Should().Be(Rights.Read | Rights.Write);
        Wire.Through(new Dictionary<Rights, int> { [0] = 1 }, """{"0": 1}""").Should().ContainKey(0);
        Wire.Refused<Rights>("1").Message.Should().Contain("Read, Write");
        Wire.Refused<Rights>("99999999999").Message.Should().Contain("Read, Write");
        Wire.Unsendable(Comma.A).Message.Should().Contain("commas part the flags of one value");
    }

    [Fact]
    public void Marker_keys_are_refused_as_names_of_members_without_a_tag()
    {
        Wire.Unsendable(new { _v = 1, _t = "tuple" }).Message.Should().Contain("has the name \"_v\" on the wire, which the peer would take for a marker");
        Wire.Through(new Marked { Value = 1 }, """{"_v": {"_v": 1}, "_t": "Marked"}""")!.Value.Should().Be(1);
    }

    [Fact]
    public void A_type_of_a_package_crosses_whatever_its_namespace() =>
        Wire.Through(new System.Contoso.Dto(1), """{"a": 1}""").Should().Be(new System.Contoso.Dto(1));

    [Fact]
    public void GawSerializer_throws_what_it_says_for_types_that_clash() =>
        FluentActions.Invoking(static () => GawSerializer.Serialize(new Clash())).Should().Throw<GawSerializationException>().WithMessage("*two members with the wire name \"user_id\"*");

    private static void Key<T>(T key, string text)
        where T : notnull =>
        Wire.Through(new Dictionary<T, int> { [key] = 1 }, "{\"" + text + "\": 1}")!.Keys.Should().Equal(key);

    [GawSerializable]
    public sealed class Marked
    {
        [System.Text.Json.Serialization.JsonPropertyName("_v")]
        public int Value { get; set; }
    }

    public sealed class Clash
    {
        public int UserId { get; set; }

        public int user_id { get; set; }
    }
}
