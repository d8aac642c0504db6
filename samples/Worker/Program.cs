using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);

builder.Services.AddGawServer("prices").AddService<Prices>();   // somebody to call; the last one added stops first

builder.Services.AddSingleton(_ => Database.Open(builder.Configuration["Database"]));
builder.Services.AddScoped<Shelf>();                // a unit of work: one for each call
builder.Services.AddGawServer()                     // settings: the section Gaw:Server
    .AddService<Stock>();
builder.Services.AddGawClient<IPrices>("prices");   // where: ConnectionStrings:prices, here the same process
builder.Services.AddHealthChecks().AddGawServer().AddGawClient("prices");

if (builder.Configuration["Telemetry"] == "Console")
{
    builder.Services.AddOpenTelemetry()
        .WithTracing(static tracing => tracing.AddSource("Gaw").AddConsoleExporter())
        .WithMetrics(static metrics => metrics.AddMeter("Gaw").AddConsoleExporter());
}

builder.Build().Run();
