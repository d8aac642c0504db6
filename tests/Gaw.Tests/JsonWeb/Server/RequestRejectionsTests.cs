using Gaw.JsonWeb;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Server;
using Gaw.JsonWeb.Server.Requests;
using Gaw.PostOffice;
using Gaw.Shared;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb.Server;

/// <summary>What the sender of a request is told that does not run: which error, in which order, and what stands beside it.</summary>
public sealed class RequestRejectionsTests : IAsyncDisposable
{
    private readonly RecordingChannel _channel = new();
    private readonly LogCollector _log = new();
    private readonly JsonWebServer _server;
    private readonly RequestRejections _rejections;

    public RequestRejectionsTests()
    {
        _server = new JsonWebServer("127.0.0.1", 0, new PostOfficeServerOptions { LoggerFactory = _log });
        RouteTable routes = new();
        routes.Add([new RouteTable.Route("math_service/plus", null!)]);
        _rejections = new RequestRejections(_server, routes);
    }

    [Fact]
    public void A_request_that_comes_while_the_server_drains_is_told_to_go_elsewhere_and_is_no_error()
    {
        RequestRejections.RejectWhileDraining(_channel, Request(meta: "{}"));
        Reply("ServerStopping").Meta.Should().Be("\"stopping\": true");
        _server.ErrorCount.Should().Be(0);
    }

    [Theory]
    [InlineData("math_service/pluss", "path: math_service/pluss not found, did you mean math_service/plus?")]
    [InlineData("nothing/like_it", "path: nothing/like_it not found")]
    [InlineData("", "path:  not found")]
    public void An_unknown_path_is_answered_with_the_nearest_that_there_is(string path, string message)
    {
        _rejections.RejectUnknownPath(_channel, Request(path));
        Reply("KeyError").Document.Should().Contain(message);
        _server.ErrorCount.Should().Be(1);
    }

    [Fact]
    public void A_long_path_is_not_sent_back_whole()
    {
        _rejections.RejectUnknownPath(_channel, Request(new string('x', 100_000)));
        Reply("KeyError").Document.Length.Should().BeLessThan(1000);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_request_for_another_server_is_answered_with_who_this_one_is(bool isNamed, int logged)
    {
        _rejections.RejectAudience(_channel, Request(meta: "{}"), isNamed ? Audience.Of(5) : Audience.Untold);
        Reply(Audience.Refused).Again.Should().BeTrue("the identity stands in meta again");
        _log.Entries.Count(static entry => entry.Id.Id == 208).Should().Be(logged, "whoever only asks has done nothing wrong");
    }

    [Theory]
    [InlineData("", true, "as an original client expects")]
    [InlineData("{}", false, "its peer knows meta")]
    public void A_request_without_meta_is_answered_in_its_order(string meta, bool inOrder, string because)
    {
        _rejections.RejectReplay(_channel, Request(meta: meta), "It was sent before.");
        Reply("ReplayError").InOrder.Should().Be(inOrder, because);
    }

    [Fact]
    public void A_repetition_of_what_is_not_kept_is_told_so()
    {
        _rejections.RejectRepetition(_channel, Request(meta: "{}"));
        Reply(ReplyCacheKey.NotKept);
    }

    [Fact]
    public void A_document_without_an_id_is_answered_without_one_and_without_a_trace()
    {
        _rejections.RejectDocument(_channel, default, inOrder: true, new ErrorInfo("ValueError", "no request", "at line 1"));
        _channel.Replies.Should().BeEmpty();
        _channel.Errors.Should().ContainSingle().Which.Should().Be(new ErrorInfo("ValueError", "no request", null));

        _rejections.RejectUnreadable(_channel);
        _channel.Errors.Should().HaveCount(2);
        _server.ErrorCount.Should().Be(2);
    }

    [Fact]
    public void A_document_with_an_id_gets_its_error_back_under_it()
    {
        _rejections.RejectDocument(_channel, "17"u8, inOrder: false, new ErrorInfo("TypeError", "args must be a tuple or a list"));
        Reply("TypeError").Document.Should().StartWith("{\"_v\": {\"resp_to\": 17, \"success\": false");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Request Request(string path = "math_service/plus", string meta = "") => new()
    {
        Id = "17"u8,
        Path = System.Text.Encoding.UTF8.GetBytes(path),
        Meta = System.Text.Encoding.UTF8.GetBytes(meta),
    };

    private (string Document, bool InOrder, string Meta, bool Again) Reply(string name)
    {
        (string Document, bool InOrder, string Meta, bool Again) reply = _channel.Replies.Should().ContainSingle().Which;
        reply.Document.Should().Contain($"\"name\": \"{name}\"");
        return reply;
    }
}
