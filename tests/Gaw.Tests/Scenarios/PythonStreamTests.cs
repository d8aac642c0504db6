using System.Runtime.CompilerServices;
using System.Text.Json;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>A stream is a list to Python, on either end: a Python program that speaks the original's protocol knows nothing of parts.</summary>
public sealed class PythonStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task A_python_client_gets_a_stream_as_a_list_and_gives_a_list_for_one(string mode)
    {
        Protection protection = Protection.Named(mode);
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Depot>(), protection.Server);
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port, protection.Key, protection.Encrypt);
        foreach (int count in new[] { 0, 1, 5000 })
        {
            int[] items = [.. Enumerable.Range(0, count)];

            Items(await python.CallAsync("depot/count", count)).Should().Equal(items);
            Whole(await python.CallAsync("depot/sum", items)).GetInt64().Should().Be(items.Sum(static item => (long)item));
            Items(await python.CallAsync("depot/double", items)).Should().Equal(items.Select(static item => 2 * item));
        }

        Whole(await python.SendAsync(new { path = "depot/sum", args = Array.Empty<int>(), kwargs = new { items = new[] { 1, 2, 3 } } })).GetInt64().Should().Be(6);
        Whole(await python.CallTextAsync("depot/sum", """[{"_v": [1, 2], "_t": "tuple"}]""")).GetInt64().Should().Be(3, "a tuple is a list of items as well");
        await Eventually.BecomesTrueAsync(() => server.Server.OpenStreams == 0);
    }

    [Fact]
    public async Task What_a_stream_fails_with_is_an_error_to_python_and_the_connection_serves_on()
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Depot>(), new GawServerOptions { MaxFrameBytes = 4096 });
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port);

        JsonElement failed = await python.CallAsync("depot/fail", 3);
        failed.GetProperty("name").GetString().Should().Be("Broken", "a part of a list would be taken for the whole");
        JsonElement tooLong = await python.CallAsync("depot/count", 5000);
        tooLong.GetProperty("message").GetString().Should().Contain("depot/count is a stream").And.Contain("4096").And.Contain("IAsyncEnumerable");
        JsonElement wrong = await python.CallAsync("depot/sum", (object)new object[] { 1, "two" });
        wrong.GetProperty("name").GetString().Should().Be("TypeError");
        JsonElement none = await python.CallAsync("depot/sum", 5);
        none.GetProperty("name").GetString().Should().Be("TypeError");

        Items(await python.CallAsync("depot/count", 3)).Should().Equal(0, 1, 2);
    }

    [Fact]
    public async Task A_stream_without_an_end_is_a_time_out_to_python_after_100_seconds()
    {
        FakeTimeProvider clock = new();
        Tally begun = new("watches that began"), ended = new("watches that ended");
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Watch>(begun, ended), new GawServerOptions { TimeProvider = clock });
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port);
        Task<JsonElement> call = python.CallAsync("watch/follow");
        await begun.WaitForAsync(1);

        // Not at once: the clock of a call is set before its method begins, and nobody says when.
        clock.Advance(TimeSpan.FromSeconds(99));
        ended.Value.Should().Be(0);
        clock.Advance(TimeSpan.FromSeconds(1));

        JsonElement overdue = await call;
        overdue.GetProperty("name").GetString().Should().Be("TimeoutError");
        overdue.GetProperty("message").GetString().Should().Contain("watch/follow is a stream and did not end within 100 s");
        await ended.WaitForAsync(1);
    }

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task A_python_server_gets_a_stream_as_a_list_and_its_list_is_read_as_a_stream(string mode)
    {
        Protection protection = Protection.Named(mode);
        await using PythonServer python = await PythonPeer.StartServerAsync(protection.Key, protection.Encrypt);
        await using GawClient client = new("127.0.0.1", python.Port, protection.Client);
        foreach (int count in new[] { 0, 1, 5000 })
        {
            int[] items = [.. Enumerable.Range(0, count)];

            (await TakeAllAsync(client.StreamAsync<int>("v/echo", [items], cancellationToken: Cancellation))).Should().Equal(items, "its one reply is the stream");
            (await client.CallAsync<List<int>>("v/echo", [Numbers(count)], cancellationToken: Cancellation)).Should().Equal(items);
            (await TakeAllAsync(client.StreamAsync<int>("v/echo", [Numbers(count)], cancellationToken: Cancellation))).Should().Equal(items);
        }

        (await client.CallAsync<string>("v/describe", [Numbers(3)], cancellationToken: Cancellation)).Should().Be("list[int,int,int]");
        (await client.CallAsync<string>("v/describe", kwargs: new Dictionary<string, object?> { ["value"] = Numbers(3) }, cancellationToken: Cancellation)).Should().Be("list[int,int,int]");
        python.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task What_a_python_server_fails_with_comes_with_the_first_item_and_its_value_is_no_stream()
    {
        await using PythonServer python = await PythonPeer.StartServerAsync();
        await using GawClient client = new("127.0.0.1", python.Port);

        (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("v/fail_value", cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("ValueError");
        (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("v/text", [3], cancellationToken: Cancellation))).Should().ThrowAsync<GawSerializationException>()).Which.Message.Should().Contain("v/text");

        // The method is not found: the stream was collected for nothing, and the error is the server's.
        (await FluentActions.Awaiting(() => client.CallAsync<int>("v/nope", [Numbers(3)], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("KeyError");
        (await client.CallAsync<List<int>>("v/echo", [Numbers(3)], cancellationToken: Cancellation)).Should().Equal(0, 1, 2);
    }

    private static JsonElement Whole(JsonElement answer)
    {
        answer.GetProperty("ok").GetBoolean().Should().BeTrue($"{answer}");
        return answer.GetProperty("result");
    }

    private static int[] Items(JsonElement answer)
    {
        JsonElement result = Whole(answer);
        answer.GetProperty("type").GetString().Should().StartWith("list[");
        return [.. result.EnumerateArray().Select(static item => item.GetInt32())];
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 100 == 1)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }

    private static async Task<List<int>> TakeAllAsync(IAsyncEnumerable<int> stream)
    {
        List<int> items = [];
        await foreach (int item in stream.WithCancellation(Cancellation))
        {
            items.Add(item);
        }

        return items;
    }

    private sealed class Depot
    {
        [Entrypoint]
        public IAsyncEnumerable<int> CountAsync(int count) => Numbers(count);

        [Entrypoint]
        public async Task<long> SumAsync(IAsyncEnumerable<int> items)
        {
            long sum = 0;
            await foreach (int item in items)
            {
                sum += item;
            }

            return sum;
        }

        [Entrypoint]
        public async IAsyncEnumerable<int> DoubleAsync(IAsyncEnumerable<int> items)
        {
            await foreach (int item in items)
            {
                yield return 2 * item;
            }
        }

        [Entrypoint]
        public async IAsyncEnumerable<int> FailAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return i;
            }

            throw new GawError("Broken", "on purpose");
        }
    }

    private sealed class Watch(Tally begun, Tally ended)
    {
        [Entrypoint]
        public async IAsyncEnumerable<int> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            begun.Add();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                yield return 1;
            }
            finally
            {
                ended.Add();
            }
        }
    }
}
