using System.Text.RegularExpressions;
using Gaw.Json;
using Gaw.PostOffice.Replies;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>The examples in src/PROTOCOL.md are what goes over the wire.</summary>
public sealed partial class ProtocolTests
{
    private static readonly string Page = Repository.Read("src/PROTOCOL.md");

    /// <summary>The name of a recorded frame stands in the last line of text above its document.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> RecordedExamples() =>
        RecordedExample().Matches(Page).Select(static match => new TheoryDataRow<string, string>(match.Groups["name"].Value, match.Groups["json"].Value));

    public static IEnumerable<TheoryDataRow<int>> Conversations() => Enumerable.Range(0, Conversation.All(Page).Count).Select(static i => new TheoryDataRow<int>(i));

    [Theory]
    [MemberData(nameof(RecordedExamples))]
    public void A_document_of_an_example_is_that_of_the_recorded_frame(string name, string json)
    {
        WireVectors.Get(name).Json.Should().Be(json);
    }

    [Fact]
    public void Every_example_of_a_document_has_the_name_of_its_recorded_frame()
    {
        RecordedExample().Count(Page).Should().BePositive().And.Be(Regex.Count(Page, "^```json$", RegexOptions.Multiline));
    }

    [Fact]
    public void Every_recorded_frame_that_is_named_exists()
    {
        RecordedName().Matches(Page).Select(static match => match.Groups[1].Value).Except(WireVectors.All.Select(static vector => vector.Name.Replace("/request", "").Replace("/response", "")))
            .Should().BeEmpty();
    }

    [Fact]
    public void The_worked_example_of_the_three_protections_is_right()
    {
        string block = Regex.Match(Page, "^```frames\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        byte[] iv = [.. Enumerable.Range(0x10, 16).Select(static i => (byte)i)];
        const string secret = "AAECAwQFBgcICQoLDA0ODw==";
        Dictionary<string, byte[]> frames = new()
        {
            ["plain"] = WireCode.Plain.Frame("{\"a\": 1}"),
            ["signed"] = new WireCode(secret).Frame("{\"a\": 1}"),
            ["encrypted"] = new WireCode(secret, encrypt: true).Frame("{\"a\": 1}", iv),
        };

        block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Should().HaveCount(3).And.AllSatisfy(words =>
            frames[words[0]].Should().Equal([.. System.Text.Encoding.ASCII.GetBytes(words[1]), (byte)'\n', .. Convert.FromHexString(words[2])]));
    }

    [Fact]
    public void The_failure_frame_is_what_a_server_writes()
    {
        using JsonWriter writer = new();
        ErrorFrame.Write(writer, ErrorFrame.NotReadable);

        Regex.Match(Page, "^```failure\n(.*?)\n```$", RegexOptions.Multiline).Groups[1].Value.Should().Be(System.Text.Encoding.UTF8.GetString(writer.Written));
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task A_conversation_is_what_a_server_answers(int number)
    {
        Conversation conversation = Conversation.All(Page)[number];
        ExampleService.Runs = 0;
        ExampleService.Returns = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await TestServer.StartAsync(
            static server => server.Add<ExampleService>(),
            conversation.Options);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, conversation.Protection.Code);

        await conversation.PlayAsync(peer, server.Server, ExampleService.Returns);
    }

    [GeneratedRegex(@"`(?<name>[a-z0-9]+/\w+/(request|response))`[^\n]*\n(?:[^\n`]+\n)*\n```json\n(?<json>[^\n]*)\n```")]
    private static partial Regex RecordedExample();

    [GeneratedRegex(@"`((?:plain|signed|encrypted\d*)/\w+)(?:/request|/response)?`")]
    private static partial Regex RecordedName();

    [Service("math_service")]
    private sealed class ExampleService
    {
        public static int Runs;

        public static TaskCompletionSource Returns = new();

        [Entrypoint]
        public static string Plus(int a, int b) => $"hello!: {a + b}";

        [Entrypoint]
        public static int Count() => Interlocked.Increment(ref Runs);

        [Entrypoint]
        public static Task Wait() => Returns.Task;

        [Entrypoint]
        public static async IAsyncEnumerable<int> Countdown(int from)
        {
            for (int i = from; i > 0; i--)
            {
                await Task.Yield();
                yield return i;
            }
        }

        [Entrypoint]
        public static async Task<int> Total(IAsyncEnumerable<int> items)
        {
            int total = 0;
            await foreach (int item in items)
            {
                total += item;
            }

            return total;
        }

        [Entrypoint]
        public static int Work(IProgress<double> progress)
        {
            foreach (double done in new[] { 0.5, 0.75, 1 })
            {
                progress.Report(done);
            }

            return 3;
        }

        [Entrypoint]
        public static string Greet(GawCallContext context)
        {
            context.ResponseMetadata["served-by"] = "shelf";
            return $"hello {context.Metadata["user"]}";
        }
    }
}
