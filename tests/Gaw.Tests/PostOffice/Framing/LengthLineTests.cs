using System.Text;
using Gaw.PostOffice.Framing;

namespace Gaw.Tests.PostOffice.Framing;

/// <summary>The line in front of a payload, byte by byte. What a reader makes of it stands in <see cref="FrameReaderTests"/>.</summary>
public sealed class LengthLineTests
{
    private const int Limit = 1000;

    [Theory]
    [InlineData("", FrameStatus.Incomplete, 0, 0)]
    [InlineData("5", FrameStatus.Incomplete, 0, 0)]
    [InlineData("5\n", FrameStatus.Complete, 2, 5)]
    [InlineData("5\n12345", FrameStatus.Complete, 2, 5)]
    [InlineData("0\n", FrameStatus.Complete, 2, 0)]
    [InlineData("0005\n", FrameStatus.Complete, 5, 5)]
    [InlineData("1000\n", FrameStatus.Complete, 5, 1000)]
    [InlineData("1001\n", FrameStatus.TooLarge, 0, 0)]
    [InlineData("1001", FrameStatus.Incomplete, 0, 0)]
    [InlineData("\n", FrameStatus.BadLengthLine, 0, 0)]
    [InlineData("5x", FrameStatus.BadLengthLine, 0, 0)]
    public void A_line_says_its_own_length_and_the_payloads(string bytes, object status, int lineBytes, int payloadBytes)
    {
        LengthLine.Parse(Encoding.ASCII.GetBytes(bytes), Limit, out int line, out int payload).Should().Be((FrameStatus)status);
        (line, payload).Should().Be((lineBytes, payloadBytes));
    }

    [Fact]
    public void Bytes_above_ascii_are_no_digits()
    {
        for (int value = 0; value < 256; value++)
        {
            bool isFine = value is >= '0' and <= '9';
            LengthLine.Parse([(byte)'1', (byte)value], Limit, out _, out _)
                .Should().Be(isFine ? FrameStatus.Incomplete : value == '\n' ? FrameStatus.Complete : FrameStatus.BadLengthLine, "byte {0}", value);
        }
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("2147483648")]
    [InlineData("4294967296")]
    [InlineData("4294967301")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709551621")]
    [InlineData("99999999999999999999")]
    [InlineData("1000000000000000000")]
    [InlineData("100000000000000000")]
    public void A_number_that_would_wrap_round_is_too_large(string line)
    {
        LengthLine.Parse(Encoding.ASCII.GetBytes(line + "\n"), FrameLimits.DefaultMaxFrameBytes, out _, out _).Should().Be(FrameStatus.TooLarge);
    }
}
