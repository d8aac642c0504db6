using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.Shared;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb.Streams.Sending;

/// <summary>What leaves when, by a producer that does as a script says: no clock has a part in it.</summary>
public sealed class PartPumpTests
{
    private static readonly StreamTotals Much = new(1_000_000, 1_000_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_that_is_ready_alone_leaves_before_the_next_one_is_there()
    {
        Script source = new();
        Recorder target = new();
        using PartPump pump = new(target, Much);
        ValueTask taking = pump.TakeAsync(source, Cancellation);
        for (int i = 0; i < 100; i++)
        {
            source.Give("7");

            await target.WaitForAsync(i + 1);
            target.Parts.Should().HaveCount(i + 1, "nobody has to make another one first, and no time has to pass").And.EndWith("7");
            source.Asked.Should().Be(i + 2, "the next one was asked for, and is not there");
        }

        source.End();
        await taking;
        target.Parts.Should().HaveCount(100, "the end takes what is left, and nothing is");
    }

    [Fact]
    public async Task Items_that_are_ready_together_leave_together_when_the_next_one_is_not()
    {
        Script source = new();
        Recorder target = new();
        using PartPump pump = new(target, Much);
        ValueTask taking = pump.TakeAsync(source, Cancellation);

        source.Give("1", "2", "3");
        await target.WaitForAsync(3);

        // On a machine that stood still they may have left one by one: a millisecond is the most that one waits.
        string.Join(',', target.Parts).Should().Be("1,2,3");
        source.End("4", "5");
        await taking;
        string.Join(',', target.Parts).Should().BeOneOf("1,2,3", "1,2,3,4", "1,2,3,4,5");
        pump.Sent.Items.Should().Be(5);
    }

    [Fact]
    public async Task Without_credit_what_was_written_leaves_and_nothing_is_asked_for()
    {
        Script source = new();
        Recorder target = new();
        using PartPump pump = new(target, new StreamTotals(2, 1000));
        ValueTask taking = pump.TakeAsync(source, Cancellation);

        source.Give("1", "2", "3");
        await target.WaitForAsync(2);

        string.Join(',', target.Parts).Should().Be("1,2");
        source.Asked.Should().Be(2, "the third item may be begun when the receiver says so");
        pump.Raise(new StreamTotals(3, 1000));
        await target.WaitForAsync(3);
        string.Join(',', target.Parts).Should().Be("1,2,3");
        pump.Raise(Much);
        source.End();
        await taking;
    }

    /// <summary>Gives what it is told to.</summary>
    private sealed class Script : ItemSource
    {
        private readonly Queue<string?> _items = new();
        private TaskCompletionSource<bool>? _waiter;
        private string _current = "";

        /// <summary>How many items were asked for.</summary>
        public int Asked { get; private set; }

        public override void Begin(CancellationToken cancellationToken)
        {
        }

        public override ValueTask<bool> MoveNextAsync()
        {
            Asked++;
            if (_items.TryDequeue(out string? item))
            {
                _current = item ?? "";
                return new ValueTask<bool>(item is not null);
            }

            _waiter = new TaskCompletionSource<bool>();
            return new ValueTask<bool>(_waiter.Task);
        }

        public override void Write(JsonWriter writer) => writer.Raw(Encoding.ASCII.GetBytes(_current));

        public override ValueTask DisposeAsync() => default;

        /// <summary>Makes items; the first one wakes whoever waits.</summary>
        public void Give(params string[] items)
        {
            foreach (string item in items)
            {
                _items.Enqueue(item);
            }

            Wake();
        }

        public void End(params string[] items)
        {
            foreach (string item in items)
            {
                _items.Enqueue(item);
            }

            _items.Enqueue(null);
            Wake();
        }

        private void Wake()
        {
            if (_waiter is { } waiter && _items.TryDequeue(out string? first))
            {
                _waiter = null;
                _current = first ?? "";
                waiter.SetResult(first is not null);
            }
        }
    }

    private sealed class Recorder : PartTarget
    {
        private readonly Tally _items = new("items that have left");

        public List<string> Parts { get; } = [];

        public override bool IsFull => false;

        public override Task WhenRoomAsync() => Task.CompletedTask;

        public override JsonWriter Begin()
        {
            JsonWriter writer = new();
            writer.BeginArray();
            return writer;
        }

        public override void Send(JsonWriter part, StreamTotals sent)
        {
            Parts.Add(Encoding.ASCII.GetString(part.Written).TrimStart('[').Replace(" ", "", StringComparison.Ordinal));
            part.Dispose();
            _items.Add(sent.Items - _items.Value);
        }

        public Task WaitForAsync(int items) => _items.WaitForAsync(items);
    }
}
