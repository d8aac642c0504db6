using System.Runtime.CompilerServices;
using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>Arguments that are streams: their items, in every way that one can be given, and what a slow method costs.</summary>
public sealed partial class StreamTests
{
    private static readonly AsyncLocal<string?> Ambient = new();

    [Theory]
    [MemberData(nameof(All))]
    public async Task Items_of_an_argument_come_however_many(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        foreach (int count in new[] { 0, 1, 2, 100_000 })
        {
            (await client.CallAsync<long>("sink/sum", [Given.Count(count)], cancellationToken: Cancellation)).Should().Be(Enumerable.Range(0, count).Sum(static item => (long)item));
        }

        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_argument_may_be_streamed_in_every_way(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        dynamic rpc = client;
        ISink sink = client.For<ISink>();

        (await sink.SumAsync(Given.Count(4), Cancellation)).Should().Be(6);
        sink.SumNow(Given.Count(4)).Should().Be(6);
        (await client.For<Emitted.ISink>().SumAsync(Given.Count(4))).Should().Be(6);
        ((long)rpc.sink.sum(Given.Count(4))).Should().Be(6);
        ((long)rpc.sink.sum(items: Given.Count(4))).Should().Be(6);
        ((long)await rpc.sink.sumAsync(Given.Count(4))).Should().Be(6);
        client.Call<long>("sink/sum", [new List<int> { 1, 2, 3 }]).Should().Be(6, "a list is read as a stream");
        client.Call<long>("sink/sum", kwargs: new Dictionary<string, object?> { ["items"] = Given.Count(4) }).Should().Be(6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_callers_stream_runs_in_the_callers_ambient_context_and_nothing_else_does(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Ambient.Value = "the caller";

        (await client.CallAsync<string>("sink/join", ["-", Given.Ambients(3)], cancellationToken: Cancellation)).Should().Be("the caller-the caller-the caller");
        (await client.CallAsync<string>("sink/witnesses", [Given.Witnesses(3)], cancellationToken: Cancellation)).Should().Be("nobody-nobody-nobody");
        Task<string> suppressed;
        using (ExecutionContext.SuppressFlow())
        {
            suppressed = client.CallAsync<string>("sink/join", ["-", Given.Ambients(2)], cancellationToken: Cancellation);
        }

        (await suppressed).Should().Be("nobody-nobody", "its caller lets nothing flow");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Several_arguments_stream_and_one_may_be_missing(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        ISink sink = client.For<ISink>();

        (await sink.JoinAsync("-", Given.Texts("a", "b"), Given.Texts("c"))).Should().Be("a-b-c");
        (await sink.JoinAsync("-", Given.Texts("a", "b"))).Should().Be("a-b");
        (await client.CallAsync<string>("sink/join", ["-"], new Dictionary<string, object?> { ["second"] = Given.Texts("c"), ["first"] = Given.Texts("a", "b") }, cancellationToken: Cancellation)).Should().Be("a-b-c");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Items_go_both_ways_in_one_call(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        (await TakeAllAsync(client.For<ISink>().DoubleAsync(Given.Count(10_000), Cancellation))).Should().Equal(Enumerable.Range(0, 10_000).Select(static item => item * 2));
        (await TakeAllAsync(client.StreamAsync<int>("sink/double", [Given.Count(3)], cancellationToken: Cancellation))).Should().Equal(0, 2, 4);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_question_is_answered_before_the_next_one_is_asked(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await using IAsyncEnumerator<string> answers = client.StreamAsync<string>("sink/echo", [served.Items.Reader.ReadAllAsync(Cancellation)], cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 0; i < 50; i++)
        {
            string text = $"question {i}";
            await served.Items.Writer.WriteAsync(text, Cancellation);
            (await NextAsync(answers)).Should().BeTrue();
            answers.Current.Should().Be(text);
        }

        served.Items.Writer.Complete();
        (await NextAsync(answers)).Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Duplex_streams_of_large_items_never_stop_each_other(Carrier carrier)
    {
        // Each side has more to send than the sockets hold, and none may wait for the other to read.
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Task<List<string>>[] all = [.. Enumerable.Range(0, 8).Select(_ => TakeAllAsync(client.StreamAsync<string>("sink/echo", [Given.Large(8, 1_000_000)], cancellationToken: Cancellation)))];

        foreach (List<string> items in await Task.WhenAll(all))
        {
            items.Should().HaveCount(8).And.OnlyContain(static text => text.Length == 1_000_000);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Many_messages_of_one_item_never_stall(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        (await client.CallAsync<int>("sink/lengths", [Given.OneByOne(15_000)], cancellationToken: Cancellation)).Should().Be(15_000);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_is_asked_of_a_stream_before_the_method_reads(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Given given = new();
        List<object?> reports = [];
        Task<long> call = client.CallAsync<long>("sink/late", [given.Watched(Given.Count(3))], options: new CallOptions { Progress = new Listed(reports) }, cancellationToken: Cancellation);
        await served.Begun.WaitForAsync(1);

        client.Call<int>("source/one").Should().Be(1);
        given.Begun.Value.Should().Be(0);
        await served.Items.Writer.WriteAsync("go on", Cancellation);

        (await call).Should().Be(3);
        given.Begun.Value.Should().Be(1);
        given.Ended.Value.Should().Be(1);
        reports.Should().Equal(1L);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_method_that_takes_no_item_asks_for_none(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Given given = new();

        (await client.CallAsync<int>("sink/first", [given.Watched(Given.Endless()), 0], cancellationToken: Cancellation)).Should().Be(-1);

        given.Begun.Value.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_method_that_stops_reading_ends_the_stream(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Given given = new();

        (await client.CallAsync<int>("sink/first", [given.Watched(Given.Endless()), 5], cancellationToken: Cancellation)).Should().Be(4);

        await given.Ended.WaitForAsync(1);
        client.Call<int>("source/one").Should().Be(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_method_that_reads_late_costs_bounded_work_and_no_other_call(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Given given = new();
        await using IAsyncEnumerator<int> doubled = client.StreamAsync<int>("sink/double", [given.Watched(Given.Endless())], options: new CallOptions { ReadAhead = 1 }, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await NextAsync(doubled);

        long made = -1;
        await Eventually.BecomesTrueAsync(() =>
        {
            long before = made;
            made = given.Made.Value;
            client.Call<int>("source/one").Should().Be(1);
            return made > 1000 && made == before;
        });

        made.Should().BeLessThan(300_000, "256 KiB are sent ahead, and no more");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stream_for_a_list_is_collected(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Given given = new();

        (await client.For<ISink>().CountAsync(given.Watched(Given.Count(1000)))).Should().Be(1000);
        client.Call<int>("sink/count", [Given.Count(7)]).Should().Be(7);

        given.Begun.Value.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stream_is_enumerated_once_whether_it_was_a_list_or_not(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        (await client.CallAsync<string>("sink/twice", [Given.Count(3)], cancellationToken: Cancellation)).Should().Be("3 once");
        (await client.CallAsync<string>("sink/twice", [new List<int> { 1, 2, 3 }], cancellationToken: Cancellation)).Should().Be("3 once");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stream_inside_another_value_is_refused_with_advice(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        GawSerializationException e = (await FluentActions.Awaiting(() => client.CallAsync<int>("sink/count", [new List<object> { Given.Count(1) }], cancellationToken: Cancellation)).Should().ThrowAsync<GawSerializationException>()).Which;

        e.Message.Should().Contain("only an argument itself");
    }

    /// <summary>Reports, in their order.</summary>
    private sealed class Listed(List<object?> reports) : IProgress<object?>
    {
        public void Report(object? value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }

    /// <summary>An item that knows whose ambient state it was made in.</summary>
    public sealed record Witness(int Number)
    {
        private readonly string _seen = Ambient.Value ?? "nobody";

        public string Tell() => _seen;
    }

    /// <summary>Streams that a caller gives, and what becomes of them.</summary>
    private sealed class Given
    {
        public Tally Begun { get; } = new("streams that were asked for");

        public Tally Made { get; } = new("items that were asked for");

        public Tally Ended { get; } = new("streams that were disposed");

        public static async IAsyncEnumerable<int> Count(int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (i % 10_000 == 1)
                {
                    await Task.Yield();
                }

                yield return i;
            }
        }

        public static IAsyncEnumerable<int> Endless() => Count(int.MaxValue);

        public static async IAsyncEnumerable<string> Texts(params string[] texts)
        {
            foreach (string text in texts)
            {
                await Task.Yield();
                yield return text;
            }
        }

        /// <summary>What the code of the stream finds as its ambient state.</summary>
        public static async IAsyncEnumerable<string> Ambients(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return Ambient.Value ?? "nobody";
            }
        }

        public static async IAsyncEnumerable<Witness> Witnesses(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return new Witness(i);
            }
        }

        public static async IAsyncEnumerable<string> Large(int count, int length)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return new string('x', length);
            }
        }

        public static async IAsyncEnumerable<string> OneByOne(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return "x";
            }
        }

        public static async IAsyncEnumerable<int> Failing(int count)
        {
            for (int i = 0; i < count; i++)
            {
                yield return i;
            }

            await Task.Yield();
            throw new FormatException("the file ends in the middle");
        }

        public IAsyncEnumerable<T> Watched<T>(IAsyncEnumerable<T> items) => WatchAsync(items);

        private async IAsyncEnumerable<T> WatchAsync<T>(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Begun.Add();
            try
            {
                await foreach (T item in items.WithCancellation(cancellationToken))
                {
                    Made.Add();
                    yield return item;
                }
            }
            finally
            {
                Ended.Add();
            }
        }
    }
}
