using Gaw.PostOffice.Server.Receiving;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gaw.Tests.PostOffice.Server.Receiving;

/// <summary>Who is told when a peer sends nothing more, and when its connection is cut off.</summary>
public sealed class PeerPresenceTests
{
    [Theory]
    [InlineData("", false, false, false, false, "it is there")]
    [InlineData("leave", true, false, false, true, "a peer of calls in order may still read their replies; any other is gone")]
    [InlineData("lose", false, true, true, true, "nobody can be answered")]
    [InlineData("leave lose", true, true, true, true, "first the one, then the other")]
    [InlineData("lose leave", true, true, true, true, "the end of the stream is met after the cut")]
    public void Tokens_fire_for_those_that_cannot_be_answered(string steps, bool hasLeft, bool isLost, bool inOrderFires, bool othersFire, string because)
    {
        PeerPresence peer = new(NullLogger.Instance);
        CancellationToken inOrder = peer.GetLostToken(inOrder: true);
        CancellationToken other = peer.GetLostToken(inOrder: false);
        foreach (string step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "leave")
            {
                peer.Leave();
            }
            else
            {
                peer.Lose();
            }
        }

        peer.HasLeft.Should().Be(hasLeft, because);
        peer.IsLost.Should().Be(isLost, because);
        inOrder.IsCancellationRequested.Should().Be(inOrderFires, because);
        other.IsCancellationRequested.Should().Be(othersFire, because);
        peer.GetLostToken(inOrder: true).IsCancellationRequested.Should().Be(inOrderFires, "a token that is asked for later says the same");
    }
}
