using System.Text.RegularExpressions;
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

namespace Gaw.Tests.JsonWeb.Client;

/// <summary>What one attempt of a call is made of: its id, whom it names, what it asks to be kept, its time.</summary>
public sealed partial class CallAttemptsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ValueSerializer _serializer = new();

    /// <summary>Whether the client has a secret, what is known of the server (its identity, -1 nothing), and whom the request names.</summary>
    [Theory]
    [InlineData(false, -1, null, "without a secret nobody wants to be named")]
    [InlineData(true, -1, "null", "the server has not said its identity yet")]
    [InlineData(true, 0, null, "it wants no name")]
    [InlineData(true, 42, "42", "it has said it")]
    public void A_request_names_the_server_where_there_is_a_secret(bool hasSecret, int identity, string? named, string because)
    {
        ScriptedCarrier server = Serve(identity < 0 ? null : new KnownServer(identity, null));
        Send(server, new JsonWebClientOptions { Secret = hasSecret ? Secret.Generate() : null }, failed: null);
        Member(server, "server").Should().Be(named, because);
    }

    [Theory]
    [InlineData("KeptReplies", false, true, "the server keeps replies, and the client may ask for them")]
    [InlineData("KeptReplies", true, false, "it may run twice, so nobody will ask")]
    [InlineData("NotRun", false, false, "the client never asks")]
    public void A_reply_is_kept_that_somebody_may_ask_for(string when, bool idempotent, bool isKept, string because)
    {
        ScriptedCarrier server = Serve(new KnownServer(0, new ReplyCachePeer(new ReplyCacheInfo(5, 1000), _time)));
        JsonWebCall<object> call = Send(server, new JsonWebClientOptions { RetryWhen = Enum.Parse<RetryWhen>(when) }, failed: null, new CallOptions { Idempotent = idempotent });
        (call.Keep is not null).Should().Be(isKept, because);
        server.Sent.Should().ContainSingle().Which.Contains("\"keep\"", StringComparison.Ordinal).Should().Be(isKept);
    }

    [Fact]
    public void The_question_for_a_reply_has_the_id_of_the_first_attempt_and_the_reserved_path()
    {
        JsonWebClientOptions options = new() { RetryWhen = RetryWhen.KeptReplies, TimeProvider = _time };
        ScriptedCarrier server = Serve(new KnownServer(0, new ReplyCachePeer(new ReplyCacheInfo(5, 1000), _time)));
        JsonWebCall<object> first = Send(server, options, failed: null);
        using ServerPicker servers = new([server], _time);
        RetryState failed = new(options, servers, _time.GetTimestamp(), Timeout.InfiniteTimeSpan, idempotent: false);
        failed.TryGoOn(new GawConnectionException("lost", null, CallExecution.Unknown), first, first.Keep, server, out _).Should().BeTrue();

        Send(server, options, failed).Keep.Should().Be(first.Keep);
        server.Sent.Should().HaveCount(2);
        Id().Match(server.Sent[1]).Value.Should().Be(Id().Match(server.Sent[0]).Value);
        server.Sent[1].Should().Contain(CallTarget.Repeat.Path).And.Contain("\"repeat\": \"a/b\"");
    }

    [Fact]
    public void Two_attempts_of_a_call_have_two_ids()
    {
        ScriptedCarrier server = Serve(known: null);
        CallAttempts attempts = Create(new JsonWebClientOptions());
        JsonWebCall<object> call = Rent(attempts);
        attempts.TrySend(server, call, new BoxedArguments(_serializer.Get<object>(), null, null), null, failed: null).Should().BeTrue();
        attempts.TrySend(server, call, new BoxedArguments(_serializer.Get<object>(), null, null), null, failed: null).Should().BeTrue();
        server.Sent.Select(static sent => Id().Match(sent).Value).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_call_that_finds_no_room_was_not_sent()
    {
        CallAttempts attempts = Create(new JsonWebClientOptions());
        attempts.TrySend(new ScriptedCarrier(), Rent(attempts), new BoxedArguments(_serializer.Get<object>(), null, null), null, failed: null).Should().BeFalse();
    }

    /// <summary>The option, what has passed of it, and what is left: in seconds, -1 without end.</summary>
    [Theory]
    [InlineData(5, 0, 5)]
    [InlineData(5, 3, 2)]
    [InlineData(5, 5, 0)]
    [InlineData(5, 60, 0)]
    [InlineData(-1, 60, -1)]
    public void What_is_left_for_connecting_is_never_negative(int limit, int passed, int left)
    {
        CallAttempts attempts = Create(new JsonWebClientOptions { ConnectTimeout = Seconds(limit) });
        long began = _time.GetTimestamp();
        _time.Advance(Seconds(passed));
        attempts.GetConnectTime(began, failed: null).Should().Be(Seconds(left));
    }

    [GeneratedRegex("\"id\": \\d+")]
    private static partial Regex Id();

    private static TimeSpan Seconds(int seconds) => seconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);

    private static ScriptedCarrier Serve(KnownServer? known) => new() { Route = new ScriptedCarrier.ScriptedRoute { Server = known }, Known = known };

    private static string? Member(ScriptedCarrier server, string name)
    {
        Match match = Regex.Match(server.Sent.Should().ContainSingle().Which, $"\"{name}\": (null|\\d+)");
        return match.Success ? match.Groups[1].Value : null;
    }

    private JsonWebCall<object> Send(ScriptedCarrier server, JsonWebClientOptions options, RetryState? failed, CallOptions? callOptions = null)
    {
        CallAttempts attempts = Create(options);
        JsonWebCall<object> call = Rent(attempts);
        attempts.TrySend(server, call, new BoxedArguments(_serializer.Get<object>(), null, null), callOptions, failed).Should().BeTrue();
        return call;
    }

    private CallAttempts Create(JsonWebClientOptions options) => new(options with { TimeProvider = _time }, new CallIds(_time), _serializer.Limits, _serializer.Get<object>());

    private JsonWebCall<object> Rent(CallAttempts attempts) => attempts.Rent(new CallTarget("a/b"), _serializer.Get<object>(), null, _time.GetTimestamp(), synchronous: true);
}
