using System.Globalization;
using Gaw.PostOffice;
using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Framing;
using Gaw.Tests.PostOffice.Client.Reading;

namespace Gaw.Tests.PostOffice.Client.Matching;

/// <summary>Which request the next reply belongs to where replies carry no id: the first in the stream, whether somebody waits for it or not.</summary>
public sealed class OldestRequestTests
{
    [Theory]
    [InlineData("", "", null, "nothing was sent")]
    [InlineData("1@10", "", 1, "there is one")]
    [InlineData("1@20 2@10", "", 2, "the key says nothing of the order")]
    [InlineData("1@20", "2@10", 2, "one that was given up is still answered, and first")]
    [InlineData("1@10", "2@20", 1, "the other way round")]
    [InlineData("1@0", "", null, "it was entered, and has no place in the stream yet")]
    [InlineData("1@0 2@30", "3@40", 2, "one without a place does not hold up the others")]
    public void The_next_reply_belongs_to_the_first_request_in_the_stream(string open, string abandoned, int? key, string why)
    {
        Dictionary<int, PendingCall> calls = [];
        foreach ((int number, long end) in Parse(open))
        {
            calls[number] = new ReadConnection.SentCall(number);
            calls[number].Position.End = end;
        }

        Dictionary<int, FramePosition> places = Parse(abandoned).ToDictionary(static each => each.Key, static each => new FramePosition { End = each.End });

        OldestRequest.Find(calls, places).Should().Be(key, why);
    }

    private static IEnumerable<(int Key, long End)> Parse(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static each => each.Split('@')).Select(static parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture)));
}
