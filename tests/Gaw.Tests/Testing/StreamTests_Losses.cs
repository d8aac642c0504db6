using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Testing;

/// <summary>Streams whose other side goes away, says nothing, or does not listen.</summary>
public sealed partial class StreamTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task Many_parts_of_one_item_never_stall(Carrier carrier)
    {
        // A window that both sides count can shrink by a few bytes with each part; after some 11,000 of them nothing would be left of it.
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        (await TakeAllAsync(client.StreamAsync<string>("source/texts", [15_000, 1], cancellationToken: Cancellation))).Should().HaveCount(15_000);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_client_that_is_disposed_ends_its_loop_and_the_method(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        GawClient client = served.Connect();
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await served.Items.Writer.WriteAsync("a", Cancellation);
        await NextAsync(watch);
        Task<bool> next = NextAsync(watch);

        await client.DisposeAsync();

        await FluentActions.Awaiting(() => next).Should().ThrowAsync<GawConnectionException>();
        await served.Ended.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Signs_of_life_keep_a_quiet_stream(Carrier carrier)
    {
        FakeTimeProvider clock = new();
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { TimeProvider = clock });
        await using GawClient client = served.Connect(new GawClientOptions { CallTimeout = TimeSpan.FromSeconds(30) });
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        Task<bool> next = NextAsync(watch);
        await served.Begun.WaitForAsync(1);

        // Each is a part without items. The consumer sees none of them, and the next item all the same.
        for (int i = 0; i < 2; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
        }

        client.Call<int>("source/one").Should().Be(1);
        next.IsCompleted.Should().BeFalse();
        await served.Items.Writer.WriteAsync("a", Cancellation);
        (await next).Should().BeTrue();
        watch.Current.Should().Be("a");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_method_that_ignores_its_token_keeps_nobody_but_itself(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await foreach (int item in client.StreamAsync<int>("source/stubborn", cancellationToken: Cancellation))
        {
            item.Should().Be(0);
            break;
        }

        client.Call<int>("source/one").Should().Be(1);
        served.Server.OpenStreams.Should().Be(1, "it runs on, and shows");
        served.Ended.Value.Should().Be(0);
        await served.Items.Writer.WriteAsync("go on", Cancellation);

        await served.Ended.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Streams_by_the_thousand_that_are_left_leave_nothing(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int i = 0; i < 100; i++)
            {
                await foreach (int item in client.StreamAsync<int>("source/endless", cancellationToken: Cancellation))
                {
                    break;
                }
            }
        }));

        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0 && served.Ended.Value == served.Begun.Value);
        client.Call<int>("source/one").Should().Be(1);
    }
}
