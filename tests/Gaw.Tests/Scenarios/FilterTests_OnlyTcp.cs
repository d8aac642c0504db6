using System.Net;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>What <see cref="FilterTests"/> leaves to TCP: bytes on the connection, a proxy in between, the limit of a frame, and the port that a filter sees.</summary>
public sealed class FilterTests_OnlyTcp
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_s_filter_sees_the_address_of_the_server()
    {
        EndPoint? seen = null;
        await using TestServer server = await StartAsync();
        await using GawClient client = server.Connect(new GawClientOptions { Filters = [() => new Looking(context => seen = context.RemoteEndPoint)] });

        client.Call<string>("desk/hello", ["Bo"]);

        seen.Should().BeOfType<IPEndPoint>().Which.Port.Should().Be(server.Port);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"headers\": 5, \"keeps\": []}")]
    public async Task Meta_of_an_answer_that_are_not_metadata_are_passed_over(string meta)
    {
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(
            request => connection.SendFrameAsync($"{BadServer.Answer(request.Id, "1")[..^1]}, \"meta\": {meta}}}")));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { RetryWhen = RetryWhen.KeptReplies });

        (await client.CallAsync<int>("a/b", cancellationToken: Cancellation).WithinAsync(TestTimeouts.Limit, () => "the call did not end")).Should().Be(1);
        client.Call<int>("a/b").Should().Be(1);
    }

    [Fact]
    public async Task Metadata_that_do_not_fit_fail_their_call_and_no_other()
    {
        const int Limit = 64 * 1024;
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<FilterTests.Desk>(), new GawServerOptions { MaxFrameBytes = Limit });
        await using GawClient client = server.Connect(new GawClientOptions { MaxFrameBytes = Limit });
        client.Call<string>("desk/hello", ["Bo"]);

        Action tooMuch = () => client.Call<string>("desk/tell", [2 * Limit]);
        Action tooMuchBesideAnError = () => client.Call<string>("desk/tell", [-2 * Limit]);

        tooMuch.Should().Throw<GawRemoteException>().Where(e => e.RemoteName == "SerializeError" && e.RemoteMessage.Contains("above the limit"));
        tooMuchBesideAnError.Should().Throw<GawRemoteException>().Where(e => e.RemoteName == "LookupError", "the error is worth more than what stands beside it");
        client.Call<string>("desk/tell", [Limit / 2]).Should().Be("told");
    }

    [Fact]
    public async Task A_first_answer_whose_result_cannot_be_read_tells_the_server_s_kind_all_the_same()
    {
        await using TestServer server = await StartAsync();
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port);
        client.Invoking(c => c.Call<int>("desk/hello", ["Bo"])).Should().Throw<GawSerializationException>();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CallAsync<string>("desk/hello", ["Bo"], cancellationToken: Cancellation)));

        proxy.ConnectionCount.Should().Be(1);
    }

    [Fact]
    public async Task A_caller_without_meta_gets_the_answer_of_the_original_protocol()
    {
        await using TestServer server = await StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        string? answer = await peer.AskAsync(RawPeer.Request("7", "desk/greet", "\"Bo\""));

        answer.Should().Be("""{"succ": true, "data": {"_v": {"resp_to": 7, "success": true, "payload": "hello Bo, nobody"}, "_t": "ResponseDataType"}}""");
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(static s => s.Add<FilterTests.Desk>());

    private sealed class Looking(Action<GawFilterContext> look) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            look(context);
            return next(context);
        }
    }
}
