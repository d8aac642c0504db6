using System.Text.Json;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>The README's value with a type of its own, on its way between all kinds of callers and services.</summary>
public sealed class MathResultTests
{
    private static readonly MathResult Expected = new("hello!", 30);

    [Fact]
    public async Task A_result_with_a_type_of_its_own_is_read_by_every_kind_of_caller()
    {
        await using TestServer server = await TestServer.ServingAsync<Calculator>();
        GawClientOptions options = new();
        options.Types.Add<MathResult>();
        await using GawClient knowing = server.Connect(options);
        await using GawClient ignorant = server.Connect();
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port);
        dynamic rpc = knowing;
        dynamic blind = ignorant;

        ignorant.Call<MathResult>("calculator/plus", [10, 20]).Should().Be(Expected);
        ((object)rpc.calculator.plus(10, 20)).Should().Be(Expected, "a registered type arrives as itself");
        dynamic unknown = blind.calculator.plus(10, 20);
        ((string)unknown.TypeName, (string)unknown.header, (int)unknown.result).Should().Be(("MathResult", "hello!", 30));
        ((string)blind.calculator.describe(unknown)).Should().Be("MathResult { Header = hello!, Result = 30 }", "it is sent on as it came");
        JsonElement seen = await python.CallAsync("calculator/plus", 10, 20);
        seen.GetProperty("type").GetString().Should().Be("MathResult(header:str,result:int)");
        seen.GetProperty("result").GetProperty("_v").GetProperty("result").GetInt32().Should().Be(30);
    }

    [Fact]
    public async Task A_python_service_gives_and_takes_it()
    {
        await using PythonServer python = await PythonPeer.StartServerAsync();
        await using GawClient client = new("127.0.0.1", python.Port);

        client.Call<MathResult>("math_result/compute", [10, 20]).Result.Should().Be(30);
        client.Call<string>("v/describe", [new MathResult("hello!", 30)]).Should().StartWith("MathResult");
        client.Call<MathResult>("v/echo", [Expected]).Should().Be(Expected);
    }

    [GawSerializable]
    public sealed record MathResult(string Header, int Result);

    public sealed class Calculator
    {
        [Entrypoint]
        public MathResult Plus(int a, int b) => new("hello!", a + b);

        [Entrypoint]
        public string Describe(MathResult result) => result.ToString();
    }
}
