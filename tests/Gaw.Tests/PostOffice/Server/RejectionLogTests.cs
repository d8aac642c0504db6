using Gaw.PostOffice.Server;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.PostOffice.Server;

/// <summary>An attack does not fill the log: one refusal of each kind in a second is logged.</summary>
public sealed class RejectionLogTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("seal", 0, false, "it was logged just now")]
    [InlineData("seal", 999, false, "the second is not over")]
    [InlineData("seal", 1000, true, "the second is over")]
    [InlineData("frame", 0, true, "another kind has its own")]
    public void The_first_of_a_kind_in_a_second_is_logged(string kind, int milliseconds, bool isLogged, string because)
    {
        RejectionLog log = new(_time, isMeasured: true);
        log.Count("seal").Should().BeTrue("it is the first");
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        log.Count(kind).Should().Be(isLogged, because);
        log.Count(kind).Should().BeFalse("it was logged in this second");
    }

    [Fact]
    public void What_is_not_logged_does_not_put_the_next_entry_off()
    {
        RejectionLog log = new(_time, isMeasured: true);
        log.Count("seal").Should().BeTrue();
        for (int i = 0; i < 9; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            log.Count("seal").Should().BeFalse();
        }

        _time.Advance(TimeSpan.FromMilliseconds(100));
        log.Count("seal").Should().BeTrue();
    }
}
