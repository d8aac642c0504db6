using System.Text;
using Gaw.Json.Floats;

namespace Gaw.Tests.Json.Floats;

/// <summary>Which doubles have at most six decimals, and their text. All others are left to the search for the shortest digits.</summary>
public sealed class FewDecimalsTests
{
    [Theory]
    [InlineData(0.1, "0.1", "one decimal")]
    [InlineData(1.5, "1.5", "exact in binary")]
    [InlineData(19.99, "19.99", "a price")]
    [InlineData(123.456, "123.456", "three decimals: the zero behind them goes")]
    [InlineData(0.0001, "0.0001", "the smallest without an exponent")]
    [InlineData(0.000123, "0.000123", "six decimals")]
    [InlineData(3.141593, "3.141593", "six that are all there are")]
    [InlineData(999999999.5, "999999999.5", "just below the limit")]
    [InlineData(7.0, "7.0", "a float keeps its point")]
    [InlineData(100.25, "100.25", "zeros in front of the point stay")]
    [InlineData(0.0000999, null, "Python writes an exponent")]
    [InlineData(0.1234567, null, "a seventh decimal")]
    [InlineData(1e9, null, "with six decimals it would have more than 15 digits")]
    [InlineData(0.0, null, "no digit")]
    [InlineData(-1.5, null, "the sign is the caller's")]
    [InlineData(double.NaN, null, "no number")]
    [InlineData(double.PositiveInfinity, null, "no digits")]
    [InlineData(double.Epsilon, null, "nothing of it is left in six decimals")]
    public void A_double_of_few_decimals_is_written_with_them(double value, string? text, string why)
    {
        byte[] room = new byte[32];

        FewDecimals.TryWrite(value, room, out int written).Should().Be(text is not null, why);

        Encoding.ASCII.GetString(room, 0, written).Should().Be(text ?? "", why);
    }

    [Fact]
    public void The_next_double_up_and_down_is_another_one()
    {
        byte[] room = new byte[32];
        foreach (double value in new[] { 0.1, 19.99, 123.456, 999999999.5, 0.0001 })
        {
            FewDecimals.TryWrite(Math.BitIncrement(value), room, out _).Should().BeFalse("{0} has no few decimals", Math.BitIncrement(value));
            FewDecimals.TryWrite(Math.BitDecrement(value), room, out _).Should().BeFalse("{0} has no few decimals", Math.BitDecrement(value));
        }
    }
}
