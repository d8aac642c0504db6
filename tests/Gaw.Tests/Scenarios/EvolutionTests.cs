using System.Text.Json.Serialization;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>Each line of the page "How do I change a contract?": an older and a newer build of one type, each as client and as server.</summary>
public sealed class EvolutionTests
{
    public enum OldKind
    {
        A,
    }

    public enum NewKind
    {
        A,
        B,
    }

    [Fact]
    public async Task A_member_with_a_default_can_be_added_to_servers_first()
    {
        (await ArgumentAsync<Old, WithDefault>(new Old(1))).Should().Be(new WithDefault(1, 7));
        (await ResultAsync<WithDefault, Old>(new WithDefault(1, 9))).Should().Be(new Old(1));
        (await ResultAsync<Old, WithDefault>(new Old(1))).Should().Be(new WithDefault(1, 7));
        await RefusedAsync(() => ArgumentAsync<WithDefault, Old>(new WithDefault(1, 9)), "no member \"b\"");
    }

    [Fact]
    public async Task A_required_member_cannot_be_added_while_older_builds_send_the_type()
    {
        await RefusedAsync(() => ArgumentAsync<Old, WithMore>(new Old(1)), "b");
        (await ResultAsync<WithMore, Old>(new WithMore(1, 9))).Should().Be(new Old(1));
        await RefusedAsync(() => ArgumentAsync<WithMore, Old>(new WithMore(1, 9)), "no member \"b\"");
        await RefusedAsync(() => ResultAsync<Old, WithMore>(new Old(1)), "b");
    }

    [Fact]
    public async Task A_member_that_keeps_its_name_on_the_wire_can_be_renamed()
    {
        (await ArgumentAsync<Old, Renamed>(new Old(1))).Should().Be(new Renamed(1));
        (await ResultAsync<Renamed, Old>(new Renamed(1))).Should().Be(new Old(1));
        (await ArgumentAsync<Renamed, Old>(new Renamed(1))).Should().Be(new Old(1));
        (await ResultAsync<Old, Renamed>(new Old(1))).Should().Be(new Renamed(1));
    }

    [Fact]
    public async Task A_number_can_become_wider_as_long_as_older_builds_get_what_fits()
    {
        (await ArgumentAsync<Old, Wider>(new Old(1))).Should().Be(new Wider(1));
        (await ResultAsync<Wider, Old>(new Wider(1))).Should().Be(new Old(1));
        (await ArgumentAsync<Wider, Old>(new Wider(1))).Should().Be(new Old(1));
        await RefusedAsync(() => ResultAsync<Wider, Old>(new Wider(long.MaxValue)), "int");
        await RefusedAsync(() => ArgumentAsync<Wider, Old>(new Wider(long.MaxValue)), "int");
    }

    [Fact]
    public async Task A_value_of_an_enum_can_be_added_as_long_as_older_builds_do_not_get_it()
    {
        (await ArgumentAsync<OldKind, NewKind>(OldKind.A)).Should().Be(NewKind.A);
        (await ResultAsync<NewKind, OldKind>(NewKind.A)).Should().Be(OldKind.A);
        await RefusedAsync(() => ResultAsync<NewKind, OldKind>(NewKind.B), "B");
        await RefusedAsync(() => ArgumentAsync<NewKind, OldKind>(NewKind.B), "B");
    }

    [Fact]
    public async Task A_type_that_says_so_passes_over_what_it_does_not_know()
    {
        (await ArgumentAsync<WithDefault, Tolerant>(new WithDefault(1, 9))).Should().Be(new Tolerant(1));
        await RefusedAsync(() => ResultAsync<WithDefault, Strict>(new WithDefault(1, 9)), "no member \"b\"");
    }

    /// <summary>What a server of one build gets of a client of the other.</summary>
    private static async Task<TServer?> ArgumentAsync<TClient, TServer>(TClient value)
    {
        Taken<TServer> taken = new Taken<TServer>();
        await using TestServer server = await TestServer.StartAsync(server => server.Add<Taking<TServer>>(taken));
        await using GawClient client = server.Connect();
        await client.CallAsync<object?>("contract/take", [value]);
        return taken.Value;
    }

    /// <summary>What a client of one build gets of a server of the other.</summary>
    private static async Task<TClient> ResultAsync<TServer, TClient>(TServer value)
    {
        await using TestServer server = await TestServer.StartAsync(server => server.Add<Giving<TServer>>(value));
        await using GawClient client = server.Connect();
        return await client.CallAsync<TClient>("contract/give");
    }

    private static async Task RefusedAsync<T>(Func<Task<T>> call, string word) =>
        (await call.Should().ThrowAsync<GawException>()).Which.Message.Should().Contain(word);

    public sealed class Taken<T>
    {
        public T? Value { get; set; }
    }

    [Service("contract")]
    public sealed class Taking<T>(Taken<T> taken)
    {
        [Entrypoint]
        public void Take(T value) => taken.Value = value;
    }

    [Service("contract")]
    public sealed class Giving<T>(T value)
    {
        [Entrypoint]
        public T Give() => value;
    }

    public sealed record Old(int A);

    public sealed record WithDefault(int A, int B = 7);

    public sealed record WithMore(int A, int B);

    public sealed record Renamed([property: JsonPropertyName("a")] int Amount);

    public sealed record Wider(long A);

    [GawSerializable(UnknownMembers = UnknownMembers.Ignore)]
    public sealed record Tolerant(int A);

    [GawSerializable(UnknownMembers = UnknownMembers.Refuse)]
    public sealed record Strict(int A);
}
