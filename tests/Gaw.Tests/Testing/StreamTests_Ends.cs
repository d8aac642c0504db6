using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>The ends of a stream that are none of its last item: failures, losses, limits, time-outs and stops.</summary>
public sealed partial class StreamTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task What_the_method_throws_comes_after_the_items_before(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        foreach (int count in new[] { 0, 1, 5000 })
        {
            List<int> items = [];
            GawRemoteException e = (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/fail", [count], cancellationToken: Cancellation), items)).Should().ThrowAsync<GawRemoteException>()).Which;
            e.RemoteName.Should().Be("Broken");
            items.Should().Equal(Enumerable.Range(0, count));
        }

        served.Ended.Value.Should().Be(3);
        client.Call<int>("source/one").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_item_that_cannot_be_written_comes_after_those_before(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        List<object?> items = [];

        GawRemoteException e = (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<object?>("source/unwritable", cancellationToken: Cancellation), items)).Should().ThrowAsync<GawRemoteException>()).Which;

        e.RemoteMessage.Should().Contain("result[2]");
        items.Should().Equal(0L, 1L);
        served.Ended.Value.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_item_that_cannot_be_read_comes_after_the_parts_before_and_ends_the_method(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await using IAsyncEnumerator<int> watch = client.StreamAsync<int>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        await served.Items.Writer.WriteAsync("not a number", Cancellation);

        await FluentActions.Awaiting(() => NextAsync(watch)).Should().ThrowAsync<GawSerializationException>();
        await served.Ended.WaitForAsync(1);
        client.Call<int>("source/one").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_unknown_path_and_wrong_arguments_are_met_with_the_first_item(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/coun", [1], cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("KeyError");
        (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/count", ["x"], cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("TypeError");
        served.Begun.Value.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_lost_server_leaves_what_had_come_and_says_that_the_call_has_run(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect(new GawClientOptions { Retries = 0 });
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await served.Items.Writer.WriteAsync("a", Cancellation);
        await NextAsync(watch);

        served.Cut();

        GawConnectionException e = (await FluentActions.Awaiting(() => NextAsync(watch)).Should().ThrowAsync<GawConnectionException>()).Which;
        e.Execution.Should().Be(CallExecution.Ran);
        await served.Ended.WaitForAsync(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_time_out_of_the_call_is_for_the_whole_stream(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        TimeoutException e = (await FluentActions.Awaiting(async () =>
        {
            await foreach (int item in client.StreamAsync<int>("source/endless", options: new CallOptions { Timeout = TimeSpan.FromMilliseconds(300) }, cancellationToken: Cancellation))
            {
                item.Should().BeGreaterThanOrEqualTo(0);
            }
        }).Should().ThrowAsync<TimeoutException>()).Which;

        e.Message.Should().Contain("source/endless");
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0 && served.Ended.Value == served.Begun.Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Streams_take_no_place_among_the_calls_that_run(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { MaxConcurrentCalls = 1 });
        await using GawClient client = served.Connect();
        await using IAsyncEnumerator<int> one = client.StreamAsync<int>("source/endless", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await using IAsyncEnumerator<int> other = client.StreamAsync<int>("source/endless", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        (await NextAsync(one)).Should().BeTrue();
        (await NextAsync(other)).Should().BeTrue();
        client.Call<int>("source/one").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task One_stream_too_many_is_refused_and_has_not_run(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { MaxStreams = 1 });
        await using GawClient client = served.Connect();
        await using (IAsyncEnumerator<int> one = client.StreamAsync<int>("source/endless", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation))
        {
            await NextAsync(one);
            (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/endless", cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("TooManyStreams");
            served.Begun.Value.Should().Be(1);
        }

        await served.Ended.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
        (await TakeAllAsync(client.StreamAsync<int>("source/count", [3], cancellationToken: Cancellation))).Should().HaveCount(3);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stop_ends_a_watch_that_waits_and_lets_an_export_finish(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect(new GawClientOptions { Retries = 0 });
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await served.Items.Writer.WriteAsync("a", Cancellation);
        await NextAsync(watch);
        await using IAsyncEnumerator<int> export = client.StreamAsync<int>("source/count", [100_000], cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await NextAsync(export);

        Task stopping = served.StopAsync();
        int count = 1;
        while (await NextAsync(export))
        {
            count++;
        }

        count.Should().Be(100_000);
        GawConnectionException e = (await FluentActions.Awaiting(() => NextAsync(watch)).Should().ThrowAsync<GawConnectionException>()).Which;
        e.Execution.Should().Be(CallExecution.Ran);
        await stopping.WithinAsync(TestTimeouts.Limit, static () => "the stop did not end");
    }
}
