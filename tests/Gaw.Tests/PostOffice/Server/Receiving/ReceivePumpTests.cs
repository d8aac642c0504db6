using System.Net.Sockets;
using System.Text;
using Gaw.PostOffice;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice.Server.Receiving;

/// <summary>How bytes come from the socket to the frames: waiting, ahead, to the end, and what is left of them when a stop begins.</summary>
public sealed class ReceivePumpTests : IDisposable
{
    private readonly SocketPair _sockets = SocketPair.Create();
    private readonly PostOfficeServer _server = new("127.0.0.1", 0, static (message, _) => ValueTask.FromResult(message));
    private readonly FrameSource _frames = new(new PostOfficeServerOptions(), PlainFrameProtector.Instance, new FrameBudget(1 << 30));
    private readonly ReceivePump _pump;

    public ReceivePumpTests() => _pump = new ReceivePump(_sockets.Transport, _frames, _server);

    [Fact]
    public async Task Bytes_that_come_are_given_to_the_frames()
    {
        _sockets.Send("2\n{}"u8);
        await ReceiveAsync(4);

        _frames.TryNext(out Memory<byte> document, out _).Should().Be(FrameSourceStatus.Document);
        Encoding.UTF8.GetString(document.Span).Should().Be("{}");
        _pump.HasEnded.Should().BeFalse();
    }

    [Fact]
    public async Task A_wait_for_the_peer_is_shown_to_other_threads()
    {
        Task receiving = _pump.ReceiveAsync().AsTask();
        _frames.Snapshot.AwaitsBytes.Should().BeTrue("nothing has come");

        _sockets.Send("2"u8);
        await Within(receiving);
        _frames.Snapshot.AwaitsBytes.Should().BeFalse();
    }

    [Fact]
    public async Task The_end_of_the_stream_is_the_end_of_the_pump()
    {
        _sockets.Peer.Shutdown(SocketShutdown.Send);
        await Within(_pump.ReceiveAsync().AsTask());

        _pump.HasEnded.Should().BeTrue();
        _frames.Snapshot.AwaitsBytes.Should().BeFalse();
    }

    [Fact]
    public async Task While_a_message_in_order_runs_bytes_are_received_ahead_until_it_is_answered()
    {
        TaskCompletionSource replied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task ahead = _pump.ReceiveAheadAsync(replied.Task).AsTask();
        _sockets.Send("2\n{}"u8);
        await Eventually.BecomesTrueAsync(() => _frames.Snapshot.BufferedBytes == 4);
        ahead.IsCompleted.Should().BeFalse("the message is not answered yet");

        replied.SetResult();
        await Within(ahead);

        // The receive that was begun ahead is the next one: no byte is lost, none comes twice.
        _sockets.Send("2\n[]"u8);
        await ReceiveAsync(8);
        _frames.TryNext(out _, out _).Should().Be(FrameSourceStatus.Document);
        _frames.TryNext(out Memory<byte> second, out _).Should().Be(FrameSourceStatus.Document);
        Encoding.UTF8.GetString(second.Span).Should().Be("[]");
    }

    [Fact]
    public async Task The_end_of_the_stream_is_met_while_a_message_in_order_runs()
    {
        TaskCompletionSource replied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task ahead = _pump.ReceiveAheadAsync(replied.Task).AsTask();
        _sockets.Peer.Shutdown(SocketShutdown.Send);
        await Eventually.BecomesTrueAsync(() => _pump.HasEnded);
        ahead.IsCompleted.Should().BeFalse("the peer may still read its reply");

        replied.SetResult();
        await Within(ahead);
    }

    [Fact]
    public async Task No_more_than_64_KiB_are_received_ahead_then_the_peer_has_to_wait()
    {
        const int Most = 64 * 1024;
        TaskCompletionSource replied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sockets.Send(Encoding.ASCII.GetBytes($"{2 * Most}\n" + new string(' ', Most)));
        Task ahead = _pump.ReceiveAheadAsync(replied.Task).AsTask();
        await Eventually.BecomesTrueAsync(() => _frames.Snapshot.BufferedBytes >= Most);
        int held = _frames.Snapshot.BufferedBytes;

        _sockets.Send("more"u8);
        await Eventually.BecomesTrueAsync(() => _sockets.Transport.Available >= 4);
        _frames.Snapshot.BufferedBytes.Should().Be(held, "nothing is received beyond that");
        replied.SetResult();
        await Within(ahead);
    }

    [Fact]
    public async Task What_had_come_when_a_stop_began_is_known_to_be_read()
    {
        _sockets.Send("2\n{}"u8);
        await Eventually.BecomesTrueAsync(() => _sockets.Transport.Available == 4);
        _pump.GetBacklog().Should().Be(Backlog.Left);

        await ReceiveAsync(4);
        _pump.GetBacklog().Should().Be(Backlog.Read);

        _sockets.Send("2\n{}"u8);
        await Eventually.BecomesTrueAsync(() => _sockets.Transport.Available == 4);
        _pump.GetBacklog().Should().Be(Backlog.Read, "it came after the stop had begun");
    }

    [Fact]
    public async Task A_receive_that_was_begun_ahead_ends_with_the_socket_before_the_buffer_is_given_back()
    {
        TaskCompletionSource replied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task ahead = _pump.ReceiveAheadAsync(replied.Task).AsTask();
        replied.SetResult();
        await Within(ahead);
        Task idle = _pump.WhenIdleAsync().AsTask();
        idle.IsCompleted.Should().BeFalse("it may still write into the buffer");

        _sockets.Peer.Dispose();
        await Within(idle);
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _frames.Dispose();
    }

    /// <summary>Receives until the frames hold so many bytes.</summary>
    private async Task ReceiveAsync(int bytes)
    {
        while (_frames.BufferedBytes < bytes)
        {
            await Within(_pump.ReceiveAsync().AsTask());
        }
    }

    private static Task Within(Task task) => task.WithinAsync(TestTimeouts.Limit, static () => "the receive did not end.");
}
