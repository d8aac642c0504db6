using System.Net;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Client.Retries;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb.Client;

/// <summary>Whether a call is sent again, and after which pause, by table.</summary>
public sealed class RetryPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("NotRun", false, -1, 0, true, "it cannot have run")]
    [InlineData("Unknown", false, -1, 0, false, "it may have run, and its caller has not said that it may run twice")]
    [InlineData("Unknown", true, -1, 0, true, "its caller has said so")]
    [InlineData("Ran", true, -1, 0, true, "its reply was lost")]
    [InlineData("NotRun", true, 0, 0, false, "no attempt is to be repeated")]
    [InlineData("NotRun", false, 1, 0, true, "one repetition is allowed")]
    [InlineData("NotRun", false, -1, 5, false, "connecting has taken its time")]
    [InlineData("Unknown", true, -1, 5, true, "it was connected, so the time for connecting begins again")]
    [InlineData("Unknown", true, -1, 10, false, "the call's deadline is over")]
    public void A_call_is_sent_again_where_it_cannot_do_harm_and_there_is_time(string execution, bool mayBeSentAgain, int retries, int seconds, bool isRepeated, string because)
    {
        RetryPolicy policy = Create(retries);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        policy.TryGetPause(Failure(execution), mayBeSentAgain, out _).Should().Be(isRepeated, because);
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(3, 400)]
    [InlineData(6, 3200)]
    [InlineData(7, 5000)]
    [InlineData(40, 5000)]
    public void Pauses_double_with_each_failure_up_to_five_seconds(int failures, int most)
    {
        for (int round = 0; round < 50; round++)
        {
            RetryPolicy policy = new(new JsonWebClientOptions { TimeProvider = _time, ConnectTimeout = Timeout.InfiniteTimeSpan }, _time.GetTimestamp(), Timeout.InfiniteTimeSpan);
            TimeSpan pause = default;
            for (int i = 0; i < failures; i++)
            {
                policy.TryGetPause(Failure("NotRun"), mayBeSentAgain: false, out pause).Should().BeTrue();
            }

            pause.Should().BeGreaterThanOrEqualTo(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromMilliseconds(most));
        }
    }

    [Fact]
    public void As_many_attempts_are_repeated_as_the_options_say()
    {
        RetryPolicy policy = Create(retries: 2);
        policy.TryGetPause(Failure("NotRun"), mayBeSentAgain: false, out _).Should().BeTrue();
        policy.TryGetPause(Failure("NotRun"), mayBeSentAgain: false, out _).Should().BeTrue();
        policy.TryGetPause(Failure("NotRun"), mayBeSentAgain: false, out _).Should().BeFalse();
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void The_deadline_is_over_when_its_time_has_passed(int seconds, bool isOver)
    {
        RetryPolicy policy = Create(retries: -1);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        policy.IsOver(_time.GetTimestamp()).Should().Be(isOver);
    }

    private static GawConnectionException Failure(string execution) => new("lost", new IPEndPoint(IPAddress.Loopback, 1), Enum.Parse<CallExecution>(execution));

    /// <summary>A call of ten seconds, five of them for connecting.</summary>
    private RetryPolicy Create(int retries) =>
        new(new JsonWebClientOptions { TimeProvider = _time, ConnectTimeout = TimeSpan.FromSeconds(5), Retries = retries }, _time.GetTimestamp(), TimeSpan.FromSeconds(10));
}
