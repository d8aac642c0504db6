using System.Runtime.CompilerServices;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb.Streams;

/// <summary>The attempts of a call whose arguments are streams: what they wait for, what they take from the source, and how they end.</summary>
public sealed class ArgumentAttemptTests
{
    private static readonly GawClientOptions OneConnection = new() { MaxConnections = 1, Retries = 0 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_with_a_stream_is_sent_behind_one_that_no_connection_has_answered(bool takesStreams)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(request =>
        {
            switch (request.Path)
            {
                case "a/slow":
                    return Task.CompletedTask;
                case "_gaw/send" when takesStreams:
                    asked.TrySetResult();
                    return connection.SendFrameAsync($"{BadServer.Answer(request.Id, "null")[..^1]}, \"meta\": {{\"streams\": 1}}}}");
                case "_gaw/send":
                    asked.TrySetResult();
                    return connection.SendFrameAsync(WithMeta(NotFound(request)));
                default:
                    return connection.SendFrameAsync(WithMeta(BadServer.Answer(request.Id, "7")));
            }
        }));
        await using GawClient client = new("127.0.0.1", server.Port, OneConnection);
        Task<int> slow = client.CallAsync<int>("a/slow", cancellationToken: Cancellation);
        await server.WaitForRequestsAsync(1);

        Task<int> call = Task.Run(() => client.CallAsync<int>("a/b", [Numbers()], cancellationToken: Cancellation), Cancellation);

        (await call.WithinAsync(TestTimeouts.Limit, static () => "the call was not sent")).Should().Be(7);
        asked.Task.IsCompleted.Should().BeTrue();
        slow.IsCompleted.Should().BeFalse();
        await client.DisposeAsync();
        await FluentActions.Awaiting(() => slow).Should().ThrowAsync<GawConnectionException>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_with_a_stream_behind_a_silent_one_ends_with_its_deadline_and_its_token(bool cancels)
    {
        await using BadServer server = BadServer.Start(BadServer.Hang);
        await using GawClient client = new("127.0.0.1", server.Port, OneConnection);
        using CancellationTokenSource source = new();
        Task<int> slow = client.CallAsync<int>("a/slow", cancellationToken: Cancellation);
        await server.WaitForRequestsAsync(1);
        CallOptions options = new() { Timeout = cancels ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(2) };

        Task<int> call = Task.Run(() => client.CallAsync<int>("a/b", [Numbers()], options: options, cancellationToken: source.Token), Cancellation);
        await server.WaitForRequestsAsync(2);
        if (cancels)
        {
            await source.CancelAsync();
        }

        Exception e = (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().ThrowAsync<Exception>()).Which;
        e.Should().BeAssignableTo(cancels ? typeof(OperationCanceledException) : typeof(TimeoutException));
        e.Message.Should().NotContain("did not end");
        await client.DisposeAsync();
        await FluentActions.Awaiting(() => slow).Should().ThrowAsync<GawConnectionException>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_callers_stream_throws_while_it_is_collected_is_no_failure_of_the_server(bool isLoss)
    {
        Func<BadServer.Connection, Task> script = static connection => connection.ForEachAsync(request =>
            connection.SendFrameAsync(WithMeta(request.Path.StartsWith('_') ? NotFound(request) : BadServer.Answer(request.Id, "7"))));
        await using BadServer one = BadServer.Start(script);
        await using BadServer other = BadServer.Start(script);
        await using GawClient client = new([$"127.0.0.1:{one.Port}", $"127.0.0.1:{other.Port}"]);
        GawException thrown = isLoss ? new GawConnectionException("another server is gone", null, CallExecution.NotRun) : new GawProtocolException("another server speaks another language");
        OneShot source = new(thrown);

        Exception e = (await FluentActions.Awaiting(() => client.CallAsync<int>("a/b", [source], cancellationToken: Cancellation)).Should().ThrowAsync<GawException>("a second attempt would get the rest only")).Which;

        e.Should().BeSameAs(thrown);
        source.Begun.Should().Be(1);
        one.Requests.Concat(other.Requests).Should().NotContain(static request => request.Path == "a/b");
    }

    [Fact]
    public async Task Collected_items_are_sent_again_where_a_connection_was_lost()
    {
        await using BadServer server = BadServer.Start(static connection => connection.ForEachAsync(request =>
        {
            if (request.Path == "a/b" && connection.Index == 0)
            {
                connection.Reset();
                return Task.CompletedTask;
            }

            return connection.SendFrameAsync(WithMeta(request.Path.StartsWith('_') ? NotFound(request) : BadServer.Answer(request.Id, "7")));
        }));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { RetryWhen = RetryWhen.AnyFailure });
        OneShot source = new(null);

        (await client.CallAsync<int>("a/b", [source], cancellationToken: Cancellation)).Should().Be(7);

        source.Begun.Should().Be(1);
        server.Requests.Where(static request => request.Path == "a/b").Should().HaveCount(2).And.AllSatisfy(static request => request.Args.Should().Contain("[0, 1, 2]"));
    }

