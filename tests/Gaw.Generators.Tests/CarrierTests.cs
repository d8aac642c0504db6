namespace Gaw.Generators.Tests;

/// <summary>What is written so that the carriers of referenced packages are known when a program starts.</summary>
public sealed class CarrierTests
{
    private const string Carrier =
        """
        [assembly: Gaw.Carriers.GawCarrier("nats", typeof(Gaw.Nats.GawNats))]
        namespace Gaw.Nats { public static class GawNats { public static void Register() { } } }
        """;

    [Fact]
    public async Task A_program_registers_the_carriers_of_the_assemblies_that_it_references()
    {
        Compiled compiled = await Compiled.FromAsync("class Program;", Compiled.Reference("Gaw.Nats", Carrier));

        compiled.Errors.Should().BeEmpty();
        compiled.Files.Keys.Should().Equal("Gaw.Carriers.g.cs");
        compiled.Files["Gaw.Carriers.g.cs"].Should().Contain("ModuleInitializer").And.Contain("            global::Gaw.Nats.GawNats.Register();\n");
    }

    [Fact]
    public async Task Each_carrier_is_registered_once_whatever_its_schemes()
    {
        Compiled compiled = await Compiled.FromAsync("class Program;", Compiled.Reference("Gaw.Nats", "[assembly: Gaw.Carriers.GawCarrier(\"tls\", typeof(Gaw.Nats.GawNats))]\n" + Carrier));

        compiled.Errors.Should().BeEmpty();
        compiled.Files["Gaw.Carriers.g.cs"].Split("Register();").Should().HaveCount(2);
    }

    [Fact]
    public async Task A_program_without_a_carrier_gets_nothing_written() => (await Compiled.FromAsync("class Program;")).Files.Should().BeEmpty();

    [Fact]
    public async Task The_assembly_of_the_carrier_itself_registers_nothing()
    {
        Compiled compiled = await Compiled.FromAsync("namespace Gaw.Nats { public static class GawNats { public static void Register() { } } }");

        compiled.Files.Should().BeEmpty();
    }
}
