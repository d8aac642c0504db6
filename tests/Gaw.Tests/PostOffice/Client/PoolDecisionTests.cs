using System.Text.RegularExpressions;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Client.Pooling;

namespace Gaw.Tests.PostOffice.Client;

/// <summary>What a call does that found no connection with room, by table.</summary>
public sealed class PoolDecisionTests
{
    /// <summary>The connections (S sequential, M multiplexed, U no reply yet; with = a call is open, with x it takes no calls), the limit, and what else is known.</summary>
    [Theory]
    [InlineData("", 4, "", 0, "Open", "the first call of a client")]
    [InlineData("", 4, "opening", 0, "Open", "and whoever calls while it is being opened waits for the same connection")]
    [InlineData("U", 4, "", 0, "Send", "it has just been opened")]
    [InlineData("M=", 4, "", 0, "Send", "one connection carries any number of calls of a multiplexing server")]
    [InlineData("M=", 1, "silent", 0, "Send", "whatever was thought of the server before")]
    [InlineData("S", 4, "", 0, "Send", "the connection to a sequential server is free")]
    [InlineData("S=", 4, "", 0, "Open", "each call of a sequential server has a connection of its own")]
    [InlineData("S=S=", 4, "opening", 0, "Open", "they are opened one at a time")]
    [InlineData("S=S=S=S=", 4, "", 0, "WaitForCapacity", "until a connection is free")]
    [InlineData("S=S=U=U=", 4, "", 0, "WaitForCapacity", "one of the connections knows the mode")]
    [InlineData("S=S=U=U=", 4, "silent", 0, "WaitForCapacity", "also where it was thought to be silent before")]
    [InlineData("U=", 4, "", 0, "WaitForMode 100", "the first reply will probably be there before a second connection")]
    [InlineData("U=", 4, "", 100, "Open", "it was not")]
    [InlineData("U=", 4, "opening", 0, "Open", "a second one is on its way already")]
    [InlineData("U=", 4, "opening", 100, "Open", "another call has begun to open it meanwhile")]
    [InlineData("U=", 1, "", 0, "WaitForMode 1000", "no further connection may be opened, so waiting is cheap")]
    [InlineData("U=U=U=", 3, "", 0, "WaitForMode 1000", "the same with several")]
    [InlineData("U=U=U=", 3, "", 1000, "QueueBehind", "queueing behind a call costs no more than waiting here")]
    [InlineData("U=U=U=", 3, "silent", 0, "QueueBehind", "those that come later need not wait to learn it")]
    [InlineData("U=U=U=", 3, "silent opening", 0, "QueueBehind", "the connection being opened takes the place of one that leaves")]
    [InlineData("U=U=", 3, "silent", 0, "WaitForMode 100", "a connection was lost, so another may be opened")]
    [InlineData("U=U=U=", 3, "", 100, "Send", "the last connection was opened meanwhile: the call asks again, and then waits the longer time")]
    [InlineData("S=U=U=", 3, "", 1000, "Send", "the mode became known meanwhile: the call asks again, and then waits for a free connection")]
    [InlineData("Ux=", 4, "", 0, "Open", "a connection that takes no calls is none")]
    [InlineData("Ux=", 1, "", 0, "WaitForCapacity", "but counts among those that may be open, until it has ended")]
    [InlineData("Mx=", 1, "silent", 0, "WaitForCapacity", "nobody is sent there, so nobody can queue there")]
    [InlineData("Mx=", 4, "", 0, "Open", "its server stops, the next one may answer")]
    [InlineData("Sx=U=", 4, "", 0, "Open", "the mode of a connection that ends is that of the server")]
    [InlineData("S=", 4, "", 100, "Open", "it has turned out to be sequential")]
    [InlineData("", 4, "", 100, "Open", "the connection was lost while the call waited")]
    public void A_call_without_a_connection_is_sent_opens_waits_or_queues_by_what_is_known(string connections, int limit, string known, int waited, string step, string because)
    {
        PoolDecision decision = PoolDecision.Decide(Facts(connections, limit, known, waited));

        string said = decision.Step == PoolStep.WaitForMode ? $"{decision.Step} {decision.ModeTime.TotalMilliseconds}" : $"{decision.Step}";
        said.Should().Be(step, because);
        (decision.ModeTime > TimeSpan.Zero).Should().Be(decision.Step == PoolStep.WaitForMode);
    }

    [Fact]
    public void A_call_that_has_waited_for_the_mode_does_not_wait_for_it_again_nor_without_end()
    {
        foreach (string connections in new[] { "", "U", "U=", "Ux=", "S", "S=", "Sx=", "M=", "Mx=", "U=U=", "S=U=", "Mx=U=" })
        {
            foreach (string known in new[] { "", "opening", "silent", "silent opening" })
            {
                for (int limit = 1; limit <= 4; limit++)
                {
                    PoolDecision.Decide(Facts(connections, limit, known, waited: 100)).Step.Should().NotBe(PoolStep.WaitForMode).And.NotBe(PoolStep.WaitForCapacity);
                    PoolDecision.Decide(Facts(connections, limit, known, waited: 1000)).Step.Should().NotBe(PoolStep.WaitForMode).And.NotBe(PoolStep.WaitForCapacity);
                }
            }
        }
    }

    private static PoolFacts Facts(string connections, int limit, string known, int waited)
    {
        bool isSilent = known.Contains("silent", StringComparison.Ordinal);
        string[] all = Regex.Matches(connections, "[SMU]x?=?").Select(static match => match.Value).ToArray();
        string[] open = [.. all.Where(static connection => !connection.Contains('x', StringComparison.Ordinal))];
        return new PoolFacts(
            HasRoom: open.Any(static connection => connection is "S" or "U" || connection[0] == 'M'),
            TakesCalls: open.Length > 0,
            IsBelowLimit: all.Length < limit,
            IsOpening: known.Contains("opening", StringComparison.Ordinal),
            Mode: all.Any(static connection => connection[0] == 'S') ? ServerMode.Sequential : isSilent ? ServerMode.Silent : ServerMode.Unknown,
            WaitedForMode: TimeSpan.FromMilliseconds(waited));
    }
}
