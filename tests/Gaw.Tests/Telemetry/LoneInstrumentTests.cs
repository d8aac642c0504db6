using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gaw.Tests.Scenarios;
using Gaw.Tests.Support;

namespace Gaw.Tests.Telemetry;

/// <summary>A view of one instrument gets its figures, whatever else nobody listens to.</summary>
[Collection(Alone.Name)]
public sealed class LoneInstrumentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rpc.server.call.duration", 1)]
    [InlineData("rpc.client.call.duration", 1)]
    [InlineData("gaw.server.active_calls", 4)]
    [InlineData("gaw.server.streams", 2)]
    [InlineData("gaw.server.stream.duration", 1)]
    [InlineData("gaw.client.stream.duration", 1)]
    public async Task An_instrument_is_told_also_when_it_is_the_only_one_that_is_listened_to(string name, int figures)
    {
        // Before anybody listens: the first server of a process calls itself once, to be warm.
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Counter>());
        ConcurrentQueue<double> measured = new();
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Gaw" && instrument.Name == name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => measured.Enqueue(value));
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => measured.Enqueue(value));
        listener.Start();
        await using GawClient client = server.Connect();

        client.Call<int>("counter/one").Should().Be(1);
        await foreach (int item in client.StreamAsync<int>("counter/two", cancellationToken: Cancellation))
        {
            item.Should().BePositive();
        }

        await Eventually.BecomesTrueAsync(() => measured.Count == figures, () => $"{measured.Count} figures came");
    }

    private sealed class Counter
    {
        [Entrypoint]
        public int One() => 1;

        [Entrypoint]
        public async IAsyncEnumerable<int> TwoAsync()
        {
            yield return 1;
            await Task.Yield();
            yield return 2;
        }
    }
}
