using Gaw.JsonWeb.Client.Filters;

namespace Gaw.Tests.JsonWeb.Client.Filters;

/// <summary>Whether the caller of a call with filters may give up: never while something of the call is under way.</summary>
public sealed class SendCounterTests
{
    [Theory]
    [InlineData("", 0, true, "no filter has gone on yet")]
    [InlineData("begin", 1, false, "the call is under way, and ends by itself")]
    [InlineData("begin end", 1, true, "it has ended, and nothing else has begun")]
    [InlineData("begin end", 0, false, "it began after the look")]
    [InlineData("begin begin end", 2, false, "one of two is under way")]
    [InlineData("begin end begin end", 2, true, "a filter has repeated it, and both have ended")]
    public void The_caller_gives_up_only_where_nothing_is_under_way(string happened, int seen, bool givesUp, string why)
    {
        SendCounter sends = new();
        foreach (string each in happened.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (each == "begin")
            {
                sends.TryBegin().Should().BeTrue("nobody has given up");
            }
            else
            {
                sends.End();
            }
        }

        sends.TryGiveUp(seen).Should().Be(givesUp, why);
        sends.TryBegin().Should().Be(!givesUp, "nothing begins once the caller has gone");
    }

    [Fact]
    public void Nothing_begins_behind_the_caller_however_often_it_is_tried()
    {
        SendCounter sends = new();
        sends.TryGiveUp(sends.Begun).Should().BeTrue();

        Enumerable.Range(0, 100).Select(_ => sends.TryBegin()).Should().AllBeEquivalentTo(false);
    }
}
