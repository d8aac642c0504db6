using Gaw.JsonWeb.Client.Retries;

namespace Gaw.Tests.JsonWeb.Client.Retries;

/// <summary>What a call fails with that had several attempts: what is known of the one that may have run is never lost.</summary>
public sealed class CallFailureTests
{
    private static readonly GawConnectionException Lost = new("lost.", null, CallExecution.Unknown);
    private static readonly GawConnectionException NotRun = new("refused.", null, CallExecution.NotRun);

    /// <summary>The last failure, whether a server was asked for the reply, and what the call fails with.</summary>
    public static TheoryData<Exception, bool, string?> Failures => new()
    {
        { NotRun, false, "GawConnectionException: refused. Before that: lost." },
        { NotRun, true, "GawConnectionException: refused. Before that: lost." },
        { Lost, false, null },
        { Lost, true, null },
        { new GawConnectionException("again.", null, CallExecution.Unknown), false, null },
        { new GawConnectionException("again.", null, CallExecution.Unknown), true, "GawConnectionException: again. Before that: lost." },
        { new GawProtocolException("a stranger."), false, "GawConnectionException: a stranger. Before that: lost." },
        { new TimeoutException("over."), false, "TimeoutException: over. It had been sent before: lost." },
        { new CannotAskException(new GawSerializationException("too long.")), true, "GawConnectionException: lost. The server was asked for its reply, in vain: too long." },
        { new GawRemoteException("a/b", "ReplyNotKept", "gone", null), true, "GawConnectionException: lost. The server was asked for its reply, in vain: gone" },
        { new GawRemoteException("a/b", "ReplyNotKept", "gone", null), false, null },
        { new GawRemoteException("a/b", "ValueError", "its own failure", null), true, null },
        { new InvalidOperationException("other"), true, null },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void The_last_failure_and_the_one_that_may_have_run_are_both_told(Exception last, bool asked, string? told)
    {
        Exception? explained = new CallFailure(Lost, asked, wantsKeptReplies: false).Explain(last);
        (explained is null ? null : $"{explained.GetType().Name}: {explained.Message}").Should().Be(told);
    }

    [Fact]
    public void What_may_have_run_still_may_after_an_attempt_that_has_not()
    {
        new CallFailure(Lost, asked: false, wantsKeptReplies: false).Explain(NotRun).Should().BeOfType<GawConnectionException>().Which.Execution.Should().Be(CallExecution.Unknown);
        new CallFailure(Lost, asked: false, wantsKeptReplies: false).Explain(new TimeoutException("over.")).Should().BeOfType<TimeoutException>().Which.InnerException.Should().BeSameAs(Lost);
    }

    [Fact]
    public void A_first_failure_says_all_by_itself() => new CallFailure(null, asked: false, wantsKeptReplies: true).Explain(Lost).Should().BeNull();

    [Fact]
    public void Who_relies_on_kept_replies_is_told_that_no_server_keeps_any() =>
        new CallFailure(Lost, asked: false, wantsKeptReplies: true).Explain(Lost)!.Message.Should().Contain("RetryWhen.KeptReplies").And.StartWith("lost.");
}
