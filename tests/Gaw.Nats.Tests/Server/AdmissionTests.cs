using Gaw.Nats.Server.Requests;

namespace Gaw.Nats.Tests.Server;

public sealed class AdmissionTests
{
    private const long Full = Admission.MostBytes + 1;

    /// <summary>Every case that is decided differently, with its reason.</summary>
    public static TheoryData<string, bool, bool, int, int, long, string> Cases => new()
    {
        { "a place is free", true, false, 4, 0, 0, nameof(AdmissionStep.Run) },
        { "a place is free, and its caller would even wait", true, true, 4, 0, 0, nameof(AdmissionStep.Run) },
        { "another worker may have a place", false, false, 4, 0, 0, nameof(AdmissionStep.Refuse) },
        { "its caller has looked in vain", false, true, 4, 0, 0, nameof(AdmissionStep.Hold) },
        { "the last that may wait", false, true, 4, 63, 0, nameof(AdmissionStep.Hold) },
        { "as many wait as may", false, true, 4, 64, 0, nameof(AdmissionStep.Refuse) },
        { "a single place has a queue of use, too", false, true, 1, 63, 0, nameof(AdmissionStep.Hold) },
        { "more places, a longer queue", false, true, 100, 1599, 0, nameof(AdmissionStep.Hold) },
        { "a longer queue has an end, too", false, true, 100, 1600, 0, nameof(AdmissionStep.Refuse) },
        { "places without number have no queue that overflows", false, true, int.MaxValue, int.MaxValue - 1, 0, nameof(AdmissionStep.Hold) },
        { "much has not begun, as the process is starved", true, false, int.MaxValue, 0, Full, nameof(AdmissionStep.Refuse) },
        { "much waits", false, true, 4, 10, Full, nameof(AdmissionStep.Refuse) },
        { "a large one behind little", true, false, 4, 0, Admission.MostBytes, nameof(AdmissionStep.Run) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_runs_waits_or_is_refused(string reason, bool hasPlace, bool mayWait, int places, int waiting, long bytesBefore, string expected) =>
        Admission.Decide(new AdmissionFacts(hasPlace, mayWait, places, waiting, bytesBefore)).ToString().Should().Be(expected, reason);
}
