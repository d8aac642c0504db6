using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gaw.Tests.Support;

namespace Gaw.Tests.Telemetry;

/// <summary>A call with streams is one span on each side, from its first item's question to its end, however long that takes.</summary>
public sealed class StreamSpanTests : IDisposable
{
    private readonly string _service = $"flow_{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly Tally _count = new("spans that ended");
    private readonly ActivityListener _listener;

    public StreamSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == GawTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Name.StartsWith(_service, StringComparison.Ordinal) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.DisplayName.StartsWith(_service, StringComparison.Ordinal))
                {
                    _ended.Enqueue(span);
                    _count.Add();
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_result_that_streams_is_one_span_on_each_side_until_its_end()
    {
        Flow flow = new();
        await using TestServer server = await StartAsync(flow);
        await using GawClient client = server.Connect();
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>($"{_service}/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 0; i < 100; i++)
        {
            await flow.Items.Writer.WriteAsync(i, Cancellation);
            (await items.MoveNextAsync()).Should().BeTrue();
            Activity.Current.Should().BeNull("the loop of the caller is not inside the call");
        }

        _ended.Should().BeEmpty("the stream goes on");
        flow.Items.Writer.Complete();
        (await items.MoveNextAsync()).Should().BeFalse();

        (Activity called, Activity served) = await TwoAsync();
        (called.Status, served.Status).Should().Be((ActivityStatusCode.Unset, ActivityStatusCode.Unset));
        (called.GetTagItem("gaw.stream.items"), served.GetTagItem("gaw.stream.items")).Should().Be((100L, 100L));
        called.Events.Should().BeEmpty("no item makes an event");
        served.Events.Should().BeEmpty();
        flow.Seen.Should().Be(served.SpanId.ToHexString(), "the iterator runs in the span of its call");
    }

    [Fact]
    public async Task An_argument_that_streams_is_within_the_span_of_its_call()
    {
        Flow flow = new();
        await using TestServer server = await StartAsync(flow);
        await using GawClient client = server.Connect();
        Task<int> call = client.CallAsync<int>($"{_service}/sum", [flow.Items.Reader.ReadAllAsync(Cancellation)], cancellationToken: Cancellation);
        await flow.Items.Writer.WriteAsync(5, Cancellation);
        await flow.Taken.WaitForAsync(1);
        _ended.Should().BeEmpty("the stream goes on");
        flow.Items.Writer.Complete();

        (await call).Should().Be(5);

        (Activity called, Activity served) = await TwoAsync();
        (called.Status, served.Status).Should().Be((ActivityStatusCode.Unset, ActivityStatusCode.Unset));
    }

    [Fact]
    public async Task An_error_in_the_middle_is_the_spans_on_both_sides()
    {
        Flow flow = new();
        await using TestServer server = await StartAsync(flow);
        await using GawClient client = server.Connect();
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>($"{_service}/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await flow.Items.Writer.WriteAsync(1, Cancellation);
        (await items.MoveNextAsync()).Should().BeTrue();
        flow.Items.Writer.Complete(new GawError("Broken", "on purpose"));

        await FluentActions.Awaiting(() => items.MoveNextAsync().AsTask()).Should().ThrowAsync<GawRemoteException>();

        (Activity called, Activity served) = await TwoAsync();
        (called.Status, served.Status).Should().Be((ActivityStatusCode.Error, ActivityStatusCode.Error));
        (called.GetTagItem("error.type"), served.GetTagItem("error.type")).Should().Be(("Broken", "Broken"));
    }

    [Fact]
    public async Task A_stream_that_is_left_ends_its_spans_and_is_no_error_to_its_caller()
    {
        Flow flow = new();
        await using TestServer server = await StartAsync(flow);
        await using GawClient client = server.Connect();
        await flow.Items.Writer.WriteAsync(1, Cancellation);
        await foreach (int item in client.StreamAsync<int>($"{_service}/watch", cancellationToken: Cancellation))
        {
            item.Should().Be(1);
            break;
        }

        (Activity called, _) = await TwoAsync();
        called.Status.Should().Be(ActivityStatusCode.Unset);
    }

    private Task<TestServer> StartAsync(Flow flow) => TestServer.StartAsync(s => s.AddNamed<Steps>(_service, flow));

    private async Task<(Activity Called, Activity Served)> TwoAsync()
    {
        await _count.WaitForAsync(2);
        _ended.Should().HaveCount(2);
        Activity called = _ended.Single(static span => span.Kind == ActivityKind.Client);
        Activity served = _ended.Single(static span => span.Kind == ActivityKind.Server);
        served.ParentSpanId.Should().Be(called.SpanId);
        served.TraceId.Should().Be(called.TraceId);
        return (called, served);
    }

    private sealed class Flow
    {
        public Channel<int> Items { get; } = Channel.CreateUnbounded<int>();

        public Tally Taken { get; } = new("items that were taken");

        public string? Seen { get; set; }
    }

    private sealed class Steps(Flow flow)
    {
        [Entrypoint]
        public async IAsyncEnumerable<int> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (int item in flow.Items.Reader.ReadAllAsync(cancellationToken))
            {
                flow.Seen = Activity.Current?.SpanId.ToHexString();
                yield return item;
            }
        }

        [Entrypoint]
        public async Task<int> SumAsync(IAsyncEnumerable<int> items)
        {
            int sum = 0;
            await foreach (int item in items)
            {
                flow.Taken.Add();
                sum += item;
            }

            return sum;
        }
    }
}
