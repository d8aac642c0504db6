using System.Globalization;
using System.Text;
using Gaw.Serialization.Moments;

namespace Gaw.Tests.Serialization.Moments;

/// <summary>Which texts are a date and time, and which one. A form that can be read in two ways is none.</summary>
public sealed class DateTimeReaderTests
{
    [Theory]
    [InlineData("2016-07-29 11:18:20.480054", "2016-07-29T11:18:20.4800540", null, "as Python writes it")]
    [InlineData("2016-07-29 11:18:20", "2016-07-29T11:18:20.0000000", null, "Python leaves a fraction of zero out")]
    [InlineData("2016-07-29 11:18", "2016-07-29T11:18:00.0000000", null, "seconds may be missing")]
    [InlineData("2016-07-29", "2016-07-29T00:00:00.0000000", null, "and the time")]
    [InlineData("2016-07-29T11:18:20,5", "2016-07-29T11:18:20.5000000", null, "ISO 8601 allows a comma")]
    [InlineData("2016-07-29 11:18:20.1234567", "2016-07-29T11:18:20.1234567", null, "a seventh digit in our form is a tick of .NET")]
    [InlineData("2016-07-29T11:18:20.1234567", "2016-07-29T11:18:20.1234560", null, "in another form it is cut off, as the original does")]
    [InlineData("2016-07-29 11:18:20.123456789", "2016-07-29T11:18:20.1234560", null, "nine digits are nanoseconds, which are cut off")]
    [InlineData("2016-07-29 11:18:20.1234567890", null, null, "ten are none that anybody writes")]
    [InlineData("2016-07-29 11:18:20.", null, null, "a point wants digits")]
    [InlineData("2016-07-29 11:18:20+07:00", "2016-07-29T11:18:20.0000000", "07:00", "aware, as Python writes it")]
    [InlineData("2016-07-29 11:18:20-0730", "2016-07-29T11:18:20.0000000", "-07:30", "without a colon")]
    [InlineData("2016-07-29 11:18:20 +07", "2016-07-29T11:18:20.0000000", "07:00", "hours alone, behind a blank")]
    [InlineData("2016-07-29T11:18:20Z", "2016-07-29T11:18:20.0000000", "00:00", "UTC by its letter")]
    [InlineData("2016-07-29T11:18:20z", "2016-07-29T11:18:20.0000000", "00:00", "in lower case")]
    [InlineData("2016-07-29 11:18+24:00", null, null, "no offset has a day")]
    [InlineData("2016-07-29 11:18+07:60", null, null, "nor sixty minutes")]
    [InlineData("2016-07-29 11:18+07:00:30", null, null, "seconds of an offset cannot be kept")]
    [InlineData("2016-07-29 11:18+7", null, null, "7 or 70?")]
    [InlineData("2016-07-29+07:00", null, null, "an offset without a time says nothing")]
    [InlineData("2016-02-29", "2016-02-29T00:00:00.0000000", null, "a leap day")]
    [InlineData("2015-02-29", null, null, "none that year")]
    [InlineData("2016-13-01", null, null, "no such month")]
    [InlineData("2016-07-00", null, null, "no such day")]
    [InlineData("0000-01-01", null, null, "no year zero in Python or .NET")]
    [InlineData("2016-07-29 24:00", null, null, "midnight is 0:00")]
    [InlineData("2016-07-29 11:18:60", null, null, "no leap seconds, as in Python")]
    [InlineData("16-07-29", null, null, "which century?")]
    [InlineData("29.07.2016", null, null, "which order?")]
    [InlineData("2016-07-29 11", null, null, "an hour alone")]
    [InlineData("2016-07-29  11:18", null, null, "two blanks")]
    [InlineData("2016-07-29 11:18 ", null, null, "something behind it")]
    [InlineData("", null, null, "nothing")]
    public void A_text_is_one_moment_or_none(string text, string? local, string? offset, string why)
    {
        DateTimeReader.TryParse(Encoding.ASCII.GetBytes(text), out PythonDateTime moment).Should().Be(local is not null, why);
        if (local is null)
        {
            return;
        }

        moment.Local.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture).Should().Be(local, why);
        TimeSpan? expected = offset is null ? null : TimeSpan.Parse(offset, CultureInfo.InvariantCulture);
        moment.Offset.Should().Be(expected, why);
    }

    [Fact]
    public void A_text_longer_than_any_moment_is_not_looked_at() =>
        DateTimeReader.TryParse(Encoding.ASCII.GetBytes("2016-07-29" + new string(' ', 60)), out _).Should().BeFalse();
}
