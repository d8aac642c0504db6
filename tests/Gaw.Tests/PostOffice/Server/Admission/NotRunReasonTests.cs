using Gaw.PostOffice.Server.Admission;

namespace Gaw.Tests.PostOffice.Server.Admission;

/// <summary>Whether a message that has waited is still run, by table.</summary>
public sealed class NotRunReasonTests
{
    [Theory]
    [InlineData(false, false, false, false, false, false, null, "it is wanted")]
    [InlineData(true, false, false, false, false, false, "stops", "the stop has taken its time")]
    [InlineData(true, true, true, true, true, true, "stops", "the stop is the first reason")]
    [InlineData(false, true, false, false, false, false, "connection", "nobody could be answered")]
    [InlineData(false, true, false, true, false, false, "connection", "nor in order")]
    [InlineData(false, true, false, false, true, false, null, "its reply is kept")]
    [InlineData(false, false, true, false, false, false, "connection", "its peer has gone")]
    [InlineData(false, false, true, true, false, false, null, "its peer may still read replies in order")]
    [InlineData(false, false, true, false, true, false, null, "its reply is kept")]
    [InlineData(false, false, false, false, false, true, "waited longer", "its caller waits no more")]
    [InlineData(false, true, false, false, true, true, "waited longer", "kept or not, its caller waits no more")]
    public void A_message_is_run_while_somebody_wants_it(
        bool isCutOff, bool isLost, bool hasLeft, bool isInOrder, bool outlivesConnection, bool isOverdue, string? reason, string because)
    {
        string? told = NotRunReason.Find(isCutOff, isLost, hasLeft, isInOrder, outlivesConnection, isOverdue)?.Message;
        if (reason is null)
        {
            told.Should().BeNull(because);
        }
        else
        {
            told.Should().Contain(reason, because).And.EndWith("not run.");
        }
    }
}
