using Gaw.Logging;

namespace Gaw.Tests.PostOffice;

/// <summary>How messages say a duration.</summary>
public sealed class DurationTextTests
{
    [Theory]
    [InlineData(0.2, "0.2 s")]
    [InlineData(0.0001, "0.1 ms")]
    [InlineData(0.001, "0.001 s")]
    [InlineData(1, "1 s")]
    [InlineData(1.5, "1.5 s")]
    [InlineData(59.9994, "59.999 s")]
    [InlineData(60, "1 min")]
    [InlineData(100, "100 s")]
    [InlineData(300, "5 min")]
    [InlineData(7200, "120 min")]
    [InlineData(-0.001, "without end")]
    public void A_duration_is_said_in_seconds_and_in_whole_minutes(double seconds, string text) => DurationText.Of(TimeSpan.FromSeconds(seconds)).Should().Be(text);
}
