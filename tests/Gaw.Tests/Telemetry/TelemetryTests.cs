using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Telemetry;

/// <summary>Calls as listeners see them: spans of one trace, durations with OpenTelemetry's names, and nothing that a listener does reaches a call.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_through_two_servers_is_one_trace(bool synchronous)
    {
        using Spans spans = new();
        await using TestServer second = await TestServer.ServingAsync<Hop>(null, spans.Name);
        await using GawClient onward = second.Connect();
        await using TestServer first = await TestServer.StartAsync(s => s.Add<Hop>(onward, spans.Name).AddNamed<Hop>(spans.Name, onward, spans.Name));
        second.Server.AddNamed<Hop>(spans.Name, null, spans.Name);
        await using GawClient client = first.Connect();

        string path = $"{spans.Name}/{(synchronous ? "go" : "go_later")}";
        string seen = synchronous ? client.Call<string>(path) : await client.CallAsync<string>(path, cancellationToken: Cancellation);

        IReadOnlyList<Activity> trace = await spans.WaitForAsync(4);
        trace.Select(static span => span.TraceId).Distinct().Should().ContainSingle();
        Activity outer = trace.Single(static span => span.Kind == ActivityKind.Client && span.Parent is null && span.ParentSpanId == default);
        Activity served = trace.Single(span => span.ParentSpanId == outer.SpanId);
        Activity inner = trace.Single(span => span.ParentSpanId == served.SpanId);
        Activity last = trace.Single(span => span.ParentSpanId == inner.SpanId);
        new[] { outer.Kind, served.Kind, inner.Kind, last.Kind }.Should().Equal(ActivityKind.Client, ActivityKind.Server, ActivityKind.Client, ActivityKind.Server);
        served.HasRemoteParent.Should().BeTrue();
        seen.Should().Be(last.SpanId.ToHexString(), "a method runs in the span of its call");
        outer.DisplayName.Should().Be(path);
        outer.Tags("rpc.system.name", "rpc.method", "server.address", "server.port").Should().Equal("gaw", path, "127.0.0.1", first.Port);
        served.Tags("rpc.system.name", "rpc.method", "network.peer.address").Should().Equal("gaw", path, "127.0.0.1");
        trace.Should().OnlyContain(static span => span.Status == ActivityStatusCode.Unset);
        Activity.Current.Should().BeNull("no span is left behind");
    }

    [Fact]
    public async Task A_callers_own_trace_goes_through_the_wire_in_both_directions_also_without_a_span_of_ours()
    {
        await using BadServer server = BadServer.Start(BadServer.Answering(static _ => "1"));
        await using GawClient client = new("127.0.0.1", server.Port);
        using Activity own = new Activity("the program's own").SetIdFormat(ActivityIdFormat.W3C).Start();
        own.AddBaggage("tenant", "north");

        (await client.CallAsync<int>("any/thing", cancellationToken: Cancellation)).Should().Be(1);

        server.Requests.Single().Json.Should().Contain($"\"traceparent\": \"00-{own.TraceId}-{own.SpanId}-0").And.Contain("tenant");
    }

    [Fact]
    public async Task A_span_that_a_filter_begins_is_inside_the_calls_and_outside_the_servers()
    {
        using Spans spans = new();
        await using TestServer server = await TestServer.StartAsync(s => s.AddNamed<Hop>(spans.Name, null, spans.Name));
        Marking filter = new();
        await using GawClient client = server.Connect(new GawClientOptions { Filters = [() => filter] });
        _ = await client.CallAsync<string>($"{spans.Name}/go", cancellationToken: Cancellation);

        IReadOnlyList<Activity> trace = await spans.WaitForAsync(2);
        trace.Select(static span => span.TraceId).Distinct().Should().ContainSingle();
        trace.Single(static span => span.Kind == ActivityKind.Server).ParentSpanId.Should().Be(filter.Span);
    }

    [Fact]
    public async Task What_a_caller_of_another_language_sends_is_the_parent_and_what_is_no_context_is_none()
    {
        using Spans spans = new();
        await using TestServer server = await TestServer.StartAsync(s => s.AddNamed<Hop>(spans.Name, null, spans.Name));
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("1", $"{spans.Name}/go"), "\"headers\": {\"traceparent\": \"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\", \"tracestate\": \"vendor=1\"}"));
        await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("2", $"{spans.Name}/go"), "\"headers\": {\"traceparent\": \"nonsense\"}"));

        IReadOnlyList<Activity> trace = await spans.WaitForAsync(2);
        trace[0].TraceId.ToHexString().Should().Be("0af7651916cd43dd8448eb211c80319c");
        trace[0].ParentSpanId.ToHexString().Should().Be("b7ad6b7169203331");
        trace[0].TraceStateString.Should().Be("vendor=1");
        trace[1].ParentSpanId.Should().Be(default(ActivitySpanId));
    }

    [Fact]
    public async Task A_trace_goes_through_a_python_worker_that_passes_the_metadata_on()
    {
        using Spans relayed = new("v/relay");
        using Spans spans = new();
        await using TestServer last = await TestServer.StartAsync(s => s.AddNamed<Hop>(spans.Name, null, spans.Name));
        await using PythonServer python = await PythonPeer.StartServerAsync();
        await using GawClient client = new("127.0.0.1", python.Port);

        string seen = await client.CallAsync<string>("v/relay", [last.Port, $"{spans.Name}/go"], cancellationToken: Cancellation);

        Activity outer = (await relayed.WaitForAsync(1)).Single();
        Activity served = (await spans.WaitForAsync(1)).Single();
        served.TraceId.Should().Be(outer.TraceId);
        served.ParentSpanId.Should().Be(outer.SpanId, "the worker makes no span of its own");
        seen.Should().Be(served.SpanId.ToHexString());
    }

    [Theory]
    [InlineData("fails", "ValueError", "ValueError", "no such hop")]
    [InlineData("throws", "System.InvalidOperationException", null, "broken")]
    [InlineData("breaks_while_written", "System.InvalidOperationException", null, "broken row")]
    public async Task An_error_is_named_on_both_sides(string method, string serverType, string? code, string message)
    {
        using Spans spans = new();
        await using TestServer server = await TestServer.StartAsync(s => s.AddNamed<Hop>(spans.Name, null, spans.Name));
        await using GawClient client = server.Connect();

        GawRemoteException error = client.Invoking(c => c.Call<object>($"{spans.Name}/{method}")).Should().Throw<GawRemoteException>().Which;

        IReadOnlyList<Activity> trace = await spans.WaitForAsync(2);
        Activity served = trace.Single(static span => span.Kind == ActivityKind.Server);
        Activity called = trace.Single(static span => span.Kind == ActivityKind.Client);
        served.Tags("error.type", "rpc.status_code").Should().Equal(serverType, code);
        served.StatusDescription.Should().Be(message);
        called.Tags("error.type", "rpc.status_code").Should().Equal(error.RemoteName, error.RemoteName);
        trace.Should().OnlyContain(static span => span.Status == ActivityStatusCode.Error);
    }

    [Fact]
    public async Task A_path_that_a_server_does_not_know_makes_no_name_of_its_own()
    {
        using Spans spans = new("_OTHER");
        await using TestServer server = await TestServer.ServingAsync<Hop>(null, "x");
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        string path = $"{spans.Unique}/{new string('x', 500)}";

        await peer.AskAsync(RawPeer.Request("1", path));

        await Eventually.BecomesTrueAsync(() => spans.All.Any(span => $"{span.GetTagItem("rpc.method_original")}" == path[..200]));
        Activity unknown = spans.All.Single(span => $"{span.GetTagItem("rpc.method_original")}" == path[..200]);
        unknown.Tags("rpc.method", "error.type").Should().Equal("_OTHER", "KeyError");
    }

    [Fact]
    public async Task All_attempts_of_a_call_are_in_one_span_with_an_event_for_each_that_failed()
    {
        using Spans spans = new();
        using Measurements measured = new(spans.Name);
        int connections = 0;
        await using BadServer server = BadServer.Start(async connection =>
        {
            if (Interlocked.Increment(ref connections) > 2)
            {
                await BadServer.Answering(static _ => "1")(connection);
            }
            else
            {
                await BadServer.CloseAfterRequest(connection);
            }
        });
        await using GawClient client = new("127.0.0.1", server.Port);

        (await client.CallAsync<int>($"{spans.Name}/thing", cancellationToken: Cancellation, options: new CallOptions { Idempotent = true })).Should().Be(1);

        Activity span = (await spans.WaitForAsync(1)).Single();
        span.Status.Should().Be(ActivityStatusCode.Unset);
        span.Events.Select(static e => e.Name).Should().Equal("gaw.attempt", "gaw.attempt");
        span.Events.Select(static e => e.Tags.Single(static tag => tag.Key == "gaw.attempt.number").Value).Should().Equal(1, 2);
        span.Events.Should().OnlyContain(static e => e.Tags.Any(static tag => tag.Key == "gaw.attempt.execution"));
        measured.Of("gaw.client.retries").Sum().Should().Be(2);
        measured.Of("rpc.client.call.duration").Should().ContainSingle();
    }

    [Fact]
    public async Task Durations_have_the_conventions_names_units_and_buckets_and_counts_come_back_to_zero()
    {
        string name = Spans.NewName();
        using Measurements measured = new(name);
        await using (TestServer server = await TestServer.StartAsync(s => s.AddNamed<Hop>(name, null, "")))
        {
            await using GawClient client = server.Connect();
            client.Call<string>($"{name}/go");
            (await client.CallAsync<string>($"{name}/go_later", cancellationToken: Cancellation)).Should().NotBeNull();
            client.Invoking(c => c.Call<string>($"{name}/fails")).Should().Throw<GawRemoteException>();
        }

        measured.Of("rpc.server.call.duration").Should().HaveCount(3).And.OnlyContain(static seconds => seconds >= 0 && seconds < 30);
        measured.Of("rpc.client.call.duration").Should().HaveCount(3);
        measured.TagsOf("rpc.client.call.duration").Should().OnlyContain(static tags => tags.Contains("server.address=127.0.0.1 server.port=", StringComparison.Ordinal));
        measured.TagsOf("rpc.server.call.duration").Count(static tags => tags.Contains("error.type=ValueError", StringComparison.Ordinal)).Should().Be(1);
        measured.Instrument("rpc.client.call.duration").Unit.Should().Be("s");
        ((Histogram<double>)measured.Instrument("rpc.server.call.duration")).Advice!.HistogramBucketBoundaries.Should().HaveCount(14);
        measured.Instruments.Should().Contain(["gaw.server.active_calls", "gaw.server.connections", "gaw.client.connections", "gaw.client.retries", "gaw.server.refusals"]);
    }

    [Fact]
    public async Task A_listener_that_throws_disturbs_no_call()
    {
        string name = Spans.NewName();
        using ActivityListener throwing = new()
        {
            ShouldListenTo = static source => source.Name == GawTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Name.StartsWith(name, StringComparison.Ordinal) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = static _ => throw new InvalidOperationException("a listener"),
            ActivityStopped = static _ => throw new InvalidOperationException("a listener"),
        };
        ActivitySource.AddActivityListener(throwing);
        await using TestServer server = await TestServer.StartAsync(s => s.AddNamed<Hop>(name, null, ""));
        await using GawClient client = server.Connect();

        for (int i = 0; i < 5; i++)
        {
            client.Call<string>($"{name}/go").Should().NotBeNull();
            (await client.CallAsync<string>($"{name}/go_later", cancellationToken: Cancellation)).Should().NotBeNull();
        }
    }

    [Fact]
    public async Task The_servers_own_service_makes_no_spans()
    {
        using Spans spans = new("_gaw");
        await using TestServer server = await TestServer.ServingAsync<Hop>(null, "x");
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        (await peer.AskAsync(RawPeer.Request("1", "_gaw/ping"))).Should().Contain("pong");

        spans.All.Should().NotContain(static span => span.Kind == ActivityKind.Server);
    }

    /// <summary>A service that goes on to the next, or says which span it runs in.</summary>
    public sealed class Hop(GawClient? next, string service)
    {
        [Entrypoint]
        public string Go() => next is null ? $"{Activity.Current?.SpanId.ToHexString()}" : next.Call<string>($"{service}/go");

        [Entrypoint]
        public async Task<string> GoLaterAsync()
        {
            await Task.Yield();
            return next is null ? $"{Activity.Current?.SpanId.ToHexString()}" : await next.CallAsync<string>($"{service}/go_later");
        }

        [Entrypoint]
        public int Fails() => throw new GawError("ValueError", "no such hop");

        [Entrypoint]
        public int Throws() => throw new InvalidOperationException("broken");

        [Entrypoint]
        public IEnumerable<int> BreaksWhileWritten()
        {
            yield return 1;
            throw new InvalidOperationException("broken row");
        }
    }

    /// <summary>Listens to the spans of one test: other tests run beside it.</summary>
    private sealed class Marking : IGawFilter
    {
        public ActivitySpanId Span { get; private set; }

        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            using Activity own = new Activity("a filter's own").Start();
            Span = own.SpanId;
            await next(context);
        }
    }

    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly Tally _count = new("spans");

        public Spans(string? prefix = null)
        {
            string heard = prefix ?? Name;
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == GawTelemetry.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Name.StartsWith(heard, StringComparison.Ordinal) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
                ActivityStopped = span =>
                {
                    if (span.DisplayName.StartsWith(heard, StringComparison.Ordinal))
                    {
                        _ended.Enqueue(span);
                        _count.Add();
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public string Name { get; } = NewName();

        public string Unique => Name;

        public IReadOnlyCollection<Activity> All => _ended;

        public static string NewName() => $"hop_{Guid.NewGuid():N}";

        public async Task<IReadOnlyList<Activity>> WaitForAsync(int count)
        {
            await _count.WaitForAsync(count);
            return [.. _ended];
        }

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>Listens to the measurements of one service.</summary>
    private sealed class Measurements : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _values = new();
        private readonly ConcurrentDictionary<string, Instrument> _instruments = new();

        public Measurements(string service)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == GawTelemetry.MeterName)
                {
                    _instruments[instrument.Name] = instrument;
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();

            void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            {
                string text = string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));
                if (text.Contains(service, StringComparison.Ordinal))
                {
                    _values.Enqueue((instrument.Name, value, text));
                }
            }
        }

        public IEnumerable<string> Instruments => _instruments.Keys;

        public Instrument Instrument(string name) => _instruments[name];

        public IEnumerable<double> Of(string name) => _values.Where(value => value.Instrument == name).Select(static value => value.Value);

        public IEnumerable<string> TagsOf(string name) => _values.Where(value => value.Instrument == name).Select(static value => value.Tags);

        public void Dispose() => _listener.Dispose();
    }
}

file static class SpanExtensions
{
    public static object?[] Tags(this Activity span, params string[] names) => [.. names.Select(span.GetTagItem)];
}
