using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gaw.Tests.Scenarios;
using Gaw.Tests.Support;

namespace Gaw.Tests.Telemetry;

/// <summary>Streams have instruments of their own: a watch of an hour says nothing about how long calls take.</summary>
[Collection(Alone.Name)]
public sealed class StreamMetricsTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value)> _measured = new();

    public StreamMetricsTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Gaw")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _measured.Enqueue((instrument.Name, value)));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _measured.Enqueue((instrument.Name, value)));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _measured.Enqueue((instrument.Name, value)));
        _listener.Start();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_is_counted_apart_from_calls()
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Counter>());
        await using GawClient client = server.Connect();
        List<int> items = [];
        await foreach (int item in client.StreamAsync<int>("counter/three", cancellationToken: Cancellation))
        {
            items.Add(item);
        }

        items.Should().Equal(0, 1, 2);
        await Eventually.BecomesTrueAsync(() => Values("gaw.server.stream.duration").Count == 1 && Values("gaw.server.streams").Count == 2);
        Values("gaw.server.streams").Should().Equal(1, -1);
        Values("gaw.server.stream.items").Sum().Should().Be(3);
        Values("gaw.server.stream.parts").Should().HaveCountGreaterThan(0).And.OnlyContain(static part => part == 1);
        Values("gaw.client.stream.duration").Should().ContainSingle();
        Values("rpc.server.call.duration").Should().BeEmpty();
        Values("rpc.client.call.duration").Should().BeEmpty();
    }

    [Fact]
    public async Task A_stream_that_is_taken_as_one_list_is_a_call()
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Counter>());
        await using GawClient client = server.Connect();

        client.Call<List<int>>("counter/three").Should().Equal(0, 1, 2);

        await Eventually.BecomesTrueAsync(() => Values("rpc.server.call.duration").Count == 1);
        Values("gaw.server.stream.duration").Should().BeEmpty();
        Values("gaw.server.streams").Should().BeEmpty();
    }

    public void Dispose() => _listener.Dispose();

    private List<double> Values(string name) => [.. _measured.Where(measured => measured.Name == name).Select(static measured => measured.Value)];

    private sealed class Counter
    {
        [Entrypoint]
        public async IAsyncEnumerable<int> ThreeAsync()
        {
            for (int i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }
}
