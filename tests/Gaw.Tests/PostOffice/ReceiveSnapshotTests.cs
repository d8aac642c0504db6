using Gaw.PostOffice.Server.Receiving;

namespace Gaw.Tests.PostOffice;

/// <summary>What other threads see of a connection: one word holds all of it.</summary>
public sealed class ReceiveSnapshotTests
{
    [Theory]
    [InlineData(false, 0, 0, false)]
    [InlineData(true, 0, 0, false)]
    [InlineData(false, 0, 0, true)]
    [InlineData(true, 1, 5, true)]
    [InlineData(false, 0x3FFF_FFFF, int.MaxValue, true)]
    [InlineData(true, 0x2000_0000, 1_000_000_011, false)] // The frame count's highest bit is the word's sign.
    public void A_snapshot_comes_out_of_its_word_as_it_went_in(bool awaitsBytes, int framesTaken, int bufferedBytes, bool hasLengthLine)
    {
        ReceiveSnapshot snapshot = new(awaitsBytes, framesTaken, bufferedBytes, hasLengthLine);
        ReceiveSnapshot.Unpack(snapshot.Pack()).Should().Be(snapshot);
    }
}
