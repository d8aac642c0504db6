using Gaw.PostOffice;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Client.Matching;
using Gaw.Tests.PostOffice.Client.Reading;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.PostOffice.Client;

/// <summary>The table of the calls of one connection: who is in it, who may still be answered, and what was answered before.</summary>
public sealed class PendingCallsTests
{
    private readonly PendingCalls _calls = new();

    [Fact]
    public void A_key_that_has_come_round_is_not_given_to_two_open_calls()
    {
        Add(1);
        _calls.TryAdd(new ReadConnection.SentCall(1)).Should().BeFalse();
        _calls.Count.Should().Be(1);
    }

    [Theory]
    [InlineData(0, 0, "None", "nothing can come")]
    [InlineData(1, 0, "OneSynchronous", "its caller may read for itself")]
    [InlineData(2, 0, "Others", "one reads for both")]
    [InlineData(0, 1, "Others", "the reply to a call that was given up has to be read as well")]
    public void The_waiting_calls_say_who_may_read(int open, int abandoned, string waiting, string because)
    {
        for (int key = 1; key <= open + abandoned; key++)
        {
            PendingCall call = Add(key);
            if (key > open)
            {
                _calls.Abandon(call);
            }
        }

        _calls.Waiting.Should().Be(Enum.Parse<OpenCalls>(waiting), because);
    }

    [Fact]
    public void A_call_that_was_given_up_counts_until_its_reply_comes()
    {
        PendingCall call = Add(1, bytes: 100);
        _calls.Abandon(call).Should().BeTrue();
        _calls.Abandon(call).Should().BeFalse("it is not open any more");
        (_calls.OpenCount, _calls.AbandonedCount, _calls.Count, _calls.InFlightBytes).Should().Be((0, 1, 1, 100));

        _calls.Take(ReadConnection.IdOf(1), out PendingCall? taken).Should().Be(ReplyOf.AbandonedCall);

        taken.Should().BeNull();
        (_calls.AbandonedCount, _calls.Count, _calls.InFlightBytes).Should().Be((0, 0, 0));
    }

    [Theory]
    [InlineData(63, "RepliedCall", "it is remembered")]
    [InlineData(64, "Nobody", "it was too long ago to be told from one that was never made")]
    public void A_second_reply_is_told_from_one_to_no_call_for_64_replies(int later, string whose, string because)
    {
        Add(1);
        _calls.Take(ReadConnection.IdOf(1), out _).Should().Be(ReplyOf.OpenCall);
        for (int key = 2; key < 2 + later; key++)
        {
            Add(key);
            _calls.Take(ReadConnection.IdOf(key), out _).Should().Be(ReplyOf.OpenCall);
        }

        _calls.Take(ReadConnection.IdOf(1), out _).ToString().Should().Be(whose, because);
    }

    [Theory]
    [InlineData(500, "", "neither is over")]
    [InlineData(1000, "1", "the deadline of one is over")]
    [InlineData(9000, "1 2", "those of both are over; the third has none")]
    public void Calls_whose_deadline_is_over_are_taken_out(int milliseconds, string expired, string because)
    {
        FakeTimeProvider time = new();
        int[] seconds = [1, 2, -1];
        for (int key = 1; key <= 3; key++)
        {
            Add(key, timeout: seconds[key - 1] < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds[key - 1])).Began = time.GetTimestamp();
        }

        time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        string.Join(' ', _calls.TakeExpired(time, time.GetTimestamp()).Select(static call => call.Key).Order()).Should().Be(expired, because);
    }

    [Theory]
    [InlineData(0, "1 2 3", "nothing has left")]
    [InlineData(100, "2 3", "the first has left whole")]
    [InlineData(150, "2 3", "half of the second has left")]
    [InlineData(200, "3", "the third is not queued yet")]
    public void Calls_behind_a_position_of_the_stream_are_taken_out(long position, string taken, string because)
    {
        Add(1, bytes: 100).Position.End = 100;
        Add(2, bytes: 100).Position.End = 200;
        Add(3, bytes: 100);

        string.Join(' ', _calls.TakeBehind(position).Select(static call => call.Key).Order()).Should().Be(taken, because);
        _calls.Count.Should().Be(3 - taken.Split(' ').Length, because);
    }

    private ReadConnection.SentCall Add(int key, int bytes = 10, TimeSpan? timeout = null)
    {
        ReadConnection.SentCall call = new(key) { Limit = timeout ?? Timeout.InfiniteTimeSpan };
        call.Position.Reset(bytes);
        _calls.TryAdd(call).Should().BeTrue();
        return call;
    }
}
