using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>A result that is a stream is the same whatever carries it. Here: its items, and what it costs. The carriers, and how each is served, stand in another part of the class.</summary>
public sealed partial class StreamTests
{
    public static TheoryData<Carrier> All => new(Enum.GetValues<Carrier>());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Items_come_in_order_however_many(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        foreach (int count in new[] { 0, 1, 2, 100_000 })
        {
            (await TakeAllAsync(client.StreamAsync<int>("source/count", [count], cancellationToken: Cancellation))).Should().Equal(Enumerable.Range(0, count));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stream_may_be_asked_for_in_every_way(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        dynamic rpc = client;

        (await TakeAllAsync(client.For<ISource>().CountAsync(3, Cancellation))).Should().Equal(0, 1, 2);
        (await TakeAllAsync(client.For<Emitted.ISource>().CountAsync(3))).Should().Equal(0, 1, 2);
        (await TakeAllAsync(client.StreamAsync<dynamic>("source/count", kwargs: new Dictionary<string, object?> { ["count"] = 3 }, cancellationToken: Cancellation))).Should().Equal(0L, 1L, 2L);
        client.Call<List<int>>("source/count", [3]).Should().Equal(0, 1, 2);
        ((List<object?>)rpc.source.count(3)).Should().Equal(0L, 1L, 2L);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_method_that_returns_a_list_is_read_as_a_stream(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        (await TakeAllAsync(client.StreamAsync<int>("source/list", [3], cancellationToken: Cancellation))).Should().Equal(0, 1, 2);
        GawSerializationException e = (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/one", cancellationToken: Cancellation))).Should().ThrowAsync<GawSerializationException>()).Which;
        e.Message.Should().Contain("source/one");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_item_comes_as_soon_as_it_is_there(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 0; i < 100; i++)
        {
            string text = $"item {i}";
            await served.Items.Writer.WriteAsync(text, Cancellation);
            (await NextAsync(watch)).Should().BeTrue("nobody has to write another one first");
            watch.Current.Should().Be(text);
        }

        served.Items.Writer.Complete();
        (await NextAsync(watch)).Should().BeFalse();
        (await NextAsync(watch)).Should().BeFalse("the end stays the end");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_is_sent_before_the_first_item_is_asked_for_and_each_enumeration_is_a_call(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        IAsyncEnumerable<int> stream = client.StreamAsync<int>("source/count", [2], cancellationToken: Cancellation);
        await using (IAsyncEnumerator<int> untouched = stream.GetAsyncEnumerator(Cancellation))
        {
            served.Begun.Value.Should().Be(0);
        }

        await TakeAllAsync(stream);
        await TakeAllAsync(stream);

        served.Begun.Value.Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_consumer_that_leaves_ends_the_method(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        await foreach (int item in client.StreamAsync<int>("source/endless", cancellationToken: Cancellation))
        {
            item.Should().Be(0);
            break;
        }

        await served.Ended.WaitForAsync(1);
        client.Call<int>("source/one").Should().Be(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_token_ends_a_stream_that_waits(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        using CancellationTokenSource source = new();
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: source.Token).GetAsyncEnumerator(Cancellation);
        await served.Items.Writer.WriteAsync("a", Cancellation);
        await NextAsync(watch);
        Task<bool> next = NextAsync(watch);

        await source.CancelAsync();

        await FluentActions.Awaiting(() => next).Should().ThrowAsync<OperationCanceledException>();
        await served.Ended.WaitForAsync(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_enumerator_that_was_dropped_ends_the_method(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await DropAsync(client);

        await Eventually.BecomesTrueAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return served.Ended.Value == 1;
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_slow_consumer_costs_bounded_work_and_no_other_call(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>("source/endless", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await NextAsync(items);

        long made = -1;
        await Eventually.BecomesTrueAsync(() =>
        {
            long before = made;
            made = served.Made.Value;
            client.Call<int>("source/one").Should().Be(1);
            return made > 1000 && made == before;
        });

        made.Should().BeLessThan(300_000, "256 KiB are made ahead, and no more");
        for (int i = 1; i < 300_000; i++)
        {
            await NextAsync(items);
            items.Current.Should().Be(i);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task With_ReadAhead_of_one_an_item_is_made_when_it_is_asked_for(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>("source/endless", options: new CallOptions { ReadAhead = 1 }, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 1; i < 50; i++)
        {
            await NextAsync(items);
            client.Call<int>("source/one").Should().Be(1);
            served.Made.Value.Should().Be(i);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Large_items_pass_one_by_one(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        (await TakeAllAsync(client.StreamAsync<string>("source/texts", [20, 600_000], cancellationToken: Cancellation))).Should().OnlyContain(text => text.Length == 600_000).And.HaveCount(20);
        (await TakeAllAsync(client.StreamAsync<string>("source/texts", [1000, 1000], cancellationToken: Cancellation))).Should().OnlyContain(text => text.Length == 1000).And.HaveCount(1000);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Metadata_go_both_ways(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        List<string> seen = [];
        CallOptions options = new() { Metadata = new Dictionary<string, string> { ["tenant"] = "a" }, OnResponseMetadata = metadata => seen.Add(metadata["tenant"]) };

        (await TakeAllAsync(client.StreamAsync<string>("source/note", options: options, cancellationToken: Cancellation))).Should().Equal("a", "a");

        seen.Should().Equal("a");
    }

    private static async Task DropAsync(GawClient client)
    {
        IAsyncEnumerator<int> dropped = client.StreamAsync<int>("source/endless", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await NextAsync(dropped);
    }

    private static Task<bool> NextAsync<T>(IAsyncEnumerator<T> items) => items.MoveNextAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "no item came");

    private static async Task<List<T>> TakeAllAsync<T>(IAsyncEnumerable<T> stream, List<T>? into = null)
    {
        List<T> items = into ?? [];
        await using IAsyncEnumerator<T> enumerator = stream.GetAsyncEnumerator(Cancellation);
        while (await NextAsync(enumerator))
        {
            items.Add(enumerator.Current);
        }

        return items;
    }
}
