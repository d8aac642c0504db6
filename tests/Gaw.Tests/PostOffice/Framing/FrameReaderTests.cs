using System.Text;
using Gaw.PostOffice;
using Gaw.PostOffice.Framing;

namespace Gaw.Tests.PostOffice.Framing;

public sealed class FrameReaderTests
{
    private const int Limit = 1024;
    private const string ThreeFrames = "5\nhello0\n00012\nthe third :)";

    [Fact]
    public void A_whole_frame_is_taken_once()
    {
        using FrameReader reader = new(Limit);
        Feed(reader, "5\nhello");

        Take(reader).Should().Be("hello");
        reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
        reader.BufferedBytes.Should().Be(0);
    }

    [Fact]
    public void Several_frames_of_one_receive_are_taken_in_order()
    {
        using FrameReader reader = new(Limit);
        Feed(reader, ThreeFrames);

        Take(reader).Should().Be("hello");
        Take(reader).Should().BeEmpty();
        Take(reader).Should().Be("the third :)");
        reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
    }

    [Fact]
    public void A_payload_that_is_left_with_its_buffer_stays_as_it_is_while_other_frames_come()
    {
        FrameReader reader = new(Limit);
        Feed(reader, "5\nhello5\nwor");
        reader.TryTake(out Memory<byte> left).Should().Be(FrameStatus.Complete);

        reader.LeaveBuffer();
        Feed(reader, "ld");
        Take(reader).Should().Be("world");
        Feed(reader, $"{Limit}\n{new string('x', Limit)}");
        Take(reader).Should().HaveLength(Limit);
        reader.Dispose();

        Encoding.ASCII.GetString(left.Span).Should().Be("hello");
    }

    [Fact]
    public void Frames_that_come_byte_by_byte_are_taken_with_their_last_byte()
    {
        using FrameReader reader = new(Limit);
        List<(int After, string Payload)> taken = [];
        for (int i = 0; i < ThreeFrames.Length; i++)
        {
            Feed(reader, ThreeFrames[i..(i + 1)]);
            taken.AddRange(TakeAll(reader).Select(payload => (i + 1, payload)));
        }

        taken.Should().Equal((7, "hello"), (9, ""), (ThreeFrames.Length, "the third :)"));
    }

    [Fact]
    public void Frames_that_are_cut_at_any_two_places_come_out_the_same()
    {
        for (int first = 0; first <= ThreeFrames.Length; first++)
        {
            for (int second = first; second <= ThreeFrames.Length; second++)
            {
                using FrameReader reader = new(Limit);
                List<string> taken = [];
                foreach (string part in new[] { ThreeFrames[..first], ThreeFrames[first..second], ThreeFrames[second..] })
                {
                    Feed(reader, part);
                    taken.AddRange(TakeAll(reader));
                }

                taken.Should().Equal(["hello", "", "the third :)"], "cut at {0} and {1}", first, second);
                reader.BufferedBytes.Should().Be(0);
            }
        }
    }

    [Fact]
    public void Random_frames_come_out_whole_however_the_receives_fall()
    {
        Random random = new(20250);
        using FrameReader reader = new(200_000);
        byte[][] payloads = [.. Enumerable.Range(0, 300).Select(_ => RandomBytes(random, random.Next(10) == 0 ? random.Next(200_000) : random.Next(300)))];
        byte[] stream = [.. payloads.SelectMany(payload => (byte[])[.. Encoding.ASCII.GetBytes($"{payload.Length}\n"), .. payload])];
        int next = 0;
        for (int at = 0; at < stream.Length;)
        {
            Memory<byte> space = reader.GetFreeSpace();
            int count = Math.Min(Math.Min(space.Length, stream.Length - at), 1 + random.Next(random.Next(2) == 0 ? 10 : 100_000));
            stream.AsMemory(at, count).CopyTo(space);
            reader.Received(count);
            at += count;
            while (reader.TryTake(out Memory<byte> payload) == FrameStatus.Complete)
            {
                payload.Span.SequenceEqual(payloads[next++]).Should().BeTrue();
            }
        }

        next.Should().Be(payloads.Length);
        reader.BufferedBytes.Should().Be(0);
    }

    [Fact]
    public void A_frame_of_exactly_the_limit_is_taken_and_one_byte_more_is_refused_before_any_payload()
    {
        using FrameReader fitting = new(Limit);
        Feed(fitting, "1024\n" + new string('x', Limit));
        Take(fitting).Should().HaveLength(Limit);

        using FrameReader above = new(Limit);
        Feed(above, "1025\n");
        above.TryTake(out _).Should().Be(FrameStatus.TooLarge);
    }

