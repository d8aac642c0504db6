using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text;
using Gaw.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.PostOffice;

public sealed class CallIdsTests
{
    [Fact]
    public async Task Ids_are_unique_over_threads_and_clients()
    {
        const int each = 50_000;
        CallIds one = new(TimeProvider.System);
        CallIds other = new(TimeProvider.System);
        ConcurrentBag<List<string>> made = [];
        await Task.WhenAll(new[] { one, one, one, other }.Select(ids => Task.Run(() => made.Add([.. Enumerable.Range(0, each).Select(_ => Next(ids))]))));

        made.SelectMany(ids => ids).Distinct(StringComparer.Ordinal).Should().HaveCount(4 * each);
    }

    [Fact]
    public void An_id_has_the_layout_of_a_uuid_of_version_7_with_the_time_in_it()
    {
        DateTimeOffset now = new(2025, 7, 29, 11, 18, 20, 480, TimeSpan.Zero);
        for (int i = 0; i < 1000; i++)
        {
            UInt128 id = UInt128.Parse(Next(new CallIds(new FakeTimeProvider(now))), CultureInfo.InvariantCulture);

            ((long)(id >> 80)).Should().Be(now.ToUnixTimeMilliseconds());
            ((int)(id >> 76) & 15).Should().Be(7, "the version");
            ((int)(id >> 62) & 3).Should().Be(0b10, "the variant");
        }
    }

    [Fact]
    public void An_id_stays_a_uuid_of_version_7_when_its_counter_is_at_its_end()
    {
        CallIds ids = new(TimeProvider.System);
        byte[] prefix = ids.Next(out _);
        foreach (int key in new[] { 0, 999_999_999 })
        {
            UInt128 id = UInt128.Parse(WithKey(prefix, key), CultureInfo.InvariantCulture);
            ((int)(id >> 76) & 15).Should().Be(7);
            ((int)(id >> 62) & 3).Should().Be(0b10);
        }
    }

    [Fact]
    public void An_id_is_a_bare_integer_of_at_most_39_digits()
    {
        string id = Next(new CallIds(TimeProvider.System));

        id.Should().MatchRegex("^[1-9][0-9]{9,38}$");
        BigInteger.Parse(id, CultureInfo.InvariantCulture).Should().BeLessThan(BigInteger.One << 128);
    }

    [Theory]
    [InlineData(0, "000000000")]
    [InlineData(1, "000000001")]
    [InlineData(123456789, "123456789")]
    [InlineData(999_999_999, "999999999")]
    public void The_key_is_the_last_nine_digits_and_is_found_again(int key, string digits)
    {
        Span<byte> nine = stackalloc byte[CallIds.KeyDigits];
        CallIds.WriteKey(nine, key);

        Encoding.ASCII.GetString(nine).Should().Be(digits);
        CallIds.GetKey(Encoding.ASCII.GetBytes("7" + digits)).Should().Be(key);
        CallIds.GetKey(Encoding.ASCII.GetBytes(new string('9', 30) + digits)).Should().Be(key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("123456789")]
    [InlineData("1-23456789")]
    [InlineData("12345678.0")]
    [InlineData("null")]
    [InlineData("\"1234567890\"")]
    [InlineData("[1234567890]")]
    [InlineData("1111111111111111111111111111111111111111")]
    public void What_cannot_be_an_id_of_ours_has_no_key(string id) => CallIds.GetKey(Encoding.ASCII.GetBytes(id)).Should().Be(-1);

    [Fact]
    public void Keys_count_up()
    {
        CallIds ids = new(TimeProvider.System);
        ids.Next(out int first);
        ids.Next(out int second);

        second.Should().Be(first + 1);
    }

    private static string Next(CallIds ids)
    {
        byte[] prefix = ids.Next(out int key);
        return WithKey(prefix, key);
    }

    private static string WithKey(byte[] prefix, int key)
    {
        Span<byte> digits = stackalloc byte[CallIds.KeyDigits];
        CallIds.WriteKey(digits, key);
        return Encoding.ASCII.GetString(prefix) + Encoding.ASCII.GetString(digits);
    }
}
