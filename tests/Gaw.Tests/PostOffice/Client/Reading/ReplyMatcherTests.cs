using Gaw.PostOffice.Client;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.Tests.PostOffice.Client.Reading;

/// <summary>Which call a reply belongs to, and what the connection is worth afterwards, by table.</summary>
public sealed class ReplyMatcherTests
{
    [Theory]
    [InlineData("Unknown", 1, "Sequential", "false", "a first reply without meta: one call after the other, and the place is free")]
    [InlineData("Sequential", 1, "Sequential", "false", "the only call is answered")]
    [InlineData("Sequential", 2, "Sequential", "", "another call is open")]
    [InlineData("Multiplexed", 1, "Multiplexed", "", "there always was room")]
    public void A_reply_takes_its_call_out_and_says_what_the_server_is(string mode, int open, string then, string released, string because)
    {
        using ReadConnection connection = new(Enum.Parse<ServerMode>(mode));
        ReadConnection.SentCall[] calls = [.. Enumerable.Range(1, open).Select(key => connection.Send(key))];

        connection.Matcher.Take(ReadConnection.IdOf(1)).Should().BeSameAs(calls[0], because);

        connection.Context.Calls.OpenCount.Should().Be(open - 1, because);
        connection.Context.State.Mode.ToString().Should().Be(then, because);
        string.Join(' ', connection.Released.Select(static each => each ? "true" : "false")).Should().Be(released, because);
    }

    [Fact]
    public void A_reply_to_a_call_that_was_given_up_belongs_to_nobody_and_does_no_harm()
    {
        using ReadConnection connection = new();
        connection.Abandon(1);

        connection.Matcher.Take(ReadConnection.IdOf(1)).Should().BeNull();

        connection.Context.State.TakesCalls.Should().BeTrue();
        connection.Context.Calls.Count.Should().Be(0, "no reply can come any more");
    }

    [Theory]
    [InlineData("7000000009", "a call that was never made")]
    [InlineData("8000000001", "the key of an open call behind another prefix")]
    [InlineData("12", "an id that this client cannot have given")]
    [InlineData("", "no id at all")]
    public void A_reply_to_no_call_of_this_client_ends_the_trust_in_the_connection(string id, string because)
    {
        using ReadConnection connection = new();
        connection.Send(1);

        FluentActions.Invoking(() => connection.Matcher.Take(System.Text.Encoding.ASCII.GetBytes(id))).Should().Throw<GawProtocolException>(because).WithMessage("*belongs to no open call*");
    }

    [Fact]
    public void A_second_reply_to_a_call_lets_those_that_have_left_get_theirs_for_a_second()
    {
        using ReadConnection connection = new(ServerMode.Sequential);
        connection.Send(1);
        ReadConnection.SentCall sent = connection.Send(2);
        connection.Matcher.Take(ReadConnection.IdOf(1));

        connection.Matcher.Take(ReadConnection.IdOf(1)).Should().BeNull("the call was answered before");

        connection.Context.State.TakesCalls.Should().BeFalse("no further call is sent on it");
        sent.IsDone.Should().BeFalse("its request has left, and its reply bears its id");
        connection.Matcher.IsOutOfStep(connection.Time.GetTimestamp()).Should().BeFalse("its reply may be on its way");
        connection.Time.Advance(TimeSpan.FromSeconds(1));
        connection.Matcher.IsOutOfStep(connection.Time.GetTimestamp()).Should().BeTrue("its reply was lost in place of the one that came twice");
        connection.Matcher.Take(ReadConnection.IdOf(2)).Should().BeSameAs(sent);
        FluentActions.Invoking(() => connection.Matcher.Take(ReadConnection.IdOf(2))).Should().Throw<GawProtocolException>("nothing is left to wait for");
    }

    [Fact]
    public void Where_replies_carry_no_ids_the_oldest_call_gets_the_next_one_also_when_it_was_given_up()
    {
        using ReadConnection connection = new(hasIds: false);
        connection.Abandon(1);
        ReadConnection.SentCall second = connection.Send(2);

        connection.Matcher.Take(default).Should().BeNull("the oldest was given up");
        connection.Matcher.Take(default).Should().BeSameAs(second);
        FluentActions.Invoking(() => connection.Matcher.Take(default)).Should().Throw<GawProtocolException>("nobody asked");
    }

    [Fact]
    public void A_failure_without_an_id_belongs_to_the_only_open_call()
    {
        using ReadConnection connection = new();
        ReadConnection.SentCall call = connection.Send(1);

        connection.Matcher.TakeFailed(ErrorFrame.NotReadable).Should().BeSameAs(call);

        connection.Matcher.UnreadFrom.Should().Be(long.MaxValue, "the server reads on");
        connection.Context.State.TakesCalls.Should().BeTrue();
    }

    [Fact]
    public void A_frame_that_is_too_large_is_the_last_that_the_server_has_read()
    {
        using ReadConnection connection = new(ServerMode.Multiplexed);
        connection.Send(1);
        ReadConnection.SentCall large = connection.Send(2, bytes: 2000);
        connection.Send(3);

        connection.Matcher.TakeFailed(ErrorFrame.TooLarge(1000)).Should().BeSameAs(large);

        connection.Matcher.UnreadFrom.Should().Be(large.Position.End, "what lies behind has not run");
        connection.Context.State.TakesCalls.Should().BeFalse();
    }

    [Theory]
    [InlineData(0, "nobody asked")]
    [InlineData(2, "it may belong to either")]
    public void A_failure_that_cannot_be_told_to_belong_to_one_call_ends_none(int open, string because)
    {
        using ReadConnection connection = new(ServerMode.Multiplexed);
        for (int key = 1; key <= open; key++)
        {
            connection.Send(key);
        }

        Action matching = () => connection.Matcher.TakeFailed(new ErrorInfo("ValueError", "what?"));

        matching.Should().Throw<GawProtocolException>(because).WithMessage("*cannot be told to belong to one call*");
        connection.Context.Calls.OpenCount.Should().Be(open, because);
    }

    [Fact]
    public void A_refused_signature_that_belongs_to_no_call_is_told_as_one() =>
        FluentActions.Invoking(() =>
        {
            using ReadConnection connection = new();
            connection.Matcher.TakeFailed(ErrorFrame.BadSignature);
        }).Should().Throw<GawAuthenticationException>().WithMessage("*signature verification failed*");
}
