using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>Every ending of a connection tells each open call its own execution, and nothing is attributed by guess.</summary>
public sealed class CallEndingTests
{
    private static readonly CallOptions Idempotent = new() { Idempotent = true };

    /// <summary>What a .NET server does on its first connection once it has calls of one client open.</summary>
    private static readonly Dictionary<string, Func<BadServer.Connection, IReadOnlyList<BadRequest>, Task>> Faults = new()
    {
        ["garbage"] = (connection, _) => connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"),
        ["garbage in a frame"] = (connection, _) => connection.SendAsync(WireCode.Framed([200, 201, 202])),
        ["an answer to nobody"] = (connection, open) => connection.SendFrameAsync(BadServer.Answer("1" + open[0].Id, "1")),
        ["an answer above the limit"] = (connection, _) => connection.SendAsync("900000000\n{"),
        ["a failure of no single call"] = (connection, _) => connection.SendFrameAsync(BadServer.ErrorFrame(FailureForm.Both)),
        ["a failure of a seal"] = (connection, _) => connection.SendFrameAsync(BadServer.ErrorFrame(FailureForm.Both, "DecodeError", "signature verification failed")),
        ["a frame above a limit that none is above"] = (connection, _) => connection.SendFrameAsync(BadServer.ErrorFrame(FailureForm.Both, "FrameTooLarge", "The frame is above this server's limit of 65536 bytes.")),
        ["the end of the stream"] = (_, _) => Task.CompletedTask,
        ["a reset"] = (connection, _) =>
        {
            connection.Reset();
            return Task.CompletedTask;
        },
        ["no place for the connection"] = (connection, _) => connection.SendFrameAsync(BadServer.ErrorFrame(FailureForm.Both, "ServerBusy", "The server has as many connections as it may have. Try again later.")),
    };

    public static TheoryData<string> EveryFault => [.. Faults.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task Every_ending_tells_each_call_its_own_execution_and_what_may_be_is_sent_again(string fault)
    {
        const int count = 20;
        await using BadServer server = BadServer.Start(BadServer.InTurn(FailingWith(fault, count), BadServer.Answering(request => request.Args.Split('[', ']')[1])));
        await using GawClient client = new("127.0.0.1", server.Port);
        (await client.CallAsync<int>("a/b", [0], cancellationToken: Token)).Should().Be(0);

        Task<int>[] again = [.. Enumerable.Range(0, count - 1).Select(i => client.CallAsync<int>("a/b", [i], cancellationToken: Token, options: Idempotent))];
        Task<int> once = client.CallAsync<int>("a/b", [count], cancellationToken: Token);

        (await Task.WhenAll(again).WithinAsync(TestTimeouts.Limit, () => "a call did not end")).Should().Equal(Enumerable.Range(0, count - 1));
        if (fault == "no place for the connection")
        {
            (await once).Should().Be(count, "the server says that it has not run");
        }
        else
        {
            (await FluentActions.Awaiting(() => once).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_call_behind_one_that_was_answered_twice_is_right(bool synchronous, bool inOneWrite)
    {
        for (int round = 0; round < 100; round++)
        {
            await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(async request =>
            {
                string value = request.Args.Split('[', ']')[1];
                byte[] answer = connection.Code.Frame(connection.Index == 0 && value == "0" ? BadServer.FirstAnswer(request.Id, value) : BadServer.Answer(request.Id, value));
                bool twice = connection.Index == 0 && value == "1";
                await connection.SendAsync(twice && inOneWrite ? [.. answer, .. answer] : answer);
                if (twice && !inOneWrite)
                {
                    await connection.SendAsync(answer);
                }
            }));
            await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0 });
            for (int call = 0; call < 5; call++)
            {
                (await Endings.CallAsync(client, call, synchronous)).Should().Be(Ending.Result, "round {0}, call {1}", round, call);
            }

            server.RequestCount.Should().Be(5, "no call is sent twice");
            server.ConnectionCount.Should().Be(2, "the connection that was out of step is left");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_frame_is_the_failure_of_its_own_call_and_what_stands_behind_it_is_sent_elsewhere(bool given)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { MaxFrameBytes = 64 * 1024 });
        await using GawClient client = new("127.0.0.1", server.Port);
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        Task<int> before = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);

        using CancellationTokenSource caller = new();
        Task<string> large = client.CallAsync<string>("vault/echo", [new string('x', 1_000_000)], cancellationToken: caller.Token);
        if (given)
        {
            await caller.CancelAsync();
            await FluentActions.Awaiting(() => large).Should().ThrowAsync<OperationCanceledException>();
        }

        Task<int>[] behind = [.. Enumerable.Range(0, 5).Select(_ => client.CallAsync<int>("vault/count", cancellationToken: Token))];
        server.Vault.Open.SetResult();

        await before.WithinAsync(TestTimeouts.Limit, () => "the call in front did not end");
        await Task.WhenAll(behind).WithinAsync(TestTimeouts.Limit, () => "an innocent call did not end");
        server.Vault.Runs.Should().Be(7, "each ran once");
        if (!given)
        {
            (await FluentActions.Awaiting(() => large).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("FrameTooLarge");
        }
    }

    [Fact]
    public async Task A_call_whose_key_has_come_round_to_one_that_is_open_gets_another_key()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        Gaw.Shared.CallIds ids = ClientInsides.Ids(client);
        int before = ClientInsides.NextKey(ids);
        Task<int> open = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        ClientInsides.NextKey(ids) = before;

        (await client.CallAsync<string>("vault/echo", ["second"], cancellationToken: Token)).Should().Be("second");
        server.Vault.Open.SetResult();
        await open;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_a_server_has_no_place_for_among_its_replies_has_not_run_and_is_sent_again(bool synchronous)
    {
        // It keeps replies, and takes each third call for one that is too old to be told from a repeated one.
        int calls = 0;
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(request => request.Path switch
        {
            "_gaw/repeat" => connection.SendFrameAsync(BadServer.Answer(request.Id, "null")[..^1] + ", \"meta\": {\"keeps\": {\"server\": 5, \"now_ms\": 1000}}}"),
            _ when calls++ % 3 == 0 => connection.FailAsync(request, "ReplyNotKept", "the reply to this request is not kept, or not any more"),
            _ => connection.AnswerAsync(request, request.Args.Split('[', ']')[1]),
        }));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { RetryWhen = RetryWhen.KeptReplies });
        for (int call = 0; call < 4; call++)
        {
            (await Endings.CallAsync(client, call, synchronous)).Should().Be(Ending.Result);
        }

