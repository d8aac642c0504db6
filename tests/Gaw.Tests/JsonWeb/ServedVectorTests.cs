using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb;

/// <summary>What was recorded of the original, sent to a server and given to a client as the bytes that they were.</summary>
public sealed class ServedVectorTests(ServedVectorTests.Fixture fixture) : IClassFixture<ServedVectorTests.Fixture>
{
    /// <summary>Values that .NET has no type for, and forms that a port need not read: an error takes the place of the recorded result.</summary>
    private static readonly string[] Unread = ["plain/type_datetime_plus_2359/request", "plain/lenient_tuple_of_text/request"];

    private static readonly string[] WithSentence = ["error_unknown_", "_argument", "_keyword"];

    public static IEnumerable<TheoryDataRow<string>> Answered() =>
        WireVectors.Rows(vector => vector is { Mode: "plain", IsRequest: true, Json: not null, Outcome: null } && WireVectors.ResponseTo(vector) is not null);

    public static IEnumerable<TheoryDataRow<string>> Closing() => WireVectors.Rows(vector => vector is { Mode: "plain", IsRequest: true, Outcome: WireOutcome.Closed });

    public static IEnumerable<TheoryDataRow<string>> Refused() => WireVectors.Rows(vector => vector is { Mode: "plain", IsRequest: true, Outcome: WireOutcome.Refused });

    public static IEnumerable<TheoryDataRow<string>> Odd() => WireVectors.Rows(vector => vector is { Mode: "plain", IsRequest: true, Outcome: WireOutcome.MayRefuse });

    public static IEnumerable<TheoryDataRow<string>> Responses() => WireVectors.Rows(vector => vector is { Mode: "plain", IsRequest: false, Json: not null });

    [Theory]
    [MemberData(nameof(Answered))]
    public async Task A_recorded_request_gets_the_recorded_answer(string name)
    {
        WireVector request = WireVectors.Get(name);
        JsonNode expected = Parse(WireVectors.ResponseTo(request)!.Json!)["data"]!["_v"]!;
        await using RawPeer peer = await RawPeer.ConnectAsync(fixture.Server.Port);
        await peer.SendAsync(request.Frame);
        string answer = (await peer.ReadFrameAsync())!;
        JsonNode document = Parse(answer);
        JsonNode got = document["data"]!["_v"]!;

        document["succ"]!.GetValue<bool>().Should().BeTrue();
        document["data"]!["_t"]!.GetValue<string>().Should().Be("ResponseDataType");
        got["resp_to"]!.ToJsonString().Should().Be(expected["resp_to"]!.ToJsonString());
        got.AsObject().Select(property => property.Key).Should().BeEquivalentTo("resp_to", "success", "payload");
        if (Unread.Contains(name))
        {
            got["success"]!.GetValue<bool>().Should().BeFalse();
            return;
        }

        got["success"]!.GetValue<bool>().Should().Be(expected["success"]!.GetValue<bool>());
        if (got["success"]!.GetValue<bool>())
        {
            JsonNode.DeepEquals(got["payload"], expected["payload"]).Should().BeTrue("{0} is expected and {1} came", expected["payload"]?.ToJsonString(), answer);
            Encoding.UTF8.GetBytes(answer).Should().OnlyContain(b => b < 0x80, "the original writes ASCII only");
            return;
        }

        JsonNode error = got["payload"]!;
        error["name"]!.GetValue<string>().Should().Be(expected["payload"]!["name"]!.GetValue<string>());
        error.AsObject().Should().ContainKeys("message", "trace");
        string message = error["message"]!.GetValue<string>();
        string recorded = expected["payload"]!["message"]!.GetValue<string>();
        if (name.Contains("error_unknown_method", StringComparison.Ordinal) || name.Contains("error_unknown_service", StringComparison.Ordinal))
        {
            message.Should().StartWith(recorded);
        }
        else if (Array.Exists(WithSentence, part => name.Contains(part, StringComparison.Ordinal)))
        {
            message.Should().NotBeEmpty();
        }
        else
        {
            message.Should().Be(recorded);
        }
    }

