using System.Text.Json;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>A Python program and ours understand each other in every mode and key size, both ways, values of every type included.</summary>
public sealed class PythonSecurityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Protection.Keyed), MemberType = typeof(Protection))]
    public async Task A_python_client_calls_us(string mode)
    {
        Protection protection = Protection.Named(mode);
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Shapes>(), protection.Server);
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port, protection.Key, protection.Encrypt, twoWrites: true);

        JsonElement line = await python.CallAsync("shapes/line", WirePoint(1, 2), WirePoint(3, 4));
        line.GetProperty("type").GetString().Should().Be("Line(start:Point(x:int,y:int),end:Point(x:int,y:int),label:str)");
        line.GetProperty("result").GetProperty("_v").GetProperty("end").GetProperty("_v").GetProperty("x").GetInt32().Should().Be(3);
        foreach ((string sent, string type) in ((string, string)[])
            [
                ("""{"_v": [1, "two", 3.0], "_t": "tuple"}""", "tuple[int,str,float]"), ("""{"_v": [1, 2], "_t": "set"}""", "set[int,int]"),
                ("""{"_v": "2016-07-29 11:18:20.480054+07:00", "_t": "datetime"}""", "datetime(+07:00)"), ("""{"_v": "0c2ebc86-9ad6-4d08-a7fb-e7b9f0fd6d2e", "_t": "uuid"}""", "UUID"),
                ("3.0", "float"), ("123456789012345678901234567890", "int"), ("null", "None"), ("""{"a": [1, {"b": null}]}""", "dict[a:list[int,dict[b:None]]]"),
            ])
        {
            JsonElement answer = await python.CallTextAsync("shapes/echo", $"[{sent}]");
            (answer.GetProperty("text").GetString(), answer.GetProperty("type").GetString()).Should().Be((sent, type));
        }

        for (int length = 0; length < 40; length++)
        {
            (await python.CallAsync("shapes/echo", new string('\u0e1f', length))).GetProperty("result").GetString().Should().HaveLength(length);
        }

        JsonElement failure = await python.CallAsync("shapes/fail");
        (failure.GetProperty("error").GetString(), failure.GetProperty("name").GetString(), failure.GetProperty("message").GetString())
            .Should().Be(("JsonSocketException", "ShopError", "sold out"));
        (await python.CallAsync("shapes/nope")).GetProperty("name").GetString().Should().Be("KeyError");
    }

    [Theory]
    [MemberData(nameof(Protection.Keyed), MemberType = typeof(Protection))]
    public async Task We_call_a_python_server(string mode)
    {
        Protection protection = Protection.Named(mode);
        await using PythonServer python = await PythonPeer.StartServerAsync(protection.Key, protection.Encrypt, twoWrites: true);
        GawClientOptions options = protection.Client;
        options.Types.Add<Point>();
        options.Types.Add<Line>();
        await using GawClient client = new("127.0.0.1", python.Port, options);

        client.Call<string>("math_service/plus", [1, 2]).Should().Be("hello!: 3");
        Line line = new(new Point(1, 2), new Point(3, 4), "\u0e1f");
        client.Call<Line>("v/echo", [line]).Should().Be(line);
        client.Call<string>("v/describe", [line]).Should().Be("Line(start:Point(x:int,y:int),end:Point(x:int,y:int),label:str)");
        client.Call<string>("v/describe", [(1, 2.0, "three")]).Should().Be("tuple[int,float,str]");
        client.Call<HashSet<int>>("v/echo", [new HashSet<int> { 1, 2 }]).Should().BeEquivalentTo([1, 2]);
        Guid id = Guid.NewGuid();
        client.Call<Guid>("v/echo", [id]).Should().Be(id);
        DateTimeOffset moment = new(2016, 7, 29, 11, 18, 20, 480, TimeSpan.FromHours(7));
        client.Call<DateTimeOffset>("v/echo", [moment]).Should().Be(moment);
        for (int length = 0; length < 40; length++)
        {
            client.Call<string>("v/text", [length]).Should().HaveLength(length);
        }

        int[] many = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.CallAsync<int>("v/echo", [i], cancellationToken: Cancellation)));
        many.Should().Equal(Enumerable.Range(0, 100));
        client.Invoking(c => c.Call<object>("v/fail_custom")).Should().Throw<GawRemoteException>().Which.RemoteName.Should().Be("ShopError");
        python.Complaints.Should().BeEmpty();
    }

    [Theory]
    [InlineData("signed256")]
    [InlineData("encrypted256")]
    public async Task A_wrong_key_is_named_on_both_sides(string mode)
    {
        Protection protection = Protection.Named(mode);
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server);
        await using PythonClient stranger = await PythonPeer.StartClientAsync(server.Port, Protection.OtherKey, protection.Encrypt);
        JsonElement refused = await stranger.CallAsync("vault/count");
        refused.GetProperty("error").GetString().Should().Be("PostofficeException");
        server.Vault.Runs.Should().Be(0);

        await using PythonServer python = await PythonPeer.StartServerAsync(Protection.OtherKey, protection.Encrypt);
        await using GawClient client = new("127.0.0.1", python.Port, protection.Client);
        client.Invoking(c => c.Call<int>("v/count")).Should().Throw<GawAuthenticationException>().WithMessage("*Secret*");
    }

    [Fact]
    public async Task A_python_client_is_served_within_the_replay_window_and_its_repeats_are_refused()
    {
        Protection protection = Protection.EncryptedFrames;
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server with { ReplayWindow = TimeSpan.FromMinutes(2) });
        await using PythonClient python = await PythonPeer.StartClientAsync(server.Port, protection.Key, protection.Encrypt);
        for (int i = 1; i <= 20; i++)
        {
            (await python.CallAsync("vault/count")).GetProperty("result").GetInt32().Should().Be(i, "its ids are UUIDs of version 1 and made now");
        }

        await using PythonClient second = await PythonPeer.StartClientAsync(server.Port, protection.Key, protection.Encrypt);
        string id = VersionOne(DateTimeOffset.UtcNow.AddSeconds(1)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string command = $$"""{"path": "vault/count", "args": [], "id": {{id}}}""";
        (await python.SendAsync(command)).GetProperty("result").GetInt32().Should().Be(21);
        foreach (PythonClient client in (PythonClient[])[python, second])
        {
            JsonElement refused = await client.SendAsync(command);
            (refused.GetProperty("error").GetString(), refused.GetProperty("name").GetString()).Should().Be(("JsonSocketException", "ReplayError"));
        }

        server.Vault.Runs.Should().Be(21);
    }

    [Fact]
    public async Task While_a_secret_is_changed_python_clients_with_the_old_one_are_served()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(
            new GawServerOptions { Secret = Protection.OtherKey, AcceptedSecrets = [Protection.EncryptedFrames.Key!], Encrypt = true });
        await using PythonClient older = await PythonPeer.StartClientAsync(server.Port, Protection.EncryptedFrames.Key, encrypt: true);
        await using PythonClient newer = await PythonPeer.StartClientAsync(server.Port, Protection.OtherKey, encrypt: true);
        for (int i = 0; i < 3; i++)
        {
            (await older.CallAsync("vault/echo", "old")).GetProperty("result").GetString().Should().Be("old");
            (await newer.CallAsync("vault/echo", "new")).GetProperty("result").GetString().Should().Be("new");
        }
    }

    private static object WirePoint(int x, int y) => new Dictionary<string, object> { ["_v"] = new { x, y }, ["_t"] = "Point" };

    /// <summary>As <c>uuid.uuid1().int</c> at this moment.</summary>
    private static UInt128 VersionOne(DateTimeOffset made)
    {
        ulong ticks = (ulong)(made - new DateTimeOffset(1582, 10, 15, 0, 0, 0, TimeSpan.Zero)).Ticks;
        return ((UInt128)(ticks & 0xffff_ffff) << 96) | ((UInt128)((ticks >> 32) & 0xffff) << 80) | ((UInt128)1 << 76) | ((UInt128)(ticks >> 48) << 64)
            | ((UInt128)2 << 62) | 4711;
    }

    [GawSerializable("Point")]
    public sealed record Point(int X, int Y);

    [GawSerializable("Line")]
    public sealed record Line(Point Start, Point End, string? Label = null);

    public sealed class Shapes
    {
        [Entrypoint]
        public Line Line(Point start, Point end) => new(start, end, "made here");

        [Entrypoint]
        public object? Echo(object? value) => value;

        [Entrypoint]
        public int Fail() => throw new GawError("ShopError", "sold out");
    }
}
