using Gaw.Nats.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gaw.Nats.Tests;

/// <summary>Workers and callers in the generic host: only the connection string changes.</summary>
public sealed class HostTests
{
    [Service("greeter")]
    public interface IGreeter
    {
        Task<string> GreetAsync(string name);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_and_a_caller_in_hosts_meet_on_the_engine()
    {
        string address = await NatsEngine.GetAddressAsync();
        using IHost worker = Build(address, static services => services.AddGawServer().AddService<Greeter>().UseNats());
        using IHost caller = Build(address, static services => services.AddGawClient<IGreeter>("nats"));
        await worker.StartAsync(Cancellation);
        await caller.StartAsync(Cancellation);

        (await caller.Services.GetRequiredService<IGreeter>().GreetAsync("Anna")).Should().Be("hello Anna");

        await worker.StopAsync(Cancellation);
        await caller.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_server_is_on_TCP_and_on_the_engine_at_once_and_drains_on_both()
    {
        string address = await NatsEngine.GetAddressAsync();
        using IHost host = Build(address, static services => services.AddGawServer().AddService<Greeter>().Listen("127.0.0.1:0").UseNats());
        await host.StartAsync(Cancellation);
        GawServer server = host.Services.GetRequiredService<GawServer>();
        await using GawClient direct = new("127.0.0.1", server.LocalEndPoint.Port);
        await using GawClient onEngine = new([address]);

        (await direct.For<IGreeter>().GreetAsync("Anna")).Should().Be("hello Anna");
        (await onEngine.For<IGreeter>().GreetAsync("Bo")).Should().Be("hello Bo");

        server.Address.Should().Contain("127.0.0.1:").And.Contain("nats://127.0.0.1:");
        await host.StopAsync(Cancellation);
        server.IsStopping.Should().BeTrue();
    }

    [Fact]
    public async Task The_options_of_NATS_can_be_changed()
    {
        string address = await NatsEngine.GetAddressAsync();
        string? name = null;
        using IHost host = Build(address, services => services.AddGawServer().AddService<Greeter>().UseNats().ConfigureOptions((_, options) => options.UseNats(nats =>
        {
            name = nats.Name;
            return nats with { Name = "shelf" };
        })));

        await host.StartAsync(Cancellation);

        name.Should().Be("gaw worker");
        await host.StopAsync(Cancellation);
    }

    private static IHost Build(string address, Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("ConnectionStrings:nats", address)]);
        add(builder.Services);
        return builder.Build();
    }

    public sealed class Greeter : IGreeter
    {
        public Task<string> GreetAsync(string name) => Task.FromResult($"hello {name}");
    }
}