    [Theory]
    [MemberData(nameof(Closing))]
    public async Task Where_the_original_closes_the_connection_there_is_an_answer_and_the_connection_lives(string name)
    {
        WireVector request = WireVectors.Get(name);
        await using RawPeer peer = await RawPeer.ConnectAsync(fixture.Server.Port);
        await peer.SendAsync([.. request.Frame, .. RawPeer.Frame(RawPeer.Request("42", "v/size", "\"abc\""))]);
        JsonNode answer = Parse((await peer.ReadFrameAsync())!);

        if (TryGetId(request.Json!) is { } id)
        {
            answer["succ"]!.GetValue<bool>().Should().BeTrue();
            answer["data"]!["_v"]!["resp_to"]!.ToJsonString().Should().Be(id);
        }
        else
        {
            answer["succ"]!.GetValue<bool>().Should().BeFalse();
            answer["name"]!.GetValue<string>().Should().NotBeEmpty();
            answer["data"]!["name"]!.GetValue<string>().Should().NotBeEmpty();
        }

        (await peer.ReadFrameAsync()).Should().Be(BadServer.Answer("42", "3"));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_recorded_bad_frame_is_refused_with_a_failure_that_both_clients_read(string name)
    {
        WireVector request = WireVectors.Get(name);
        await using RawPeer peer = await RawPeer.ConnectAsync(fixture.Server.Port);
        await peer.SendAsync(request.Frame);
        JsonNode answer = Parse((await peer.ReadFrameAsync())!);

        answer["succ"]!.GetValue<bool>().Should().BeFalse();
        foreach (JsonNode place in new[] { answer, answer["data"]! })
        {
            place["name"]!.GetValue<string>().Should().Be(name.Contains("_10p18", StringComparison.Ordinal) ? "FrameTooLarge" : "ValueError");
            place["message"]!.GetValue<string>().Should().NotBeNull();
            place.AsObject().Should().ContainKey("trace");
        }

        if (name.Contains("_length_", StringComparison.Ordinal) && !name.Contains("zero", StringComparison.Ordinal))
        {
            (await peer.ReadFramesUntilClosedAsync()).Should().BeEmpty("the stream is out of step");
        }
        else
        {
            (await peer.AskAsync(RawPeer.Request("42", "v/size", "\"abc\""))).Should().Be(BadServer.Answer("42", "3"));
        }
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task An_odd_length_line_is_read_or_refused_but_answered(string name)
    {
        await using RawPeer peer = await RawPeer.ConnectAsync(fixture.Server.Port);
        await peer.SendAsync(WireVectors.Get(name).Frame);
        JsonNode answer = Parse((await peer.ReadFrameAsync())!);

        answer["succ"]!.GetValue<bool>().Should().Be(name.Contains("leading_zeros", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task A_recorded_response_is_what_a_client_gets(string name)
    {
        WireVector response = WireVectors.Get(name);
        JsonNode recorded = Parse(response.Json!);
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(request =>
            connection.SendFrameAsync(WithId(response.Json!, request.Id))));
        await using GawClient client = new("127.0.0.1", server.Port);
        foreach (bool synchronous in new[] { true, false })
        {
            Func<Task<object>> calling = () => synchronous
                ? DedicatedThread.RunAsync(() => client.Call<object>("v/echo"))
                : client.CallAsync<object>("v/echo", cancellationToken: TestContext.Current.CancellationToken);
            if (!recorded["succ"]!.GetValue<bool>())
            {
                GawRemoteException failure = (await calling.Should().ThrowAsync<GawRemoteException>()).Which;
                failure.RemoteName.Should().Be(recorded["data"]!["name"]!.GetValue<string>());
                failure.RemoteMessage.Should().Be(recorded["data"]!["message"]!.GetValue<string>());
            }
            else if (!recorded["data"]!["_v"]!["success"]!.GetValue<bool>())
            {
                JsonNode error = recorded["data"]!["_v"]!["payload"]!;
                GawRemoteException failure = (await calling.Should().ThrowAsync<GawRemoteException>()).Which;
                failure.RemoteName.Should().Be(error["name"]!.GetValue<string>());
                failure.RemoteMessage.Should().Be(error["message"]!.GetValue<string>());
                failure.RemoteTrace.Should().Be(error["trace"]!.GetValue<string>());
                failure.Path.Should().Be("v/echo");
            }
            else if (name.Contains("plus_2359", StringComparison.Ordinal))
            {
                await calling.Should().ThrowAsync<GawSerializationException>(".NET knows no such offset");
            }
            else
            {
                string again = GawSerializer.Serialize(await calling());
                JsonNode.DeepEquals(Parse(again), recorded["data"]!["_v"]!["payload"]).Should().BeTrue("{0} was recorded and {1} came", response.Json, again);
            }
        }

        server.ConnectionCount.Should().Be(1, "the connection is unharmed");
    }

    /// <summary>The words that JSON lacks become texts, and floats texts as well, so that 3 and 3.0 are not the same; lone surrogates, which .NET cannot hold in JSON, stay escaped.</summary>
    private static JsonNode Parse(string json)
    {
        StringBuilder text = new();
        for (int i = 0; i < json.Length;)
        {
            int start = i;
            if (json[i] == '"')
            {
                for (i++; json[i] != '"'; i += json[i] == '\\' ? 2 : 1)
                {
                }

                i++;
                text.Append(json[start..i].Replace("\\ud800b", "(lone d800)b", StringComparison.Ordinal));
            }
            else if (char.IsAsciiLetterOrDigit(json[i]) || json[i] == '-')
            {
                while (i < json.Length && (char.IsAsciiLetterOrDigit(json[i]) || json[i] is '-' or '+' or '.'))
                {
                    i++;
                }

                string word = json[start..i];
                text.Append(word is "true" or "false" or "null" ? word : $"\"({word})\"");
            }
            else
            {
                text.Append(json[i++]);
            }
        }

        return JsonNode.Parse(text.ToString(), documentOptions: new JsonDocumentOptions { MaxDepth = 256 })!;
    }

    private static string? TryGetId(string json)
    {
        JsonNode request = Parse(json);
        return request is JsonObject outer && outer["_v"] is JsonObject inner && inner.TryGetPropertyValue("id", out JsonNode? id) ? id!.ToJsonString() : null;
    }

    private static string WithId(string json, string id)
    {
        const string before = "\"resp_to\": ";
        int at = json.IndexOf(before, StringComparison.Ordinal);
        if (at < 0)
        {
            return json;
        }

        at += before.Length;
        int end = json.IndexOf(", \"success\"", at, StringComparison.Ordinal);
        return json[..at] + id + json[end..];
    }

    /// <summary>One server for all.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await VectorServices.StartAsync();

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
