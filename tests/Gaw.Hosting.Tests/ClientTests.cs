using Gaw.Hosting.Tests.Support;
using Gaw.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gaw.Hosting.Tests;

/// <summary>A client is one for the whole process, and its name is the key.</summary>
public sealed class ClientTests
{
    [Service]
    public interface IStock
    {
        int Count(string what);
    }

    public interface IBroken
    {
        int Count { get; }
    }

    [Service]
    public interface IPrices
    {
        decimal Of(string what);
    }

    [Fact]
    public async Task Interfaces_of_one_name_share_a_client_and_its_connection_keyed_and_unkeyed()
    {
        HostApplicationBuilder serving = TestHost.CreateBuilder();
        serving.Services.AddGawServer().AddService<Stock>();
        using IHost server = await serving.StartAsync();
        HostApplicationBuilder calling = TestHost.CreateBuilder(["ConnectionStrings:stock".Is($"{server.Services.GetRequiredService<GawServer>().LocalEndPoint}"), "Gaw:Clients:stock:Address".Is("127.0.0.1:1"), "Gaw:Clients:stock:MaxConnections".Is("1")]);
        calling.Services.AddGawClient<IStock>("stock");
        calling.Services.AddGawClient<IPrices>("stock");
        using IHost caller = await calling.StartAsync();

        IStock stock = caller.Services.GetRequiredService<IStock>();
        stock.Should().BeSameAs(caller.Services.GetRequiredKeyedService<IStock>("stock"));
        IPrices prices = caller.Services.GetRequiredService<IPrices>();
        stock.Count("nail").Should().Be(4);
        prices.Of("nail").Should().Be(0.5m);
        dynamic untyped = caller.Services.GetRequiredKeyedService<GawClient>("stock");
        ((int)untyped.stock.count("nail")).Should().Be(4);
        server.Services.GetRequiredService<GawServer>().Connections.Should().Be(1);
        await caller.EndAsync();
        await server.EndAsync();
    }

    [Fact]
    public async Task An_interface_that_several_clients_call_is_asked_for_by_key()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:north".Is("127.0.0.1:1"), "ConnectionStrings:south".Is("127.0.0.1:1")]);
        builder.Services.AddGawClient<IStock>("north");
        builder.Services.AddGawClient<IStock>("south");
        using IHost host = await builder.StartAsync();

        host.Services.GetRequiredKeyedService<IStock>("north").Should().NotBeSameAs(host.Services.GetRequiredKeyedService<IStock>("south"));
        host.Services.Invoking(static s => s.GetRequiredService<IStock>()).Should().Throw<InvalidOperationException>()
            .Which.Message.Should().Contain("is called by the clients \"north\", \"south\". Say which: [FromKeyedServices(\"north\")] IStock.");
        await host.EndAsync();
    }

    [Fact]
    public async Task Every_interface_that_cannot_be_called_and_every_client_that_cannot_be_made_is_named_at_the_start()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:north".Is("127.0.0.1:1"), "ConnectionStrings:south".Is("127.0.0.1:1")]);
        builder.Services.AddGawClient<IStock>("north");
        builder.Services.AddGawClient<IBroken>("north");
        builder.Services.AddGawClient<IStock>("south").ConfigureOptions(static (_, _) => throw new FormatException("the vault is locked"));

        Exception refused = (await Record.ExceptionAsync(() => builder.StartAsync()))!;

        refused.Should().BeOfType<InvalidOperationException>();
        refused.Message.Should().Contain("IBroken cannot be the interface of a service").And.Contain("the vault is locked");
    }

    [Fact]
    public void Settings_of_one_name_are_given_in_code_once()
    {
        ServiceCollection services = new();
        services.AddGawClient<IStock>("stock", static settings => settings.Address = "127.0.0.1:1");

        services.Invoking(static s => s.AddGawClient<IPrices>("stock", static settings => settings.Address = "127.0.0.1:2")).Should().Throw<InvalidOperationException>()
            .Which.Message.Should().Contain("The settings of the Gaw client \"stock\" are given twice");
    }

    [Fact]
    public async Task A_collection_without_a_host_and_without_configuration_serves_clients_as_well()
    {
        await using ServiceProvider services = new ServiceCollection().AddGawClient<IStock>("stock", static settings => settings.Address = "127.0.0.1:1")
            .ConfigureOptions(static (_, options) => options with { Retries = 0 }).Services.BuildServiceProvider();

        services.GetRequiredService<IStock>().Invoking(static s => s.Count("nail")).Should().Throw<GawConnectionException>();
    }

    [Fact]
    public async Task A_test_host_takes_the_place_of_every_server_without_an_address()
    {
        await using GawTestHost testHost = GawTestHost.Serving(static server => server.Add<Stock>());
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddGawClient<IStock>("stock").ConfigureOptions(static (_, options) => options with { Retries = 0 });
        builder.Services.AddGawClient<IPrices>("prices");
        builder.Services.UseGawClientFactory((_, options) => testHost.Connect(options));
        using IHost host = await builder.StartAsync();

        host.Services.GetRequiredService<IStock>().Count("nail").Should().Be(4);
        host.Services.GetRequiredService<IPrices>().Of("nail").Should().Be(0.5m);
        testHost.Connections.Should().Be(2);
        testHost.LoseNextReply();
        host.Services.GetRequiredService<IStock>().Invoking(static s => s.Count("nail")).Should().Throw<GawConnectionException>();
        await host.EndAsync();
    }

    public sealed class Stock : IStock, IPrices
    {
        public int Count(string what) => what.Length;

        public decimal Of(string what) => 0.5m;
    }
}
