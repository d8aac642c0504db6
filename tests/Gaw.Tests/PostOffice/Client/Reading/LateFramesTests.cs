using System.Text;
using Gaw.PostOffice.Client.Reading;
using Gaw.Scheduling;

namespace Gaw.Tests.PostOffice.Client.Reading;

/// <summary>What waits for a thread that the code of an item's type keeps: S a state, P a part, E the end, and ? for the thread that takes the next one.</summary>
public sealed class LateFramesTests
{
    [Theory]
    [InlineData("P1 P2 E ? ? ?", "P1 P2 E", "parts keep their order")]
    [InlineData("S1 S2 S3 ?", "S3", "only the newest state is of use")]
    [InlineData("S1 E ? ?", "S1 E", "the last state comes before the end")]
    [InlineData("P1 S1 P2 S2 E ? ? ? ?", "P1 P2 S2 E", "and behind what had come before")]
    [InlineData("S1 P1 P2 ? S2 ? S3 ? ?", "S1 P1 S3 P2", "neither states nor parts wait for ever")]
    [InlineData("S1 ? S2 ? S3 ?", "S1 S2 S3", "each state that finds the thread at leisure is read")]
    public void Parts_keep_their_order_and_of_states_the_newest_waits(string events, string taken, string because)
    {
        LateFrames frames = new(new LateRoom(10, 1000, 100));
        List<string> seen = [];
        foreach (string frame in events.Split(' '))
        {
            if (frame == "?")
            {
                seen.Add(Encoding.ASCII.GetString(frames.TakeNext()!));
            }
            else
            {
                frames.TryAdd(Encoding.ASCII.GetBytes(frame), isState: frame[0] == 'S', isLast: frame[0] == 'E').Should().BeTrue();
            }
        }

        seen.Should().Equal(taken.Split(' '), because);
        frames.TakeNext().Should().BeNull();
    }

    [Fact]
    public void States_take_no_room_however_many_and_parts_do()
    {
        LateFrames frames = new(new LateRoom(0, 0, 100));
        for (int i = 0; i < 10_000; i++)
        {
            frames.TryAdd(new byte[100], isState: true, isLast: false).Should().BeTrue();
        }

        for (int i = 0; i < 3; i++)
        {
            frames.TryAdd(new byte[100], isState: false, isLast: false).Should().BeTrue();
        }

        frames.TryAdd(new byte[100], isState: false, isLast: false).Should().BeFalse();
        frames.Clear();
        frames.TakeNext().Should().BeNull();
    }
}
