using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gaw.JsonWeb;
using Gaw.PostOffice;
using Gaw.Tests.Scenarios;

namespace Gaw.Tests.Telemetry;

/// <summary>The calls by which a process gets warm are the library's own: who listens to its calls does not see them.</summary>
[Collection(Alone.Name)]
public sealed class WarmUpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_the_library_makes_for_itself_is_seen_only_where_it_is_measured(bool isMeasured)
    {
        ConcurrentQueue<string> seen = new();
        using ActivityListener spans = new()
        {
            ShouldListenTo = static source => source.Name == GawTelemetry.SourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => seen.Enqueue($"span {span.OperationName}"),
        };
        ActivitySource.AddActivityListener(spans);
        using MeterListener meters = new()
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == GawTelemetry.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<int>((instrument, _, _, _) => seen.Enqueue(instrument.Name));
        meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => seen.Enqueue(instrument.Name));
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => seen.Enqueue(instrument.Name));
        meters.Start();
        PostOfficeServerOptions server = WarmUp.GetServerOptions(encrypt: false, secret: null);
        JsonWebClientOptions client = WarmUp.GetClientOptions(encrypt: false, secret: null);

        await WarmUp.CallAsync(server with { IsMeasured = isMeasured || server.IsMeasured }, client with { IsMeasured = isMeasured || client.IsMeasured }, Cancellation);

        if (isMeasured)
        {
            seen.Should().Contain([
                "span warm/up", "span _OTHER", "rpc.server.call.duration", "rpc.client.call.duration", "gaw.server.active_calls", "gaw.server.connections", "gaw.client.connections",
            ]);
        }
        else
        {
            seen.Should().BeEmpty();
        }
    }

    [Fact]
    public void Every_assembly_that_the_library_refers_to_is_loaded_since_the_runtime_tries_once_only()
    {
        WarmUp.LoadReferences();

        AppDomain.CurrentDomain.GetAssemblies().Select(static assembly => assembly.GetName().Name)
            .Should().Contain(typeof(GawServer).Assembly.GetReferencedAssemblies().Select(static reference => reference.Name));
    }
}