        calls.Should().Be(6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_has_spoken_Gaw_is_not_asked_whether_it_is_one(bool hasSpoken)
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(hasSpoken ? AnswerOne : BadServer.CloseAfterRequest, BadServer.CloseAfterRequest));
        await using GawClient client = new("127.0.0.1", server.Port);
        if (hasSpoken)
        {
            (await Endings.CallAsync(client, 1, synchronous: true)).Should().Be(Ending.Result);
            await server.WaitForClosedAsync(1);
        }

        string message = (await FluentActions.Awaiting(() => client.CallAsync<int>("a/b", cancellationToken: Token)).Should().ThrowAsync<GawConnectionException>()).Which.Message;
        message.Contains("does it want TLS", StringComparison.Ordinal).Should().Be(!hasSpoken, message);

        static async Task AnswerOne(BadServer.Connection connection) => await connection.AnswerAsync((await connection.ReadRequestAsync())!, "1");
    }

    [Fact]
    public async Task A_peer_that_acknowledges_nothing_ends_its_connection_where_the_system_can_tell()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has TCP_USER_TIMEOUT.");
        using DeadServer server = DeadServer.Silent();
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address, server.Port, Token);
        using Gaw.PostOffice.Sockets.Transport transport = new(socket);
        byte[] milliseconds = new byte[4];
        socket.GetRawSocketOption(6, 18, milliseconds).Should().Be(4);

        BitConverter.ToInt32(milliseconds).Should().Be(120_000, "keep-alive takes as long where nothing is on its way");
    }

    /// <summary>As a .NET server answers one call, then does wrong once <paramref name="count"/> are open.</summary>
    private static Func<BadServer.Connection, Task> FailingWith(string fault, int count) => async connection =>
    {
        BadRequest first = (await connection.ReadRequestAsync())!;
        await connection.SendFrameAsync(BadServer.FirstAnswer(first.Id, "0"));
        List<BadRequest> open = [];
        while (open.Count < count)
        {
            open.Add((await connection.ReadRequestAsync())!);
        }

        await Faults[fault](connection, open);
        if (!fault.StartsWith("the end", StringComparison.Ordinal))
        {
            await connection.WaitForCloseAsync();
        }
    };
}
