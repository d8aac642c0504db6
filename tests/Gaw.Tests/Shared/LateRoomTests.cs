using Gaw.Scheduling;

namespace Gaw.Tests.Shared;

/// <summary>How much of a stream may wait for a thread that the code of a type keeps.</summary>
public sealed class LateRoomTests
{
    [Theory]
    [InlineData(1_000_000_000, 1000, 100, 0, 1, 2000, "a sender within its window may send each byte as an item and a message of its own")]
    [InlineData(1_000_000_000, 1000, 100, 0, 3, 1100, "brackets and blanks triple the smallest items, and the largest item may come behind the window")]
    [InlineData(5, 1000, 100, 0, 1, 1005, "who may send five items sends five messages with items")]
    [InlineData(5, 1_000_000, 100, 50, 50, 1005, "what stands around the items does not count")]
    [InlineData(0, 0, 100, 0, 100, 3, "a call without a stream has its state and its result")]
    [InlineData(0, 0, 100, 0, 0, 1000, "and signs of life, which have no bytes")]
    public void What_credit_allows_may_wait_and_one_message_more_may_not(long items, long bytes, int largest, int envelope, int length, int fits, string because)
    {
        LateRoom room = new(items, bytes, largest, envelope);

        for (int i = 0; i < fits; i++)
        {
            room.TryEnter(length).Should().BeTrue("{0} ({1} of {2})", because, i + 1, fits);
        }

        room.TryEnter(length).Should().BeFalse(because);
    }

    [Fact]
    public void What_was_taken_makes_room()
    {
        LateRoom room = new(5, 1000, 100);
        for (int i = 0; i < 100_000; i++)
        {
            room.TryEnter(600).Should().BeTrue();
            room.Leave(600);
        }
    }
}
