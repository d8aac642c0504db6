using System.Text.Json;
using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary><c>gaw bridge</c>: Python's callers and servers, which speak TCP only, on an engine.</summary>
public sealed class BridgeTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODw==";

    public static TheoryData<string?, bool> Modes => new() { { null, false }, { Key, false }, { Key, true } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_Python_caller_calls_a_worker_and_gets_its_errors_as_its_own(string? secret, bool encrypt)
    {
        string engine = await NatsEngine.GetAddressAsync();
        await using GawServer worker = new GawServer(engine, new GawServerOptions { Secret = SecretOf(secret), Encrypt = encrypt }).Add<MathService>("hello!");
        await worker.StartAsync(Token);
        await using ServingTool bridge = await BridgeAsync(engine, secret, encrypt, "--listen", "127.0.0.1:0");
        await using PythonClient python = await PythonPeer.StartClientAsync(PortOf(bridge), secret, encrypt);

        (await python.SendAsync(new { path = "math_service/plus", args = new[] { 10, 20 } })).GetProperty("result").GetString().Should().Be("hello!: 30");
        JsonElement unknown = await python.SendAsync(new { path = "math_service/nope" });
        unknown.GetProperty("error").GetString().Should().Be("JsonSocketException");
        unknown.GetProperty("name").GetString().Should().Be("KeyError");
        unknown.GetProperty("message").GetString().Should().Contain("math_service/nope not found");
        (await python.SendAsync(new { path = "math_service/divide", args = new[] { 1, 0 } })).GetProperty("name").GetString().Should().Be("DivideByZeroException");
        (await python.SendAsync(new { path = "math_service/plus", args = new[] { 1, 2 } })).GetProperty("result").GetString().Should().Be("hello!: 3", "the connection goes on");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_NET_caller_calls_a_Python_server_over_an_engine(string? secret, bool encrypt)
    {
        string engine = await NatsEngine.GetAddressAsync();
        await using PythonServer python = await PythonPeer.StartServerAsync(secret, encrypt);
        await using ServingTool bridge = await BridgeAsync(engine, secret, encrypt, "--serve", $"v=127.0.0.1:{python.Port}", "--serve", $"math_service=127.0.0.1:{python.Port}");
        await using GawClient client = new(engine, new GawClientOptions { Secret = SecretOf(secret), Encrypt = encrypt });

        object?[] sent = [1L, "two", 3.5, null];
        (await client.CallAsync<object?[]>("v/echo", [sent], cancellationToken: Token)).Should().Equal(sent);
        (await client.Awaiting(static one => one.CallAsync<object>("v/fail_key")).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("KeyError");
        (await client.Awaiting(static one => one.CallAsync<object>("v/none")).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("KeyError");
        object?[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => client.CallAsync<object?>("v/echo", [number], cancellationToken: Token)));
        answers.Select(static answer => Convert.ToInt32(answer, System.Globalization.CultureInfo.InvariantCulture)).Should().Equal(Enumerable.Range(0, 40), "each gets its own answer");
    }

    [Theory]
    [InlineData("math=nats://me:q7qw9w@x", "math=nats://x is not about one TCP server")]
    [InlineData("math=me:q7qw9w@x:5", "it has a user")]
    [InlineData("nats://me:q7qw9w@x:5", "names no service")]
    [InlineData("nats://me:q7q=w9w@x:5", "names no service")]
    [InlineData("me:q7q=w9w@x:5", "it has a user")]
    public async Task What_a_bridge_cannot_serve_is_named_without_a_password(string served, string said)
    {
        ToolRun run = await ToolRun.RunAsync("bridge", "--nats", "nats://127.0.0.1:1", "--serve", served);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(said).And.NotContain("q7q").And.NotContain("w9w");
    }

    [Fact]
    public async Task A_bridge_whose_login_the_engine_refuses_does_not_start()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync("authorization { user: me, password: right }");

        ToolRun run = await ToolRun.RunAsync("bridge", "--nats", engine.NewAddress("me:q7qw9w@"), "--listen", "127.0.0.1:0");

        run.ExitCode.Should().Be(3);
        run.Error.Should().Contain("refuses the user or password").And.NotContain("q7q");
    }

    [Fact]
    public async Task A_slow_call_of_a_Python_server_holds_up_no_other_since_the_bridge_has_several_connections()
    {
        string engine = await NatsEngine.GetAddressAsync();
        PythonServer python = await PythonPeer.StartServerAsync();
        await using ServingTool bridge = await BridgeAsync(engine, null, false, "--serve", $"v=127.0.0.1:{python.Port}");
        await using GawClient client = new(engine);
        Task<object?> slow;
        await using (python)
        {
            slow = client.CallAsync<object?>("v/sleep", [600], cancellationToken: Token);
            object?[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => client.CallAsync<object?>("v/echo", [number], cancellationToken: Token)));

            answers.Should().HaveCount(20);
            slow.IsCompleted.Should().BeFalse();
        }

        (await slow.Awaiting(static one => one).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("ConnectionError", "the bridge's server is gone");
    }

    [Fact]
    public async Task A_stream_as_an_argument_is_a_list_for_whoever_is_behind_a_bridge()
    {
        string engine = await NatsEngine.GetAddressAsync();
        await using PythonServer python = await PythonPeer.StartServerAsync();
        await using FeedServer feed = await FeedServer.StartAsync(engine: engine);
        await using ServingTool bridge = await BridgeAsync(engine, null, false, "--listen", "127.0.0.1:0", "--serve", $"v=127.0.0.1:{python.Port}");
        await using GawClient onEngine = new(engine);
        await using GawClient behind = new("127.0.0.1", PortOf(bridge));

        (await onEngine.CallAsync<int[]>("v/echo", [Numbers()], cancellationToken: Token)).Should().Equal(0, 1, 2);
        (await behind.CallAsync<int>("feed/add", [Numbers()], cancellationToken: Token)).Should().Be(3);

        static async IAsyncEnumerable<int> Numbers()
        {
            for (int i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    [Fact]
    public async Task A_Python_caller_calls_a_Python_server_over_two_bridges()
    {
        string engine = await NatsEngine.GetAddressAsync();
        await using PythonServer server = await PythonPeer.StartServerAsync();
        await using ServingTool far = await BridgeAsync(engine, null, false, "--serve", $"v=127.0.0.1:{server.Port}");
        await using ServingTool near = await BridgeAsync(engine, null, false, "--listen", "127.0.0.1:0");
        await using PythonClient client = await PythonPeer.StartClientAsync(PortOf(near));

        (await client.SendAsync(new { path = "v/echo", args = new object[] { new[] { 1, 2 } } })).GetProperty("text").GetString().Should().Be("[1, 2]");
        (await client.SendAsync(new { path = "v/fail_key" })).GetProperty("name").GetString().Should().Be("KeyError");
    }

    [Fact]
    public async Task What_the_bridge_cannot_reach_is_an_error_of_the_call_and_not_of_the_connection()
    {
        string engine = await NatsEngine.GetAddressAsync();
        await using GawServer worker = new GawServer(engine).Add<MathService>("hello!");
        await worker.StartAsync(Token);
        await using ServingTool bridge = await BridgeAsync(engine, null, false, "--listen", "127.0.0.1:0", "--serve", "gone=127.0.0.1:1");
        await using PythonClient python = await PythonPeer.StartClientAsync(PortOf(bridge));

        JsonElement gone = await python.SendAsync(new { path = "gone/method" });
        gone.GetProperty("name").GetString().Should().Be("ConnectionError");
        gone.GetProperty("message").GetString().Should().Contain("127.0.0.1:1").And.Contain("It has not run");
        (await python.SendAsync(new { path = "math_service/plus", args = new[] { 1, 2 } })).GetProperty("ok").GetBoolean().Should().BeTrue();
    }

    [Theory]
    [InlineData("bridge", "--listen", "127.0.0.1:0", "needs --nats")]
    [InlineData("bridge", "--nats", "nats://127.0.0.1:1", "nothing to do")]
    [InlineData("bridge", "--nats", "127.0.0.1:1", "--listen", "127.0.0.1:0", "127.0.0.1:1 is no address of an engine")]
    [InlineData("bridge", "--nats", "nats://127.0.0.1:1", "--serve", "127.0.0.1:1", "names no service")]
    [InlineData("bridge", "--nats", "nats://127.0.0.1:1", "--serve", "a=127.0.0.1:1,127.0.0.1:2", "one TCP server")]
    [InlineData("bridge", "--nats", "nats://127.0.0.1:1", "--listen", "dns:///a:1", "no address to listen on")]
    [InlineData("bridge", "--nats", "nats://u:q7qw9w@127.0.0.1:1?colour=red", "--listen", "127.0.0.1:0", "colour")]
    public async Task A_bridge_that_leads_nowhere_is_refused(params string[] words)
    {
        ToolRun run = await ToolRun.RunAsync(words[..^1]);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(words[^1]).And.NotContain("q7q");
    }

    private static Secret? SecretOf(string? secret) => secret is null ? null : Secret.FromBase64(secret);

    private static int PortOf(ServingTool bridge) => int.Parse(bridge.FirstLine.Split("calls at 127.0.0.1:")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<ServingTool> BridgeAsync(string engine, string? secret, bool encrypt, params string[] words)
    {
        if (secret is null)
        {
            return await ToolRun.ServeAsync(["bridge", "--nats", engine, .. words]);
        }

        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, secret, Token);
        try
        {
            return await ToolRun.ServeAsync(["bridge", "--nats", engine, .. words, "--secret-file", file, .. encrypt ? new[] { "--encrypt" } : []]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
