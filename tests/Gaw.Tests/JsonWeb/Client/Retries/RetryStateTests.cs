using System.Security.Authentication;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Client.Retries;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.Serialization;
using Gaw.Shared;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb.Client.Retries;

/// <summary>What becomes of a call after each of its failures.</summary>
public sealed class RetryStateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedCarrier _one = new("10.0.0.1");
    private readonly ScriptedCarrier _other = new("10.0.0.2");
    private readonly ServerPicker _servers;
    private readonly JsonWebCall<object> _call;

    public RetryStateTests()
    {
        ValueSerializer serializer = new();
        _servers = new ServerPicker([_one, _other], _time);
        _call = JsonWebCall<object>.Rent(new CallTarget("a/b"), serializer.Get<object>(), serializer.Limits, new CallIds(_time), Timeout.InfiniteTimeSpan, 0, synchronous: true);
        (_call.IdPrefix, _call.Key) = ("12345"u8.ToArray(), 7);
    }

    /// <summary>What is known of the failed attempt, what the caller allows, and whether there is another.</summary>
    [Theory]
    [InlineData("NotRun", "NotRun", false, true, "it cannot have run")]
    [InlineData("Unknown", "NotRun", false, false, "it may have run")]
    [InlineData("Unknown", "NotRun", true, true, "it may run twice")]
    [InlineData("Unknown", "AnyFailure", false, true, "the client's calls may all run twice")]
    [InlineData("Unknown", "KeptReplies", false, false, "no server is known to keep its reply")]
    public void A_call_is_tried_again_where_that_does_no_harm(string execution, string when, bool idempotent, bool goesOn, string because)
    {
        RetryState state = Create(Enum.Parse<RetryWhen>(when), idempotent);
        _servers.Failed(_other);
        state.TryGoOn(Failure(execution), _call, keep: null, _one, out _).Should().Be(goesOn, because);
        state.Attempts.Should().Be(1);
    }

    [Fact]
    public void A_call_whose_reply_is_kept_becomes_the_question_for_it_at_the_same_server()
    {
        RetryState state = Create(RetryWhen.KeptReplies);
        ReplyCacheKey keep = new(Server: 5, SentMs: 17);
        state.TryGoOn(Failure("Unknown"), _call, keep, _one, out _).Should().BeTrue();
        state.Server.Should().BeSameAs(_one);
        state.Kept.Should().Be((_call.IdPrefix, 7, keep));
        state.LastSent.Should().NotBeNull("the time for connecting begins again");

        // The question is lost in turn: it says nothing of the call.
        (_call.IdPrefix, _call.Key) = ("99999"u8.ToArray(), 8);
        state.TryGoOn(Failure("Ran"), _call, new ReplyCacheKey(6, 18), _other, out _).Should().BeTrue();
        state.Kept!.Value.Key.Should().Be(7);
        state.Server.Should().BeSameAs(_one);
    }

    [Fact]
    public void Another_server_is_tried_at_once_and_without_a_pause()
    {
        RetryState state = Create(RetryWhen.NotRun);
        state.TryGoOn(Failure("NotRun"), _call, keep: null, _one, out TimeSpan pause).Should().BeTrue();
        pause.Should().Be(TimeSpan.Zero);
        state.TryGoElsewhere(new GawProtocolException("A stranger answers."), _other).Should().BeFalse("there is no third");
        state.ConcludeDisposed().Message.Should().Contain("disposed").And.Contain("A stranger answers.");
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_is_not_tried_again()
    {
        RetryState state = Create(RetryWhen.AnyFailure);
        _servers.Failed(_other);
        state.TryGoOn(new GawConnectionException("not trusted", null, CallExecution.NotRun, new AuthenticationException()), _call, keep: null, _one, out _).Should().BeFalse();
    }

    [Fact]
    public void When_the_time_is_over_the_call_ends_with_what_is_known_of_it()
    {
        RetryState state = Create(RetryWhen.AnyFailure);
        _servers.Failed(_other);
        state.TryGoOn(Failure("Unknown"), _call, keep: null, _one, out _).Should().BeTrue();
        state.TryGoOn(Failure("NotRun"), _call, keep: null, _one, out _).Should().BeTrue();
        state.ThrowIfOver(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(10));
        state.Invoking(s => s.ThrowIfOver(_time.GetTimestamp())).Should().Throw<GawConnectionException>().Which.Execution.Should().Be(CallExecution.Unknown, "the first attempt may have run");
    }

    public void Dispose() => _servers.Dispose();

    private RetryState Create(RetryWhen when, bool idempotent = false) =>
        new(new JsonWebClientOptions { TimeProvider = _time, RetryWhen = when, ConnectTimeout = Timeout.InfiniteTimeSpan }, _servers, _time.GetTimestamp(), TimeSpan.FromSeconds(10), idempotent);

    private static GawConnectionException Failure(string execution) => new("lost", null, Enum.Parse<CallExecution>(execution));
}
