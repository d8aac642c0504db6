using Gaw.PostOffice;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server;
using Gaw.PostOffice.Server.Admission;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.Shared;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.PostOffice.Server.Admission;

/// <summary>Which queued messages begin, which are dropped, and with which words. Of the two exactly one happens to each.</summary>
public sealed class AdmissionQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SocketPair _sockets = SocketPair.Create();
    private readonly RunningMessages _running = new();
    private readonly PeerPresence _peer = new(NullLogger.Instance);
    private readonly PostOfficeServer _server;
    private readonly FrameSource _frames;
    private readonly ReplyQueue _replies;
    private readonly AdmissionQueue _queue;

    public AdmissionQueueTests()
    {
        _server = new PostOfficeServer("127.0.0.1", 0, static (message, _) => ValueTask.FromResult(message), new PostOfficeServerOptions { MaxConcurrentCalls = 1, TimeProvider = _time });
        _frames = new FrameSource(_server.Options, PlainFrameProtector.Instance, new FrameBudget(1 << 20));
        _replies = new ReplyQueue(_sockets.Transport, PlainFrameProtector.Instance, announce: null, 1 << 20, static () => { });
        MessageRunner runner = new(_server, null, _replies, _running, new ConnectionDrain(_sockets.Transport, _frames, _replies, _running), _peer, static () => { });
        _queue = runner.Queued;
    }

    [Fact]
    public void There_are_as_many_places_as_the_server_has_and_questions_about_the_server_need_none()
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        _queue.TryAdmit(new Message()).Should().BeFalse("the place is taken");
        _queue.TryAdmit(new Message { Asks = true }).Should().BeTrue();

        _queue.LeaveSlot();
        _queue.TryAdmit(new Message()).Should().BeTrue();
    }

    [Fact]
    public async Task A_message_begins_with_the_place_that_another_gives_back_the_longest_waiting_first()
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        Message first = Enqueue(new Message());
        Message second = Enqueue(new Message());
        _queue.Count.Should().Be(2);
        first.Ended.IsCompleted.Should().BeFalse("the only place is taken");

        _queue.LeaveSlot();
        (await EndOf(first)).Should().BeNull("it has run");
        (await EndOf(second)).Should().BeNull("the first has given the place on");
        second.Number.Should().BeNull();
        first.Turn.Should().BeLessThan(second.Turn);
        await Eventually.BecomesTrueAsync(() => _queue.Count == 0 && _running.Count == 0);
    }

    [Theory]
    [InlineData("present", 0, false, false, null, "nothing has happened")]
    [InlineData("present", 10, false, false, "TimeoutException", "its caller waits no longer")]
    [InlineData("left", 0, false, false, "OperationCanceledException", "its peer is gone")]
    [InlineData("left", 0, true, false, null, "a peer of messages in order may still read the reply")]
    [InlineData("lost", 0, true, false, "OperationCanceledException", "the connection is cut off")]
    [InlineData("lost", 0, false, true, null, "the peer may come back for the reply")]
    [InlineData("lost", 10, false, true, "TimeoutException", "the peer may come back, but not for this")]
    public async Task A_message_whose_turn_has_come_runs_only_if_somebody_still_wants_it(string peer, int seconds, bool inOrder, bool outlives, string? reason, string because)
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        Message message = Enqueue(new Message(inOrder) { Outlives = outlives, EndsAt = _time.GetTimestamp() + (10 * _time.TimestampFrequency) });
        if (peer == "left")
        {
            _peer.Leave();
        }
        else if (peer == "lost")
        {
            _peer.Lose();
        }

        _time.Advance(TimeSpan.FromSeconds(seconds));
        _queue.LeaveSlot();

        ((await EndOf(message))?.Name).Should().Be(reason, because);
        await Eventually.BecomesTrueAsync(() => _queue.TryAdmit(new Message()));
    }

    [Fact]
    public async Task A_message_that_comes_as_the_connection_is_cut_off_is_not_kept()
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        _peer.Lose();

        Message message = Enqueue(new Message());

        (await EndOf(message)).Should().Be(ErrorFrame.LostBefore);
        _queue.Count.Should().Be(0);
    }

    [Fact]
    public async Task A_withdrawn_message_is_answered_at_once_and_never_runs()
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        Message message = Enqueue(new Message { Id = 7 });

        _queue.TryWithdraw(8).Should().BeFalse("there is no such message");
        _queue.TryWithdraw(7).Should().BeTrue();

        (await EndOf(message)).Should().Be(ErrorFrame.CancelledBefore);
        _queue.TryWithdraw(7).Should().BeFalse("it has ended");
    }

    [Fact]
    public async Task A_message_that_has_begun_is_marked_when_it_is_withdrawn()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Message message = new() { Id = 7, Gate = gate.Task };
        _queue.TryAdmit(message).Should().BeTrue();
        Enqueue(message, isAdmitted: true);
        await message.Begun.WithinAsync(TestTimeouts.Limit, static () => "the message did not begin.");

        _queue.TryWithdraw(7).Should().BeFalse("it runs");

        message.IsWithdrawn.Should().BeTrue();
        gate.SetResult();
        (await EndOf(message)).Should().BeNull();
    }

    [Fact]
    public async Task Overdue_messages_are_answered_before_their_turn_and_the_others_wait_on()
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        Message overdue = Enqueue(new Message { EndsAt = _time.GetTimestamp() + _time.TimestampFrequency });
        Message patient = Enqueue(new Message());
        _queue.DropOverdue();
        overdue.Ended.IsCompleted.Should().BeFalse("its time is not over");

        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.DropOverdue();

        (await EndOf(overdue)).Should().Be(ErrorFrame.OverdueBefore);
        patient.Ended.IsCompleted.Should().BeFalse();
        _queue.LeaveSlot();
        (await EndOf(patient)).Should().BeNull();
    }

    [Fact]
    public async Task Messages_of_four_MiB_fill_the_queue_until_one_leaves_it()
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        Enqueue(new Message(), bytes: 3 << 20);
        _queue.HasRoom.Should().BeTrue();
        Enqueue(new Message(), bytes: 1 << 20);
        _queue.HasRoom.Should().BeFalse();
        Task room = _queue.WhenRoomAsync();
        room.IsCompleted.Should().BeFalse();

        _queue.Drop(ErrorFrame.StoppedBefore, static held => held.Bytes > 2 << 20);

        await room.WithinAsync(TestTimeouts.Limit, static () => "no room came.");
        _queue.HasRoom.Should().BeTrue();
        _queue.Count.Should().Be(1, "only those that were meant are dropped");
    }

    [Fact]
    public async Task Nobody_waits_for_room_in_a_queue_that_is_closed()
    {
        _queue.TryAdmit(new Message()).Should().BeTrue();
        Enqueue(new Message(), bytes: 5 << 20);
        Task room = _queue.WhenRoomAsync();

        _queue.Close();

        await room.WithinAsync(TestTimeouts.Limit, static () => "the wait for room did not end.");
        _queue.WhenRoomAsync().IsCompleted.Should().BeTrue();
    }

    public void Dispose()
    {
        _replies.Dispose();
        _frames.Dispose();
        _sockets.Dispose();
    }

    /// <returns>Why it was not run; <see langword="null"/>: it was.</returns>
    private static Task<ErrorInfo?> EndOf(Message message) => message.Ended.WithinAsync(TestTimeouts.Limit, static () => "the message did not end.");

    private Message Enqueue(Message message, int bytes = 100, bool isAdmitted = false)
    {
        _running.Enter(message.InOrder);
        _queue.Enqueue(message, bytes, isAdmitted);
        return message;
    }

    /// <summary>Remembers how it has ended.</summary>
    private sealed class Message : InboundMessage
    {
        private readonly TaskCompletionSource<ErrorInfo?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private static int _turns;

        public Message(bool inOrder = false) => InOrder = inOrder;

        public override bool IsControl => Asks;

        public override UInt128? Number => Id;

        public override long Deadline => EndsAt;

        public override bool OutlivesConnection => Outlives;

        /// <summary>Nothing is asked of it: no message here waits for a stop.</summary>
        public override ReplyChannel Channel => null!;

        public bool Asks { get; init; }

        public bool Outlives { get; init; }

        public UInt128? Id { get; init; }

        public long EndsAt { get; init; } = long.MaxValue;

        public Task Gate { get; init; } = Task.CompletedTask;

        public int Turn { get; private set; }

        public Task Begun => _begun.Task;

        public Task<ErrorInfo?> Ended => _ended.Task;

        public override async ValueTask ProcessAsync()
        {
            Turn = Interlocked.Increment(ref _turns);
            _begun.SetResult();
            await Gate;
            _ended.SetResult(null);
        }

        public override void Abandon(ErrorInfo reason) => _ended.SetResult(reason);
    }
}
