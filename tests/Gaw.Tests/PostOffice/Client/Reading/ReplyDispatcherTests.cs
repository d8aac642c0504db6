using Gaw.PostOffice.Client;

namespace Gaw.Tests.PostOffice.Client.Reading;

/// <summary>What each kind of reply does to its call and to the connection, by table.</summary>
public sealed class ReplyDispatcherTests
{
    private const string Usual = """{"succ": true, "data": {"_v": {"resp_to": 7000000001, "success": true, "payload": 3}, "_t": "ResponseDataType"}}""";

    [Theory]
    [InlineData(Usual, null, true, "a result")]
    [InlineData("""{"succ": true, "data": DOC, "meta": {"stopping": true}}""", "has not run", false, "the server stops, and has not run it")]
    [InlineData("""{"succ": true, "data": DOC, "meta": {"busy": true}}""", "has not run", true, "the server has no place for it")]
    [InlineData("""{"succ": false, "data": {"name": "ValueError", "message": "not JSON", "trace": ""}, "name": "ValueError", "message": "not JSON", "trace": ""}""", "not JSON", true, "the request could not be read")]
    public void A_reply_ends_its_call(string frame, string? error, bool takesCalls, string because)
    {
        using ReadConnection connection = new();
        ReadConnection.SentCall call = connection.Send(1);

        connection.Reply(Fill(frame)).Should().BeTrue(because);

        call.IsDone.Should().BeTrue(because);
        if (error is null)
        {
            call.Error.Should().BeNull(because);
        }
        else
        {
            call.Error!.Message.Should().Contain(error, because);
        }

        connection.Context.State.TakesCalls.Should().Be(takesCalls, because);
        connection.Dispatcher.LastWasSynchronous.Should().BeTrue(because);
        connection.Failures.Should().BeEmpty(because);
    }

    [Fact]
    public void A_stop_notice_belongs_to_no_call_and_retires_the_connection()
    {
        using ReadConnection connection = new();
        ReadConnection.SentCall call = connection.Send(1);

        connection.Reply("""{"succ": true, "data": null, "meta": {"stopping": true}}""");

        call.IsDone.Should().BeFalse("it runs on");
        connection.Context.State.IsLeaving.Should().BeTrue();
    }

    [Fact]
    public void Meta_says_that_the_server_multiplexes_and_makes_room_once()
    {
        using ReadConnection connection = new();
        connection.Send(1);
        connection.Send(2);

        connection.Reply(Fill("""{"succ": true, "data": DOC, "meta": {"server": 7}}"""), Fill("""{"succ": true, "data": DOC, "meta": {}}""").Replace("7000000001", "7000000002", StringComparison.Ordinal));

        connection.Context.State.Mode.Should().Be(ServerMode.Multiplexed);
        connection.Released.Should().Equal(true);
    }

    [Fact]
    public void Replies_that_come_together_end_their_calls_in_the_order_in_which_they_came()
    {
        using ReadConnection connection = new(ServerMode.Multiplexed);
        ReadConnection.SentCall first = connection.Send(1);
        ReadConnection.SentCall second = connection.Send(2);

        connection.Reply(Usual.Replace("7000000001", "7000000002", StringComparison.Ordinal), Usual);

        first.IsDone.Should().BeTrue();
        second.IsDone.Should().BeTrue();
        connection.Context.Calls.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("garbage", typeof(GawProtocolException), "it is no reply")]
    [InlineData("[]", typeof(GawProtocolException), "JSON, and no reply")]
    [InlineData("""{"succ": false, "data": {"name": "ServerBusy", "message": "full"}, "name": "ServerBusy", "message": "full"}""", typeof(GawConnectionException), "the server has as many connections as it may have")]
    public void What_is_no_reply_to_a_call_is_thrown_to_the_reading_loop(string frame, Type error, string because)
    {
        using ReadConnection connection = new();
        ReadConnection.SentCall call = connection.Send(1);

        Exception thrown = FluentActions.Invoking(() => connection.Reply(frame)).Should().Throw<GawException>(because).Which;

        thrown.Should().BeOfType(error, because);
        call.IsDone.Should().BeFalse("the loop ends the connection, and with it its calls");
    }

    [Fact]
    public void A_document_that_is_no_reply_to_its_call_ends_the_connection_before_the_call()
    {
        using ReadConnection connection = new();
        ReadConnection.SentCall call = connection.Send(1);
        call.IsReply = false;

        FluentActions.Invoking(() => connection.Reply(Usual)).Should().Throw<GawProtocolException>();

        connection.Failures.Should().ContainSingle().Which.Should().BeSameAs(call.Error, "code that goes on after the call must not find the connection usable");
    }

    private static string Fill(string frame) => frame.Replace("DOC", Usual["{\"succ\": true, \"data\": ".Length..^1], StringComparison.Ordinal);
}
