using System.Buffers;
using System.Globalization;
using System.Text;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;

namespace Gaw.Tests.PostOffice.Framing;

public sealed class FrameWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(65_536)]
    [InlineData(16_777_216)]
    [InlineData(1_000_000_000)]
    [InlineData(int.MaxValue)]
    public void The_length_line_is_plain_decimal_and_one_line_feed(int length)
    {
        byte[] buffer = new byte[20];
        int start = LengthLine.Write(buffer, 15, length);

        Encoding.ASCII.GetString(buffer, start, 15 - start).Should().Be(length.ToString(CultureInfo.InvariantCulture) + "\n");
        buffer.AsSpan(15).ToArray().Should().OnlyContain(b => b == 0);
        (15 - start).Should().BeLessThanOrEqualTo(FrameLimits.LengthLineBytes);
    }

    [Fact]
    public void The_head_room_is_for_the_line_and_the_seal()
    {
        FrameWriter.Headroom(PlainFrameProtector.Instance).Should().Be(FrameLimits.LengthLineBytes);
    }

    [Fact]
    public void Frames_that_wait_together_leave_in_one_piece_and_in_order()
    {
        using FrameWriter writer = new();
        long first = Add(writer, "1\na");
        long second = Add(writer, "2\nbc");

        (first, second).Should().Be((3, 7));
        writer.PendingBytes.Should().Be(7);
        writer.TryBeginSending().Should().BeTrue();
        List<FrameChunk> batch = writer.TakeBatch()!;
        batch.Should().HaveCount(1, "small frames are copied together");
        Sent(writer, batch).Should().Be("1\na2\nbc");
        writer.TakeBatch().Should().BeNull();
        (writer.SentBytes, writer.PendingBytes).Should().Be((7, 0));
    }

    [Fact]
    public void A_frame_of_any_size_keeps_its_place()
    {
        using FrameWriter writer = new();
        StringBuilder expected = new();
        for (int i = 0; i < 300; i++)
        {
            string frame = new((char)('a' + (i % 26)), 1 + (i * 131 % 3000));
            expected.Append(frame);
            if (i % 7 == 0)
            {
                byte[] pooled = ArrayPool<byte>.Shared.Rent(frame.Length + 11);
                Encoding.ASCII.GetBytes(frame, pooled.AsSpan(11));
                writer.Add(pooled, 11, frame.Length).Should().Be(expected.Length);
            }
            else
            {
                Add(writer, frame).Should().Be(expected.Length);
            }
        }

        SendAll(writer).Should().Be(expected.ToString());
    }

    [Fact]
    public void A_large_array_that_is_given_over_is_not_copied()
    {
        using FrameWriter writer = new();
        byte[] large = ArrayPool<byte>.Shared.Rent(100_000);
        writer.Add(large, 5, 90_000);

        writer.TryBeginSending().Should().BeTrue();
        List<FrameChunk> batch = writer.TakeBatch()!;
        batch.Should().ContainSingle().Which.Array.Should().BeSameAs(large);
        (batch[0].Start, batch[0].Length).Should().Be((5, 90_000));
        FrameWriter.Release(batch);
        batch.Should().BeEmpty();
    }

    [Fact]
    public void Only_one_sends_and_takes_what_comes_meanwhile()
    {
        using FrameWriter writer = new();
        writer.TryBeginSending().Should().BeFalse("there is nothing to send");
        Add(writer, "a");
        writer.TryBeginSending().Should().BeTrue();
        writer.TryBeginSending().Should().BeFalse("somebody sends");
        List<FrameChunk> first = writer.TakeBatch()!;
        Add(writer, "b");
        writer.TryBeginSending().Should().BeFalse("he who sends takes this as well");
        Sent(writer, first).Should().Be("a");
        Sent(writer, writer.TakeBatch()!).Should().Be("b");
        writer.TakeBatch().Should().BeNull();
        Add(writer, "c");
        writer.TryBeginSending().Should().BeTrue("the sending was over");
    }

    [Fact]
    public async Task Idle_is_when_all_is_sent()
    {
        using FrameWriter writer = new();
        writer.WhenIdleAsync().IsCompleted.Should().BeTrue();
        Add(writer, "a");
        Task idle = writer.WhenIdleAsync();
        idle.IsCompleted.Should().BeFalse();
        writer.TryBeginSending().Should().BeTrue();
        List<FrameChunk> batch = writer.TakeBatch()!;
        writer.WhenIdleAsync().IsCompleted.Should().BeFalse("the last batch is on its way");
        Sent(writer, batch);
        idle.IsCompleted.Should().BeFalse();
        writer.TakeBatch().Should().BeNull();

        await idle.WaitAsync(Support.TestTimeouts.Limit, TestContext.Current.CancellationToken);
        writer.WhenIdleAsync().IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_closed_writer_takes_nothing_and_nobody_waits_for_it()
    {
        FrameWriter writer = new();
        Add(writer, "a");
        Task idle = writer.WhenIdleAsync();
        writer.Dispose();

        await idle.WaitAsync(Support.TestTimeouts.Limit, TestContext.Current.CancellationToken);
        Add(writer, "b").Should().Be(-1);
        writer.Add(ArrayPool<byte>.Shared.Rent(10), 0, 10).Should().Be(-1);
        writer.TryBeginSending().Should().BeFalse();
        writer.TakeBatch().Should().BeNull();
        writer.WhenIdleAsync().IsCompleted.Should().BeTrue();
        writer.Dispose();
    }

    [Fact]
    public void A_closed_writer_has_nothing_pending()
    {
        FrameWriter writer = new();
        Add(writer, new string('x', 1000));
        writer.TryBeginSending().Should().BeTrue();
        _ = writer.TakeBatch();
        Add(writer, new string('y', 1000));
        writer.Dispose();

        writer.PendingBytes.Should().Be(0, "a loop that waits for it to fall would wait for ever");
    }

    [Fact]
    public async Task Frames_of_many_threads_come_out_whole_and_in_the_order_of_each()
    {
        const int threads = 8;
        const int each = 2000;
        using FrameWriter writer = new();
        StringBuilder sent = new();
        Task[] adders = [.. Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < each; i++)
            {
                string frame = $"<{thread}:{i}:{new string('.', i * 37 % 200)}>";
                long position;
                if (i % 5 == 0)
                {
                    byte[] pooled = ArrayPool<byte>.Shared.Rent(frame.Length);
                    Encoding.ASCII.GetBytes(frame, pooled);
                    position = writer.Add(pooled, 0, frame.Length);
                }
                else
                {
                    position = Add(writer, frame);
                }

                position.Should().BePositive();
                if (writer.TryBeginSending())
                {
                    // Only one at a time is in here.
                    while (writer.TakeBatch() is { } batch)
                    {
                        sent.Append(Sent(writer, batch));
                    }
                }
            }
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(adders);

        string[] frames = sent.ToString().Split('>', StringSplitOptions.RemoveEmptyEntries);
        frames.Should().HaveCount(threads * each);
        foreach (IGrouping<string, string> ofThread in frames.GroupBy(frame => frame.Split(':')[0]))
        {
            ofThread.Select(frame => frame.Split(':')[1]).Should().Equal(Enumerable.Range(0, each).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        }

        writer.PendingBytes.Should().Be(0);
    }

    private static long Add(FrameWriter writer, string frame) => writer.Add(Encoding.ASCII.GetBytes(frame));

    private static string SendAll(FrameWriter writer)
    {
        StringBuilder sent = new();
        writer.TryBeginSending().Should().BeTrue();
        while (writer.TakeBatch() is { } batch)
        {
            sent.Append(Sent(writer, batch));
        }

        return sent.ToString();
    }

    private static string Sent(FrameWriter writer, List<FrameChunk> batch)
    {
        StringBuilder sent = new();
        foreach (FrameChunk chunk in batch)
        {
            sent.Append(Encoding.ASCII.GetString(chunk.Bytes.Span));
            writer.Sent(chunk.Length);
        }

        FrameWriter.Release(batch);
        return sent.ToString();
    }
}
