using System.Diagnostics;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, rows D2, D3 and E5: a client meets servers that misbehave.</summary>
public sealed class ClientConformanceTests
{
    private static readonly Dictionary<string, (Func<BadServer.Connection, Task> Script, Type[] Outcomes)> Scripts = new()
    {
        ["close at once"] = (BadServer.CloseAtOnce, [typeof(GawConnectionException), typeof(int)]),
        ["reset at once"] = (BadServer.ResetAtOnce, [typeof(GawConnectionException), typeof(int)]),
        ["close after request"] = (BadServer.CloseAfterRequest, [typeof(GawConnectionException)]),
        ["reset after request"] = (BadServer.ResetAfterRequest, [typeof(GawConnectionException)]),
        ["hang"] = (BadServer.Hang, [typeof(TimeoutException)]),
        ["cut in length line"] = (BadServer.CutInLengthLine, [typeof(GawConnectionException)]),
        ["cut after length line"] = (BadServer.CutAfter(4), [typeof(GawConnectionException)]),
        ["cut in body"] = (BadServer.CutInBody, [typeof(GawConnectionException)]),
        ["wrong id"] = (BadServer.WrongId, [typeof(GawProtocolException)]),
        ["answer twice"] = (BadServer.AnswerTwice, [typeof(int)]),
        ["garbage"] = (BadServer.Garbage, [typeof(GawProtocolException)]),
        ["garbage in a frame"] = (BadServer.GarbageInFrame, [typeof(GawProtocolException)]),
        ["signed answer"] = (Saying(Protection.Named("signed256")), [typeof(GawAuthenticationException)]),
        ["encrypted answer"] = (Saying(Protection.Named("encrypted256")), [typeof(GawAuthenticationException)]),
        ["refused signature"] = (BadServer.Failure(FailureForm.Both, "DecodeError", "signature verification failed"), [typeof(GawAuthenticationException)]),
        ["endless length line"] = (BadServer.EndlessLengthLine, [typeof(GawProtocolException)]),
        ["huge length"] = (BadServer.HugeLength(500_000_000), [typeof(GawProtocolException)]),
        ["length beyond 64 bits"] = (connection => connection.ForEachAsync(_ => connection.SendAsync("18446744073709551617\n{")), [typeof(GawProtocolException)]),
        ["length of 2^32 + 1"] = (BadServer.HugeLength(4_294_967_297), [typeof(GawProtocolException)]),
        ["negative length"] = (BadServer.HugeLength(-1), [typeof(GawProtocolException)]),
        ["empty frame"] = (BadServer.Saying(""), [typeof(GawProtocolException)]),
        ["null"] = (BadServer.Saying("null"), [typeof(GawProtocolException)]),
        ["number"] = (BadServer.Saying("5"), [typeof(GawProtocolException)]),
        ["list"] = (BadServer.Saying("[]"), [typeof(GawProtocolException)]),
        ["empty dict"] = (BadServer.Saying("{}"), [typeof(GawProtocolException)]),
        ["succ without data"] = (BadServer.Saying("{\"succ\": true}"), [typeof(GawProtocolException)]),
        ["no response in data"] = (BadServer.Saying("{\"succ\": true, \"data\": 5}"), [typeof(GawProtocolException)]),
        ["response without an id"] = (BadServer.Saying("{\"succ\": true, \"data\": {\"_v\": {\"success\": true, \"payload\": 1}, \"_t\": \"ResponseDataType\"}}"), [typeof(GawProtocolException)]),
        ["id of another kind"] = (connection => connection.ForEachAsync(request => connection.SendFrameAsync(BadServer.Answer($"\"{request.Id}\"", "1"))), [typeof(GawProtocolException)]),
        ["id with a fraction"] = (connection => connection.ForEachAsync(request => connection.SendFrameAsync(BadServer.Answer(request.Id + ".0", "1"))), [typeof(GawProtocolException)]),
        ["request sent back"] = (connection => connection.ForEachAsync(request => connection.SendFrameAsync(request.Json)), [typeof(GawProtocolException)]),
        ["request in an answer"] = (connection => connection.ForEachAsync(request => connection.SendFrameAsync($"{{\"succ\": true, \"data\": {request.Json}}}")), [typeof(GawProtocolException)]),
        ["answer of another type"] = (connection => connection.ForEachAsync(request =>
            connection.SendFrameAsync(BadServer.Answer(request.Id, "1").Replace("ResponseDataType", "RequestDataType", StringComparison.Ordinal))), [typeof(GawProtocolException)]),
        ["too deep an answer"] = (connection => connection.ForEachAsync(request =>
            connection.SendFrameAsync(BadServer.Answer(request.Id, new string('[', 50_000) + new string(']', 50_000)))), [typeof(GawSerializationException), typeof(GawProtocolException)]),
        ["result of another type"] = (BadServer.Answering(_ => "\"text\""), [typeof(GawSerializationException)]),
        ["result that is too large a number"] = (BadServer.Answering(_ => "99999999999"), [typeof(GawSerializationException)]),
        ["half a result"] = (BadServer.Answering(_ => "[1, "), [typeof(GawSerializationException)]),
        ["something behind the result"] = (BadServer.Answering(_ => "1 1"), [typeof(GawProtocolException)]),
        ["failure inside"] = (BadServer.Failure(FailureForm.Nested), [typeof(GawRemoteException)]),
        ["failure beside"] = (BadServer.Failure(FailureForm.Flat), [typeof(GawRemoteException)]),
        ["failure in both places"] = (BadServer.Failure(FailureForm.Both), [typeof(GawRemoteException)]),
        ["error"] = (connection => connection.ForEachAsync(request => connection.FailAsync(request, "KeyError", "no", "trace")), [typeof(GawRemoteException)]),
        ["error without parts"] = (connection => connection.ForEachAsync(request => connection.SendFrameAsync(BadServer.Answer(request.Id, "{}", success: false))), [typeof(GawRemoteException)]),
        ["error that is null"] = (connection => connection.ForEachAsync(request => connection.SendFrameAsync(BadServer.Answer(request.Id, "null", success: false))), [typeof(GawRemoteException)]),
    };

