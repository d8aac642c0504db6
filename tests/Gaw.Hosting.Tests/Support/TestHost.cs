using Gaw.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gaw.Hosting.Tests.Support;

/// <summary>Builds real hosts with settings in memory, a free port and a log that is kept.</summary>
internal static class TestHost
{
    /// <summary>A builder whose server takes a free port of this machine.</summary>
    public static HostApplicationBuilder CreateBuilder(IEnumerable<KeyValuePair<string, string?>>? settings = null, LogCollector? log = null, string environment = "Production")
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("Gaw:Server:Port", "0")]);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerFactory>(log ?? new LogCollector());
        return builder;
    }

    /// <summary>Builds and starts.</summary>
    public static async Task<IHost> StartAsync(this HostApplicationBuilder builder)
    {
        IHost host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken).WithinAsync(TestTimeouts.Limit, static () => "the host did not start");
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A client of the host's server.</summary>
    public static GawClient Connect(this IHost host, GawClientOptions? options = null) => new("127.0.0.1", host.Services.GetRequiredService<GawServer>().LocalEndPoint.Port, options);

    /// <summary>A pair for the settings.</summary>
    public static KeyValuePair<string, string?> Is(this string key, string value) => KeyValuePair.Create<string, string?>(key, value);

    /// <summary>Stops within the limit.</summary>
    public static Task EndAsync(this IHost host) => host.StopAsync(TestContext.Current.CancellationToken).WithinAsync(TestTimeouts.Limit, static () => "the host did not stop");
}
