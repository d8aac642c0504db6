using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Serialization;

/// <summary>What becomes of names that a type does not have, and of tags that are not its own.</summary>
public sealed class UnknownMemberTests
{
    private static readonly GawTypes Lenient = new() { UnknownMembers = UnknownMembers.Ignore };

    [Fact]
    public async Task Arguments_refuse_unknown_members_and_results_pass_over_them()
    {
        await using TestServer server = await TestServer.ServingAsync<NewerService>();
        await using GawClient client = server.Connect();

        client.Call<OldDto>("newer_service/now").Should().Be(new OldDto(1), "a newer server does not break older clients");
        client.Invoking(static c => c.Call<int>("newer_service/take", [new { A = 1, Colour = 2 }])).Should().Throw<GawRemoteException>()
            .WithMessage("*NewDto has no member \"colour\"; it has a, color. Did you mean \"color\"? To pass over what is not known, set UnknownMembers to Ignore.*");
        client.Call<int>("newer_service/take", [new OldDto(5)]).Should().Be(5, "a member that did not come has its default");
    }

    [Fact]
    public void Types_and_GawTypes_say_it_for_all_uses()
    {
        const string Newer = """{"a": 1, "b": {"x": [1, {"y": 2}]}, "c": null}""";
        Wire.Refused<OldDto>(Newer).Message.Should().Be("OldDto has no member \"b\"; it has a. To pass over what is not known, set UnknownMembers to Ignore.");
        Wire.To<OldDto>(Newer, Lenient).Should().Be(new OldDto(1));
        Wire.To<Tolerant>(Newer).Should().Be(new Tolerant(1));
        Wire.Refused<Strict>(Newer, Lenient).Message.Should().Contain("no member \"b\"", "the type's own word goes first");
    }

    [Fact]
    public void A_tag_of_another_type_has_to_fit_in_each_member()
    {
        Wire.To<OldDto>("""{"_v": {"a": 1}, "_t": "PythonClass"}""", Lenient).Should().Be(new OldDto(1));
        Wire.Refused<OldDto>("""{"_v": {"a": 1, "b": 2}, "_t": "PythonClass"}""", Lenient).Message.Should().Contain("no member \"b\"", "a subclass must not lose what it has more");
        Wire.Refused<OldDto>("""{"_t": "PythonClass", "_v": {"a": 1, "b": 2}}""", Lenient);
        Wire.To<OldDto>("""{"_v": {"a": 1, "b": 2}, "_t": "OldDto"}""", Lenient).Should().Be(new OldDto(1), "the same class, grown");
        Wire.To<Euro>("""{"_v": {"cents": 1, "b": 2}, "_t": "Euro"}""", Lenient).Should().Be(new Euro(1));
    }

    [Fact]
    public void A_marked_type_takes_no_other_tag()
    {
        string dollar = Wire.Of(new Dollar(1));
        Wire.Refused<Euro>(dollar).Message.Should().Be("Expected Euro, but got a Dollar. If it derives from Euro, add its type to GawTypes (options.Types.Add<...>()).");
        Wire.Refused<Animal>(Wire.Of(new Dog("Rex"))).Message.Should().Contain("a Dog");
        Wire.To<Animal>(Wire.Of(new Dog("Rex")), new GawTypes().Add<Dog>()).Should().Be(new Dog("Rex"));
    }

    [Fact]
    public void A_subclass_without_a_name_is_not_sent_as_its_base()
    {
        Wire.Unsendable<Plain>(new PlainSub { A = 1 }).Message.Should()
            .Be("A PlainSub cannot be sent as Plain: without a name on the wire, its reader would make a Plain of it. Mark it with [GawSerializable], or add it to GawTypes on both sides.");
        Wire.Of<object>(new PlainSub { A = 1 }).Should().Be("""{"a": 1}""");
        Wire.Of<Plain>(new PlainSub { A = 1 }, new GawTypes().Add<PlainSub>()).Should().Be("""{"_v": {"a": 1}, "_t": "PlainSub"}""");
    }

    public sealed record OldDto(int A);

    public sealed record NewDto(int A, int Color = 7);

    [GawSerializable(UnknownMembers = UnknownMembers.Ignore)]
    public sealed record Tolerant(int A);

    [GawSerializable(UnknownMembers = UnknownMembers.Refuse)]
    public sealed record Strict(int A);

    [GawSerializable]
    public sealed record Euro(int Cents);

    [GawSerializable]
    public sealed record Dollar(int Cents);

    [GawSerializable]
    public record Animal(string Name);

    [GawSerializable]
    public sealed record Dog(string Name) : Animal(Name);

    public class Plain
    {
        public int A { get; set; }
    }

    public sealed class PlainSub : Plain;

    public sealed class NewerService
    {
        [Entrypoint]
        public NewDto Now() => new(1, 2);

        [Entrypoint]
        public int Take(NewDto dto) => dto.A;
    }
}
