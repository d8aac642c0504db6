using System.Buffers;
using System.Collections.Concurrent;
using Gaw.Nats.Engine;
using Gaw.Tests.Support;

namespace Gaw.Nats.Tests.Engine;

/// <summary>The messages of one call, between the loop that reads from the engine and the thread that reads them.</summary>
public sealed class PartQueueTests
{
    [Fact]
    public async Task Messages_are_read_in_their_order_one_after_the_other()
    {
        ConcurrentQueue<byte> read = new();
        int reading = 0;
        int mostReading = 0;
        PartQueue queue = new(message =>
        {
            mostReading = Math.Max(mostReading, Interlocked.Increment(ref reading));
            read.Enqueue(message.Span[0]);
            Interlocked.Decrement(ref reading);
        });
        for (int i = 0; i < 250; i++)
        {
            queue.Add(new ReadOnlySequence<byte>([(byte)i]));
        }

        await Eventually.BecomesTrueAsync(() => !queue.HasUnread);

        read.Should().Equal(Enumerable.Range(0, 250).Select(static i => (byte)i));
        mostReading.Should().Be(1);
    }

    [Fact]
    public async Task A_message_larger_than_the_room_is_taken_where_no_other_waits()
    {
        using ManualResetEventSlim goes = new();
        ConcurrentQueue<int> read = new();
        PartQueue queue = new(
            message =>
            {
                goes.Wait(TestTimeouts.Limit, TestContext.Current.CancellationToken);
                read.Enqueue(message.Length);
            },
            maxBytes: 3000);

        queue.Add(new ReadOnlySequence<byte>(new byte[5000]));
        queue.Add(new ReadOnlySequence<byte>(new byte[5001]));
        goes.Set();
        await Eventually.BecomesTrueAsync(() => !queue.HasUnread);
        queue.Add(new ReadOnlySequence<byte>(new byte[5002]));
        await Eventually.BecomesTrueAsync(() => !queue.HasUnread);

        read.Should().Equal(5000, 5002);
    }

    [Fact]
    public async Task A_message_beyond_the_room_is_dropped_and_room_comes_back()
    {
        using ManualResetEventSlim goes = new();
        ConcurrentQueue<byte> read = new();
        PartQueue queue = new(
            message =>
            {
                goes.Wait(TestTimeouts.Limit, TestContext.Current.CancellationToken);
                read.Enqueue(message.Span[0]);
            },
            maxBytes: 3000);
        for (byte i = 0; i < 5; i++)
        {
            byte[] message = new byte[1000];
            message[0] = i;
            queue.Add(new ReadOnlySequence<byte>(message));
        }

        goes.Set();
        await Eventually.BecomesTrueAsync(() => !queue.HasUnread);
        queue.Add(new ReadOnlySequence<byte>([9]));
        await Eventually.BecomesTrueAsync(() => !queue.HasUnread);

        read.Should().Equal((byte)0, (byte)1, (byte)9);
    }
}
