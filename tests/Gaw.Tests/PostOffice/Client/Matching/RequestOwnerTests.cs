using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.Tests.PostOffice.Client.Matching;

/// <summary>A failure without an id belongs to the request for which that is proved, and otherwise to none.</summary>
public sealed class RequestOwnerTests
{
    private static readonly ErrorInfo Unreadable = ErrorFrame.NotReadable;
    private static readonly ErrorInfo TooLarge = ErrorFrame.TooLarge(1000);

    public static TheoryData<string, int[], bool, string, int?> Cases => new()
    {
        { "nothing is open", [], false, "unreadable", null },
        { "one is open", [10], false, "unreadable", 0 },
        { "one of several, in order", [10, 2000, 10], true, "unreadable", 0 },
        { "one of several", [10, 2000, 10], false, "unreadable", null },
        { "the large one", [10, 2000, 10], false, "too large", 1 },
        { "the first of the large ones, since the server reads in order", [10, 2000, 3000], false, "too large", 1 },
        { "none is large", [10, 1000, 10], false, "too large", null },
        { "no limit is named", [10, 2000, 10], false, "too large for some server", null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Only_what_is_proved_counts(string why, int[] sizes, bool isInOrder, string failure, int? owner)
    {
        List<OpenRequest> unanswered = [];
        long start = 0;
        foreach (int size in sizes)
        {
            unanswered.Add(new OpenRequest(unanswered.Count, start, start + size, size));
            start += size;
        }

        // The table has no order of its own.
        unanswered.Reverse();
        ErrorInfo said = failure switch
        {
            "unreadable" => Unreadable,
            "too large" => TooLarge,
            _ => new ErrorInfo(ErrorFrame.TooLargeName, failure),
        };

        (RequestOwner.Find(unanswered, isInOrder, said)?.Key).Should().Be(owner, why);
    }
}
