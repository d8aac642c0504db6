using System.Security.Cryptography;
using Gaw.PostOffice.Protection;

namespace Gaw.Tests.PostOffice.Framing;

public sealed class MacComparisonTests
{
    private readonly byte[] _mac = RandomNumberGenerator.GetBytes(FrameKey.MacBytes);

    [Fact]
    public void Macs_of_the_same_bytes_are_equal() => MacComparison.AreEqual(_mac, (byte[])_mac.Clone()).Should().BeTrue();

    [Fact]
    public void What_stands_behind_the_macs_is_not_compared() => MacComparison.AreEqual([.. _mac, 1], [.. _mac, 2, 3]).Should().BeTrue();

    [Fact]
    public void Macs_that_differ_in_any_one_bit_are_not_equal()
    {
        for (int bit = 0; bit < FrameKey.MacBytes * 8; bit++)
        {
            byte[] other = (byte[])_mac.Clone();
            other[bit / 8] ^= (byte)(1 << (bit % 8));

            MacComparison.AreEqual(_mac, other).Should().BeFalse($"bit {bit} is compared, too");
        }
    }

    [Fact]
    public void Differences_in_two_words_do_not_cancel_each_other_out()
    {
        byte[] other = (byte[])_mac.Clone();
        other[0] ^= 1;
        other[8] ^= 1;

        MacComparison.AreEqual(_mac, other).Should().BeFalse();
    }

    [Fact]
    public void Too_few_bytes_are_an_error_and_never_equal()
    {
        Action act = () => MacComparison.AreEqual(_mac.AsSpan(0, FrameKey.MacBytes - 1), _mac);

        act.Should().Throw<ArgumentOutOfRangeException>();
    }
}
