using Gaw.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gaw.Tool.Tests.Docs;

[Service]
public interface IPrices
{
    Task<decimal> OfAsync(string good);
}

[Service]
public interface IOrders
{
    Task<int> PlaceAsync(string good);
}

// The page src/docs/hosting.md, run.
public sealed class HostingTests
{
    [Fact]
    public async Task A_host_serves_with_a_filter_and_options_and_its_clients_share_a_name()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Gaw:Server:Port"] = "0";
        builder.Configuration["ConnectionStrings:prices"] = "127.0.0.1:1";
        builder.Services.AddSingleton(new Certificates()).AddSingleton<ILoggerFactory, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory>();

        builder.Services.AddScoped<Shelf>();
        builder.Services.AddGawServer()
            .AddService<Stock>()
            .AddFilter<Authorization>()
            .ConfigureOptions((services, options) => options with { Tls = services.GetRequiredService<Certificates>().Server });

        builder.Services.AddGawClient<IPrices>("prices");    // ConnectionStrings:prices
        builder.Services.AddGawClient<IOrders>("prices");    // the same client, the same connection

        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await using GawClient client = new("127.0.0.1", host.Services.GetRequiredService<GawServer>().LocalEndPoint.Port);

        client.Call<int>("stock/count").Should().Be(3);
        host.Services.GetRequiredService<IPrices>().Should().NotBeNull();
        host.Services.GetRequiredService<IOrders>().Should().NotBeNull();
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    // The page src/docs/testing.md, its second part.
    [Fact]
    public async Task A_till_is_tested_without_a_network()
    {
        await using GawTestHost host = GawTestHost.Serving(server => server.Add<Till>("EUR"));
        ITill till = host.Connect().For<ITill>();

        (await till.SellAsync(["tea"])).Should().Be("1.50 EUR");
    }
}

public sealed class Shelf
{
    public int Count { get; } = 3;
}

public sealed class Stock(Shelf shelf)
{
    [Entrypoint]
    public int Count() => shelf.Count;
}

public sealed class Authorization : IGawFilter
{
    public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) => next(context);
}

public sealed class Certificates
{
    public System.Net.Security.SslServerAuthenticationOptions? Server { get; init; }
}