    /// <summary>Long enough for a call that is answered, on a busy machine, too.</summary>
    private static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(2);

    internal static bool IsLong => Environment.GetEnvironmentVariable("GAW_LONG_TESTS") == "1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string, bool>> EveryScript() =>
        Scripts.Keys.SelectMany(name => new[] { new TheoryDataRow<string, bool>(name, true), new TheoryDataRow<string, bool>(name, false) });

    [Theory]
    [MemberData(nameof(EveryScript))]
    public async Task A_server_that_misbehaves_gives_a_typed_exception_in_bounded_time_and_the_third_call_is_right(string name, bool synchronous)
    {
        (Func<BadServer.Connection, Task> script, Type[] outcomes) = Scripts[name];
        int calls = 0;
        bool unharmed = outcomes[0] == typeof(GawRemoteException) || outcomes[0] == typeof(GawSerializationException);
        await using BadServer server = BadServer.Start(BadServer.InTurn(script, script, BadServer.Answering(_ => "3")));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0, CallTimeout = name == "hang" ? HangTimeout : TestTimeouts.Limit });
        for (; calls < 2; calls++)
        {
            long began = Stopwatch.GetTimestamp();
            object outcome = await CallAsync(client, synchronous);
            Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(8));

            // A call that was certainly not sent may go on to the next connection by itself.
            outcomes.Should().Contain(outcome.GetType(), "call {0} gave {1}", calls + 1, outcome);
            if (outcome is GawException or TimeoutException)
            {
                ((Exception)outcome).Message.Should().NotBeNullOrWhiteSpace();
            }
        }

        object third = await CallAsync(client, synchronous);
        if (unharmed)
        {
            server.ConnectionCount.Should().Be(1, "{0} does not harm the connection", name);
        }
        else
        {
            third.Should().Be(3);
            server.ConnectionCount.Should().Be(3, "a connection that misbehaved is not used again");
        }

        server.RequestCount.Should().BeLessThanOrEqualTo(3, "no call is sent twice");
    }

    [Fact]
    public async Task What_is_known_of_a_call_is_said()
    {
        (await LostAsync(BadServer.CloseAfterRequest)).Execution.Should().Be(CallExecution.Unknown);
        (await LostAsync(BadServer.ResetAfterRequest)).Execution.Should().Be(CallExecution.Unknown);
        (await LostAsync(BadServer.CutInBody)).Execution.Should().Be(CallExecution.Ran);
        (await LostAsync(BadServer.CutInLengthLine)).Execution.Should().Be(CallExecution.Ran);

        static async Task<GawConnectionException> LostAsync(Func<BadServer.Connection, Task> script)
        {
            await using BadServer server = BadServer.Start(script);
            await using GawClient client = new("127.0.0.1", server.Port);
            object first = await CallAsync(client, synchronous: true);
            object second = await CallAsync(client, synchronous: false);
            ((GawConnectionException)first).Execution.Should().Be(((GawConnectionException)second).Execution);
            server.RequestCount.Should().Be(2, "a call that may have run is not sent again, whatever Retries says");
            return (GawConnectionException)first;
        }
    }

    [Fact]
    public async Task A_late_answer_is_nobody_elses()
    {
        TaskCompletionSource gate = new();
        await using BadServer server = BadServer.Start(BadServer.InTurn(
            BadServer.LateAnswer(gate.Task, _ => "1"), BadServer.Answering(_ => "2")));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { CallTimeout = HangTimeout });
        (await CallAsync(client, synchronous: false)).Should().BeOfType<TimeoutException>();
        gate.SetResult();

        (await CallAsync(client, synchronous: false)).Should().Be(2);
        (await CallAsync(client, synchronous: true)).Should().Be(2);
    }

    [Fact]
    public async Task Answers_out_of_order_find_their_calls()
    {
        await using BadServer server = BadServer.Start(async connection =>
        {
            // As a .NET server says that it answers out of order: by metadata in its first answer.
            BadRequest first = (await connection.ReadRequestAsync())!;
            await connection.SendFrameAsync(BadServer.Answer(first.Id, "0")[..^1] + ", \"meta\": {}}");
            List<BadRequest> requests = [];
            for (int i = 0; i < 50; i++)
            {
                requests.Add((await connection.ReadRequestAsync())!);
            }

            foreach (BadRequest request in requests.AsEnumerable().Reverse())
            {
                await connection.AnswerAsync(request, request.Args.Split('[', ']')[1]);
            }

            await connection.WaitForCloseAsync();
        });
        await using GawClient client = new("127.0.0.1", server.Port);
        await client.CallAsync<int>("a/b", [0], cancellationToken: Token);
        int[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.CallAsync<int>("a/b", [i], cancellationToken: Token)));

        results.Should().Equal(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task Cancelled_calls_do_not_disturb_the_others()
    {
        int count = IsLong ? 100_000 : 4_000;
        await using TestServer server = await TestServer.ServingAsync<ServerConformanceTests.Promise>();
        await using GawClient client = server.Connect();
        int cancelled = 0;
        int wrong = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            Random random = new(thread);
            for (int i = 0; i < count / 8; i++)
            {
                int value = (thread * count) + i;
                using CancellationTokenSource cancellation = new();
                Task<int> call = client.CallAsync<int>("promise/same", [value], cancellationToken: cancellation.Token);
                if (random.Next(4) == 0)
                {
                    for (int spin = random.Next(3000); spin > 0; spin--)
                    {
                        Thread.SpinWait(1);
                    }

                    _ = cancellation.CancelAsync();
                }

                try
                {
                    if (await call != value)
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
                catch (OperationCanceledException e)
                {
                    e.CancellationToken.Should().Be(cancellation.Token, "a call ends by its own token only");
                    Interlocked.Increment(ref cancelled);
                }
            }
        }, Token)));

        wrong.Should().Be(0);
        cancelled.Should().BePositive();
        (await client.CallAsync<int>("promise/same", [7], cancellationToken: Token)).Should().Be(7);
    }

    [Fact]
    public async Task A_client_that_is_disposed_fails_the_calls_of_all_its_threads()
    {
        for (int round = 0; round < (IsLong ? 500 : 30); round++)
        {
            await using BadServer server = BadServer.Start(BadServer.Hang);
            GawClient client = new("127.0.0.1", server.Port);
            Task<object>[] calls = [.. Enumerable.Range(0, 4).Select(i => CallAsync(client, synchronous: i % 2 == 0))];
            await server.WaitForRequestsAsync(4);
            client.Dispose();

            object[] outcomes = await Task.WhenAll(calls).WaitAsync(TestTimeouts.Limit, Token);
            outcomes.Should().AllBeOfType<GawConnectionException>();
        }
    }

    [Fact]
    public async Task One_synchronous_call_never_gives_a_result_that_did_not_come()
    {
        for (int round = 0; round < (IsLong ? 2000 : 100); round++)
        {
            await using BadServer server = BadServer.Start(BadServer.Hang);
            GawClient client = new("127.0.0.1", server.Port);
            Task<object> call = CallAsync(client, synchronous: true);
            await server.WaitForRequestsAsync(1);
            client.Dispose();

            (await call.WaitAsync(TestTimeouts.Limit, Token)).Should().BeOfType<GawConnectionException>();
        }
    }

    private static Func<BadServer.Connection, Task> Saying(Protection protection) =>
        connection => connection.ForEachAsync(request => connection.SendAsync(protection.Code.Frame(BadServer.Answer(request.Id, "1"))));

    private static async Task<object> CallAsync(GawClient client, bool synchronous)
    {
        try
        {
            return synchronous
                ? await DedicatedThread.RunAsync(() => client.Call<int>("v/echo", [1]))
                : await client.CallAsync<int>("v/echo", [1], cancellationToken: Token);
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