    [Fact]
    public async Task A_call_leaves_nothing_at_the_token_of_its_caller()
    {
        await using BadServer server = BadServer.Start(static connection => connection.ForEachAsync(request =>
            connection.SendFrameAsync(WithMeta(request.Path.StartsWith('_') ? NotFound(request) : BadServer.Answer(request.Id, "7")))));
        await using GawClient client = new("127.0.0.1", server.Port);
        using CancellationTokenSource source = new();

        WeakReference handle = await CallAsync(client, source.Token);

        await Eventually.BecomesTrueAsync(() =>
        {
            GC.Collect();
            return !handle.IsAlive;
        });
        source.IsCancellationRequested.Should().BeFalse();

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task<WeakReference> CallAsync(GawClient client, CancellationToken cancellationToken)
        {
            List<WeakReference> handles = [];
            (await client.CallAsync<int>("a/b", [Handles(handles, CancellationToken.None)], cancellationToken: cancellationToken)).Should().Be(7);
            return handles.Should().ContainSingle().Which;
        }

        // The handle of a token lives as long as the token's source does.
        static async IAsyncEnumerable<int> Handles(List<WeakReference> handles, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            handles.Add(new WeakReference(cancellationToken.WaitHandle));
            await Task.Yield();
            yield return 1;
        }
    }

    [Fact]
    public async Task A_connection_that_ends_at_the_question_for_streams_has_grown_stale()
    {
        await using BadServer server = BadServer.Start(static connection => connection.ForEachAsync(request =>
        {
            if (request.Path == "_gaw/send" && connection.Index == 0)
            {
                connection.Reset();
                return Task.CompletedTask;
            }

            return connection.SendFrameAsync(WithMeta(request.Path.StartsWith('_') ? NotFound(request) : BadServer.Answer(request.Id, "7")));
        }));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0 });
        await client.CallAsync<int>("a/b", cancellationToken: Cancellation);

        (await client.CallAsync<int>("a/b", [Numbers()], cancellationToken: Cancellation)).Should().Be(7, "another connection is no further attempt");

        server.ConnectionCount.Should().Be(2);
    }

    [Fact]
    public async Task A_question_for_streams_that_is_not_answered_in_time_names_the_call_that_was_not_sent()
    {
        await using BadServer server = BadServer.Start(BadServer.Hang);
        await using GawClient client = new("127.0.0.1", server.Port);

        TimeoutException e = (await FluentActions.Awaiting(() => client.CallAsync<int>("a/b", [Numbers()], options: new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) }, cancellationToken: Cancellation)).Should().ThrowAsync<TimeoutException>()).Which;

        e.Message.Should().Contain("a/b").And.Contain("nothing").And.NotContain("_gaw/send").And.NotContain("may still be running");
    }

    [Fact]
    public async Task A_stream_that_never_waits_nor_ends_is_held_by_the_time_of_the_call()
    {
        await using BadServer server = BadServer.Start(static connection => connection.ForEachAsync(request => connection.SendFrameAsync(WithMeta(NotFound(request)))));
        await using GawClient client = new("127.0.0.1", server.Port);
        CallOptions options = new() { Timeout = TimeSpan.FromMilliseconds(300) };
        using ManualResetEventSlim isCollected = new();

        Task<int> call = client.CallAsync<int>("a/b", [Endless()], options: options, cancellationToken: Cancellation);

        (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "it was not held")).Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Contain("takes a list");
        isCollected.Wait(TestTimeouts.Limit, Cancellation).Should().BeTrue("the source is ended");

#pragma warning disable CS1998 // It never waits: that is the case.
        async IAsyncEnumerable<int> Endless()
#pragma warning restore CS1998
        {
            try
            {
                while (true)
                {
                    // Slow enough that no list is full before the time is over.
                    Thread.SpinWait(20_000);
                    yield return 1;
                }
            }
            finally
            {
                isCollected.Set();
            }
        }
    }

    private static string NotFound(BadRequest request) => BadServer.Answer(request.Id, BadServer.Error("KeyError", $"path: {request.Path} not found"), success: false);

    private static string WithMeta(string answer) => $"{answer[..^1]}, \"meta\": {{}}}}";

    private static async IAsyncEnumerable<int> Numbers()
    {
        for (int i = 0; i < 3; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    /// <summary>A source that goes on where it stood, as what reads a connection does.</summary>
    private sealed class OneShot(Exception? failure) : IAsyncEnumerable<int>
    {
        private int _next;

        public int Begun { get; private set; }

        public async IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            Begun++;
            while (_next < 3)
            {
                await Task.Yield();
                yield return _next++;
                if (failure is not null && _next == 2 && Begun == 1)
                {
                    throw failure;
                }
            }
        }
    }
}
