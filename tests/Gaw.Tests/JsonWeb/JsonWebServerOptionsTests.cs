using System.Text;
using Gaw.JsonWeb;
using Gaw.PostOffice;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb;

/// <summary>A <see cref="JsonWebServer"/> used alone has the options that <see cref="GawServer"/> has of it.</summary>
public sealed class JsonWebServerOptionsTests
{
    private static readonly byte[] Oldest = Encoding.UTF8.GetBytes(
        """{"_v": {"id": 1, "path": "a/b", "payload": {"args": {"_v": [], "_t": "tuple"}, "kwargs": {}}}, "_t": "RequestDataType"}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_used_alone_refuses_a_request_outside_its_replay_window()
    {
        Secret secret = Secret.Generate();
        JsonWebServerOptions options = new() { Secret = secret, ReplayWindow = TimeSpan.FromMinutes(2) };
        await using JsonWebServer server = new("127.0.0.1", 0, options);
        await server.Map("a/b", static _ => new ValueTask<object?>(7)).StartAsync(Cancellation);
        await using PostOfficeClient client = new("127.0.0.1", server.LocalEndPoint.Port, new PostOfficeClientOptions { Secret = secret });

        Encoding.UTF8.GetString(await client.SendAsync(Oldest, Cancellation)).Should().Contain("ReplayError");
    }

    [Fact]
    public async Task A_server_used_alone_without_a_replay_window_takes_every_request()
    {
        await using JsonWebServer server = new("127.0.0.1", 0);
        await server.Map("a/b", static _ => new ValueTask<object?>(7)).StartAsync(Cancellation);
        await using PostOfficeClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        Encoding.UTF8.GetString(await client.SendAsync(Oldest, Cancellation)).Should().Contain("\"payload\": 7");
    }

    [Fact]
    public async Task A_server_used_alone_says_that_it_keeps_replies()
    {
        await using JsonWebServer server = new("127.0.0.1", 0, new JsonWebServerOptions { KeepReplies = TimeSpan.FromMinutes(2) });
        await server.Map("a/b", static _ => new ValueTask<object?>(7)).StartAsync(Cancellation);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendFrameAsync(Encoding.UTF8.GetString(Oldest).Replace("\"kwargs\": {}", "\"kwargs\": {}, \"meta\": {}", StringComparison.Ordinal));

        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": 7").And.Contain("\"keeps\": {");
    }

    [Fact]
    public void A_replay_window_without_a_secret_is_refused_where_the_server_is_made()
    {
        Action making = () => _ = new JsonWebServer("127.0.0.1", 0, new JsonWebServerOptions { ReplayWindow = TimeSpan.FromMinutes(2) });

        making.Should().Throw<ArgumentException>().WithMessage("ReplayWindow is set, but there is no Secret*");
    }
}
