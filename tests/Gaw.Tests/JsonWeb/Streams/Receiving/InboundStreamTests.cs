using System.Text;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Scheduling;

namespace Gaw.Tests.JsonWeb.Streams.Receiving;

/// <summary>Messages of one stream that come while the code of the items' type keeps the thread that reads the first.</summary>
public sealed class InboundStreamTests
{
    [Fact]
    public void Items_that_come_while_others_are_read_are_read_behind_them_and_in_order()
    {
        Recorder stream = new(new LateRoom(10, 10_000, 100));
        stream.Meanwhile = () => (stream.TryBegin(Message("[2]")) | stream.TryBegin(Message("[3]"))).Should().BeFalse("they wait for the first");

        stream.TryBegin(Message("[1]")).Should().BeTrue();
        stream.Read(Message("[1]"));

        stream.Taken.Should().Equal("[1]", "[2]", "[3]");
        stream.IsOverrun.Should().BeFalse();
        stream.TryBegin(Message("[4]")).Should().BeTrue("nothing is being read any more");
    }

    [Fact]
    public void The_turn_is_taken_before_the_reading_begins()
    {
        Recorder stream = new(new LateRoom(10, 10_000, 100));
        stream.TryBegin(Message("[1]")).Should().BeTrue();

        stream.TryBegin(Message("[2]")).Should().BeFalse("the thread that took the turn may be slow to use it");
        stream.Read(Message("[1]"));

        stream.Taken.Should().Equal("[1]", "[2]");
    }

    [Fact]
    public void More_than_may_wait_cuts_the_sender_off_and_is_not_kept()
    {
        Recorder stream = new(new LateRoom(items: 10, bytes: 20, largest: 100));
        int waiting = 0;
        stream.Meanwhile = () =>
        {
            for (; !stream.IsOverrun; waiting++)
            {
                stream.TryBegin(Message("[0000000000000000000000000000000000]")).Should().BeFalse();
            }
        };

        stream.TryBegin(Message("[1]")).Should().BeTrue();
        stream.Read(Message("[1]"));

        waiting.Should().Be(11, "ten of them have 360 bytes");
        stream.Taken.Should().Equal("[1]");
    }

    private static ItemMessage Message(string items) => new() { Items = Encoding.UTF8.GetBytes(items) };

    private sealed class Recorder(LateRoom room) : InboundStream("items", room)
    {
        public List<string> Taken { get; } = [];

        /// <summary>Happens while the first message is read.</summary>
        public Action? Meanwhile { get; set; }

        public bool IsOverrun { get; private set; }

        public override StreamTotals Limit => default;

        public override void End(Exception reason) => throw new NotSupportedException("Nobody ends it here.", reason);

        protected override void Overrun() => IsOverrun = true;

        protected override void Take(ReadOnlySpan<byte> items, StreamTotals sent, bool isLast, GawError? failure)
        {
            Taken.Add(Encoding.UTF8.GetString(items));
            (Action? meanwhile, Meanwhile) = (Meanwhile, null);
            meanwhile?.Invoke();
        }
    }
}