    [Theory]
    [InlineData("00000000000000000005", "twenty digits are the most")]
    [InlineData("0005", "leading zeros")]
    [InlineData("05", "a leading zero")]
    public void A_length_of_up_to_twenty_digits_is_read(string line, string why)
    {
        using FrameReader reader = new(Limit);
        Feed(reader, line + "\nhello");

        Take(reader).Should().Be("hello", why);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("+5\n")]
    [InlineData("-5\n")]
    [InlineData("-")]
    [InlineData("5\r\n")]
    [InlineData("5\r")]
    [InlineData(" 5\n")]
    [InlineData("5 \n")]
    [InlineData("1 0\n")]
    [InlineData("\t5\n")]
    [InlineData("\0")]
    [InlineData("5\0")]
    [InlineData("1_0\n")]
    [InlineData("0x10\n")]
    [InlineData("abc\n")]
    [InlineData("5.0\n")]
    [InlineData("1e3\n")]
    [InlineData("\u0665\n")]
    [InlineData("{\"_v\": 1}")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("000000000000000000005")]
    [InlineData("000000000000000000005\n")]
    [InlineData("111111111111111111111")]
    public void A_line_that_is_not_1_to_20_digits_is_refused_with_its_first_wrong_byte(string line)
    {
        using FrameReader reader = new(Limit);
        Feed(reader, line);

        reader.TryTake(out _).Should().Be(FrameStatus.BadLengthLine);
    }

    [Fact]
    public void The_largest_limit_that_can_be_set_does_not_overflow()
    {
        Action above = () => _ = new PostOfficeServerOptions { MaxFrameBytes = 1_000_000_001 };
        above.Should().Throw<ArgumentOutOfRangeException>("a buffer that doubles has to be able to hold it");
        int largest = new PostOfficeServerOptions { MaxFrameBytes = 1_000_000_000 }.MaxFrameBytes;
        using FrameReader reader = new(largest);
        Feed(reader, "1000000000\nabc");

        reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
        reader.GetFreeSpace().Length.Should().BeGreaterThan(0);
    }

    [Fact]
    public void Twenty_digits_without_a_line_feed_are_not_a_frame_yet()
    {
        using FrameReader reader = new(Limit);
        Feed(reader, new string('9', 20));

        reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
        reader.HasOnlyLengthLine.Should().BeFalse();
    }

    [Fact]
    public void The_bare_length_line_is_told_apart()
    {
        using FrameReader reader = new(Limit);
        Feed(reader, "5");
        Expect(reader, onlyLine: false);
        Feed(reader, "\n");
        Expect(reader, onlyLine: true);
        Feed(reader, "hel");
        Expect(reader, onlyLine: false);
        Feed(reader, "lo3\n");
        Take(reader).Should().Be("hello");
        reader.HasOnlyLengthLine.Should().BeFalse();
        Expect(reader, onlyLine: true);

        static void Expect(FrameReader reader, bool onlyLine)
        {
            reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
            reader.HasOnlyLengthLine.Should().Be(onlyLine);
        }
    }

    [Fact]
    public void What_has_come_of_a_payload_can_be_looked_at()
    {
        using FrameReader reader = new(Limit);
        reader.PeekPartialPayload().Length.Should().Be(0);
        Feed(reader, "10");
        reader.PeekPartialPayload().Length.Should().Be(0);
        Feed(reader, "\nabc");
        Encoding.ASCII.GetString(reader.PeekPartialPayload()).Should().Be("abc");
        reader.BufferedBytes.Should().Be(6);
    }

    [Fact]
    public void A_claimed_frame_takes_memory_only_as_it_comes()
    {
        FrameBudget budget = new(0);
        using FrameReader reader = new(FrameLimits.DefaultMaxFrameBytes, budget);
        Feed(reader, "16777216\n");

        reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
        reader.GetFreeSpace().Length.Should().BeLessThanOrEqualTo(4096);
        budget.IsExceeded.Should().BeFalse("nothing above 64 KiB is held");

        byte[] some = new byte[1000];
        for (int received = 0; received < 1024 * 1024;)
        {
            Memory<byte> space = reader.GetFreeSpace();
            space.Length.Should().BeLessThanOrEqualTo(Math.Max(4096, 2 * (received + 9)), "the buffer at most doubles");
            int count = Math.Min(space.Length, some.Length);
            reader.Received(count);
            received += count;
            reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
        }

        budget.IsExceeded.Should().BeTrue();
    }

