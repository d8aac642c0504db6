using System.Text.Json;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>A Python program that speaks the original's protocol, on either end.</summary>
public sealed class PythonTests
{
    [Fact]
    public async Task A_python_client_calls_a_dotnet_service()
    {
        await using TestServer server = await TestServer.ServingAsync<MathService>("hello!");
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port);

        (await python.CallAsync("math_service/plus", 10, 20)).GetProperty("result").GetString().Should().Be("hello!: 30");
        (await python.SendAsync(new { path = "math_service/plus", args = new[] { 1 }, kwargs = new { b = 2 } })).GetProperty("result").GetString().Should().Be("hello!: 3");
        JsonElement failure = await python.CallAsync("math_service/fail");
        failure.GetProperty("error").GetString().Should().Be("JsonSocketException");
        failure.GetProperty("name").GetString().Should().Be("ValueError");
        failure.GetProperty("message").GetString().Should().Be("no good");
        (await python.CallAsync("math_service/nope")).GetProperty("name").GetString().Should().Be("KeyError");
        (await python.CallAsync("math_service/plus", 1, 2)).GetProperty("result").GetString().Should().Be("hello!: 3", "the failures belong to their calls");
    }

    [Fact]
    public async Task A_python_client_gets_its_pipelined_answers_in_order_however_long_each_takes()
    {
        await using TestServer server = await TestServer.ServingAsync<MathService>("hello!");
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port);

        JsonElement answers = await python.SendAsync(new
        {
            batch = Enumerable.Range(0, 40).Select(i => new { path = i % 3 == 0 ? "math_service/plus_later" : "math_service/plus", args = new[] { i, 0 } }).ToArray(),
        });

        answers.GetProperty("results").EnumerateArray().Select(a => a.GetProperty("result").GetString())
            .Should().Equal(Enumerable.Range(0, 40).Select(i => $"hello!: {i}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dotnet_client_calls_a_python_service(bool twoWrites)
    {
        await using PythonServer python = await PythonPeer.StartServerAsync(twoWrites: twoWrites);
        await using GawClient client = new("127.0.0.1", python.Port);
        dynamic rpc = client;

        string dynamically = rpc.math_service.plus(10, b: 20);
        dynamically.Should().Be("hello!: 30");
        client.Call<string>("math_service/multiply", [10, 20]).Should().Be("hello!: 200");
        string[] many = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.CallAsync<string>("math_service/plus", [i, 0])));
        many.Should().Equal(Enumerable.Range(0, 100).Select(i => $"hello!: {i}"));
        client.Invoking(c => c.Call<object>("v/fail_value")).Should().Throw<GawRemoteException>()
            .Where(e => e.RemoteName == "ValueError" && e.RemoteMessage == "no good" && e.RemoteTrace!.Contains("Traceback"));
        python.Complaints.Should().BeEmpty();
    }

    public sealed class MathService(string helloMsg)
    {
        [Entrypoint]
        public string Plus(int a, int b) => $"{helloMsg}: {a + b}";

        [Entrypoint]
        public async Task<string> PlusLaterAsync(int a, int b)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
            return $"{helloMsg}: {a + b}";
        }

        [Entrypoint]
        public int Fail() => throw new GawError("ValueError", "no good");
    }
}
