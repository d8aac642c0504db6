using Gaw.PostOffice;
using Gaw.PostOffice.Server.Watching;

namespace Gaw.Tests.PostOffice.Server.Watching;

/// <summary>Who is slow, by table: what is seen of a connection at each tick, and when it is cut off.</summary>
public sealed class SlowPeerDetectorTests
{
    private static readonly TimeSpan Tick = ConnectionWatch.Tick;

    private static readonly SlowPeerDetector.PeerSnapshot Quiet = new(
        AwaitsBytes: true, FramesTaken: 0, BufferedBytes: 0, HasLengthLine: false, PendingReplyBytes: 0, SentBytes: 0, Running: false);

    private static readonly PostOfficeServerOptions Defaults = new();

    [Fact]
    public void Who_says_nothing_at_all_is_cut_off_after_thirty_seconds() =>
        CutAfter(_ => Quiet).Should().Be((30.5, "nothing came in the first 30 s"));

    [Fact]
    public void Who_has_called_once_may_be_silent_for_ever() =>
        CutAfter(second => Quiet with { FramesTaken = second < 1 ? 0 : 1 }).Should().BeNull();

    [Fact]
    public void Who_waits_for_an_answer_may_be_silent_for_ever() =>
        CutAfter(_ => Quiet with { Running = true }, Defaults with { IdleTimeout = TimeSpan.FromSeconds(1) }).Should().BeNull();

    [Fact]
    public void What_the_server_does_not_wait_for_is_not_counted() =>
        CutAfter(_ => Quiet with { AwaitsBytes = false, BufferedBytes = 3 }, Defaults with { IdleTimeout = TimeSpan.FromSeconds(1) }).Should().BeNull();

    [Fact]
    public void A_length_line_has_ten_seconds_from_its_first_digit() =>
        CutAfter(second => Quiet with { BufferedBytes = second < 20 ? 0 : 1 }).Should().Be((30.0, "a length line was not there after 10 s"));

    [Fact]
    public void A_length_line_in_drips_has_ten_seconds_too() =>
        CutAfter(second => Quiet with { BufferedBytes = 1 + (int)second }).Should().Be((10.5, "a length line was not there after 10 s"));

    [Theory]
    [InlineData(0, 5.5)] // The payload never comes.
    [InlineData(1, 5.5)]
    [InlineData(100, 9)] // 240 x (9 - 5) is more than 900.
    [InlineData(200, 30.5)]
    public void A_payload_has_to_come_with_240_bytes_a_second_after_five_seconds(int bytesPerSecond, double cut) =>
        CutAfter(second => Begun(10 + (int)(bytesPerSecond * second))).Should().Be((cut, "a frame came with less than 240 bytes a second"));

    [Fact]
    public void Who_took_its_time_for_the_length_line_still_has_all_of_the_five_seconds() =>
        CutAfter(second => Quiet with { BufferedBytes = second < 9 ? 1 : 10, HasLengthLine = second >= 9 })!.Value.Seconds.Should().BeInRange(14, 14.5);

    [Fact]
    public void A_payload_of_240_bytes_a_second_has_until_FrameTimeout()
    {
        CutAfter(second => Begun(10 + (int)(240 * second))).Should().Be((300.5, "a frame was not there whole after FrameTimeout (5 min)"));
        CutAfter(second => Begun(10 + (int)(240 * second)), Defaults with { FrameTimeout = TimeSpan.FromSeconds(20) })
            .Should().Be((20.5, "a frame was not there whole after FrameTimeout (20 s)"));
        CutAfter(second => Begun(10 + (int)(240 * second)), Defaults with { FrameTimeout = Timeout.InfiniteTimeSpan }).Should().BeNull();
    }

    [Fact]
    public void One_frame_after_the_other_is_not_one_slow_frame() =>
        CutAfter(second => Begun(10) with { FramesTaken = (int)(second / 4) }).Should().BeNull("each took four seconds");

    [Fact]
    public void IdleTimeout_counts_from_the_last_call()
    {
        PostOfficeServerOptions options = Defaults with { IdleTimeout = TimeSpan.FromSeconds(3) };
        CutAfter(second => Quiet with { FramesTaken = second < 10 ? (int)(second / 2) : 5 }, options).Should().Be((13.5, "no call came for IdleTimeout (3 s)"));
        CutAfter(second => Quiet with { FramesTaken = 1, Running = second < 20 }, options).Should().Be((23.0, "no call came for IdleTimeout (3 s)"));
    }

    [Fact]
    public void Who_does_not_read_is_cut_off_ten_seconds_after_the_last_byte_it_took()
    {
        CutAfter(second => Quiet with { AwaitsBytes = false, PendingReplyBytes = 1000, SentBytes = 50 }).Should().Be((11.0, "it has not read its answers for 10 s"));
        CutAfter(second => Quiet with { AwaitsBytes = false, PendingReplyBytes = 1000, SentBytes = Math.Min((long)second, 20) })
            .Should().Be((30.5, "it has not read its answers for 10 s"));
    }

    [Fact]
    public void Who_reads_a_byte_now_and_then_reads() =>
        CutAfter(second => Quiet with { FramesTaken = 1, PendingReplyBytes = 1000, SentBytes = (long)(second / 9) }).Should().BeNull();

    [Fact]
    public void Several_answers_read_late_are_not_one_never_read() =>
        CutAfter(second => Quiet with { FramesTaken = 1, PendingReplyBytes = (int)second % 8 == 0 ? 0 : 1000, SentBytes = (long)(second / 8) }).Should().BeNull();

    /// <summary>A frame of which these bytes are there, its length line included.</summary>
    private static SlowPeerDetector.PeerSnapshot Begun(int bytes) => Quiet with { BufferedBytes = bytes, HasLengthLine = true };

    /// <summary>Looks at the connection every half second for half an hour.</summary>
    /// <param name="sight">What is seen after so many seconds.</param>
    private static (double Seconds, string Reason)? CutAfter(Func<double, SlowPeerDetector.PeerSnapshot> sight, PostOfficeServerOptions? options = null)
    {
        SlowPeerDetector pace = default;
        for (int tick = 1; tick <= 3600; tick++)
        {
            double seconds = tick * Tick.TotalSeconds;
            if (pace.Judge(sight(seconds), Tick, options ?? Defaults) is { } reason)
            {
                return (seconds, reason);
            }
        }

        return null;
    }
}