    [Fact]
    public void A_large_frame_is_counted_while_it_is_held_and_not_afterwards()
    {
        FrameBudget budget = new(0);
        FrameReader reader = new(FrameLimits.DefaultMaxFrameBytes, budget);
        Feed(reader, "300000\n" + new string('x', 200_000));
        reader.TryTake(out _).Should().Be(FrameStatus.Incomplete);
        budget.IsExceeded.Should().BeTrue();
        Feed(reader, new string('x', 100_000));
        Take(reader).Should().HaveLength(300_000);

        reader.GetFreeSpace().Length.Should().BeLessThanOrEqualTo(64 * 1024, "the large buffer goes back as soon as it is drained");
        budget.IsExceeded.Should().BeFalse();

        Feed(reader, "300000\n" + new string('x', 200_000));
        budget.IsExceeded.Should().BeTrue();
        reader.Dispose();
        budget.IsExceeded.Should().BeFalse("what a closed connection held is given back");
    }

    [Fact]
    public void A_large_frame_behind_small_ones_does_not_hold_their_memory()
    {
        using FrameReader reader = new(FrameLimits.DefaultMaxFrameBytes);
        string smallOnes = string.Concat(Enumerable.Repeat("5\nhello", 8));
        Feed(reader, smallOnes + "100000\n" + new string('x', 500));
        TakeAll(reader).Should().HaveCount(8);
        reader.BufferedBytes.Should().Be(507);
        Feed(reader, new string('x', 99_500));

        Take(reader).Should().HaveLength(100_000);
    }

    [Fact]
    public void A_batch_buffer_comes_with_full_receives_and_goes_back_after_quiet_ones()
    {
        using FrameReader reader = new(Limit);
        int small = reader.GetFreeSpace().Length;
        small.Should().BeLessThanOrEqualTo(4096);
        string frame = "2\n..";
        FillWithFrames(reader, frame);
        TakeAll(reader).Should().NotBeEmpty();
        reader.GetFreeSpace().Length.Should().Be(64 * 1024, "a receive that filled the buffer says that more is waiting");

        for (int i = 0; i < 40; i++)
        {
            Feed(reader, frame);
            TakeAll(reader).Should().HaveCount(1);
        }

        reader.GetFreeSpace().Length.Should().Be(small);
    }

    [Fact]
    public void A_payload_stays_as_it_is_until_space_is_asked_for()
    {
        using FrameReader reader = new(Limit);
        Feed(reader, "5\nhello5\nworld");
        reader.TryTake(out Memory<byte> first);
        reader.TryTake(out Memory<byte> second);

        Encoding.ASCII.GetString(first.Span).Should().Be("hello");
        Encoding.ASCII.GetString(second.Span).Should().Be("world");
    }

    [Fact]
    public void Disposing_twice_gives_nothing_back_twice()
    {
        FrameBudget budget = new(0);
        FrameReader reader = new(Limit, budget);
        reader.Dispose();
        reader.Dispose();

        budget.IsExceeded.Should().BeFalse();
        budget.Change(1);
        budget.IsExceeded.Should().BeTrue("the count has not gone below zero");
    }

    internal static void Feed(FrameReader reader, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int at = 0; at < bytes.Length;)
        {
            Memory<byte> space = reader.GetFreeSpace();
            int count = Math.Min(space.Length, bytes.Length - at);
            bytes.AsMemory(at, count).CopyTo(space);
            reader.Received(count);
            at += count;
        }
    }

    private static void FillWithFrames(FrameReader reader, string frame)
    {
        Memory<byte> space = reader.GetFreeSpace();
        (space.Length % frame.Length).Should().Be(0, "the receive has to end with a frame");
        for (int i = 0; i < space.Length; i++)
        {
            space.Span[i] = (byte)frame[i % frame.Length];
        }

        reader.Received(space.Length);
    }

    private static string Take(FrameReader reader)
    {
        reader.TryTake(out Memory<byte> payload).Should().Be(FrameStatus.Complete);
        return Encoding.UTF8.GetString(payload.Span);
    }

    private static List<string> TakeAll(FrameReader reader)
    {
        List<string> taken = [];
        FrameStatus status;
        while ((status = reader.TryTake(out Memory<byte> payload)) == FrameStatus.Complete)
        {
            taken.Add(Encoding.UTF8.GetString(payload.Span));
        }

        status.Should().Be(FrameStatus.Incomplete);
        return taken;
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
