using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Testing;

/// <summary>Filters around calls with streams, on either side: going on completes when the stream has ended, so that times, errors and permissions are those of the whole.</summary>
public sealed partial class StreamTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task Filters_of_both_sides_see_the_whole_stream(Carrier carrier)
    {
        FakeTimeProvider clock = new();
        TimeSpan called = default, served = default;
        Tally over = new("streams that a filter has seen the end of");
        await using Served server = await Served.StartAsync(carrier, new GawServerOptions { Filters = [() => new Around(time => served = time, clock, over)] });
        await using GawClient client = server.Connect(new GawClientOptions { Filters = [() => new Around(time => called = time, clock, over)] });
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 0; i < 3; i++)
        {
            await server.Items.Writer.WriteAsync($"{i}", Cancellation);
            (await NextAsync(watch)).Should().BeTrue();
            clock.Advance(TimeSpan.FromHours(1));
        }

        over.Value.Should().Be(0, "the stream goes on");
        server.Items.Writer.Complete();
        (await NextAsync(watch)).Should().BeFalse();

        await over.WaitForAsync(2);
        called.Should().Be(TimeSpan.FromHours(3));
        served.Should().Be(TimeSpan.FromHours(3));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Filters_of_both_sides_see_the_whole_of_an_argument(Carrier carrier)
    {
        FakeTimeProvider clock = new();
        TimeSpan called = default, served = default;
        Tally over = new("calls that a filter has seen the end of");
        await using Served server = await Served.StartAsync(carrier, new GawServerOptions { Filters = [() => new Around(time => served = time, clock, over)] });
        await using GawClient client = server.Connect(new GawClientOptions { Filters = [() => new Around(time => called = time, clock, over)] });
        Task<long> call = client.CallAsync<long>("sink/sum", [Numbers(server, Cancellation)], cancellationToken: Cancellation);
        for (int i = 0; i < 3; i++)
        {
            await server.Items.Writer.WriteAsync("1", Cancellation);
            await server.Made.WaitForAsync(i + 1);
            clock.Advance(TimeSpan.FromHours(1));
        }

        over.Value.Should().Be(0, "the stream goes on");
        server.Items.Writer.Complete();
        (await call).Should().Be(3);

        await over.WaitForAsync(2);
        called.Should().Be(TimeSpan.FromHours(3));
        served.Should().Be(TimeSpan.FromHours(3));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_filter_that_refuses_runs_nothing_and_asks_for_no_item(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { Filters = [static () => new Guard()] });
        await using GawClient client = served.Connect();
        Given given = new();

        (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/endless", cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("PermissionError");
        (await FluentActions.Awaiting(() => client.CallAsync<long>("sink/sum", [given.Watched(Given.Endless())], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("PermissionError");
        (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("sink/double", [given.Watched(Given.Endless())], cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("PermissionError");

        served.Begun.Value.Should().Be(0, "the method did not run");
        given.Begun.Value.Should().Be(0, "the caller's stream was not touched");
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
        CallOptions allowed = new() { Metadata = new Dictionary<string, string> { ["user"] = "Anna" } };
        (await TakeAllAsync(client.StreamAsync<int>("source/count", [3], options: allowed, cancellationToken: Cancellation))).Should().Equal(0, 1, 2);
        (await client.CallAsync<long>("sink/sum", [Given.Count(4)], options: allowed, cancellationToken: Cancellation)).Should().Be(6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_clients_filter_that_refuses_makes_no_call(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect(new GawClientOptions { Filters = [static () => new Guard()] });
        Given given = new();

        await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/endless", cancellationToken: Cancellation))).Should().ThrowAsync<GawError>();
        await FluentActions.Awaiting(() => client.CallAsync<long>("sink/sum", [given.Watched(Given.Endless())], cancellationToken: Cancellation)).Should().ThrowAsync<GawError>();

        served.Begun.Value.Should().Be(0);
        given.Begun.Value.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_filter_sees_what_a_stream_has_failed_with_in_the_middle(Carrier carrier)
    {
        List<Exception> seen = [];
        Tally over = new("streams that a filter has seen the end of");
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { Filters = [() => new Watching(seen, over)] });
        await using GawClient client = served.Connect(new GawClientOptions { Filters = [() => new Watching(seen, over)] });

        await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("source/fail", [3], cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>();

        await over.WaitForAsync(2);
        seen.Select(static e => e.GetType()).Should().BeEquivalentTo([typeof(GawError), typeof(GawRemoteException)]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_filter_may_give_another_stream_in_place_of_the_methods(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { Filters = [static () => new Instead()] });
        await using GawClient client = served.Connect();

        (await TakeAllAsync(client.StreamAsync<int>("source/count", [3], cancellationToken: Cancellation))).Should().Equal(7, 8, 9);

        served.Begun.Value.Should().Be(0);
    }

    /// <summary>Measures how long going on has taken.</summary>
    private sealed class Around(Action<TimeSpan> took, FakeTimeProvider clock, Tally over) : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            long began = clock.GetTimestamp();
            await next(context);
            took(clock.GetElapsedTime(began));
            over.Add();
        }
    }

    /// <summary>Lets those in who say who they are.</summary>
    private sealed class Guard : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) =>
            context.Metadata.ContainsKey("user") ? next(context) : throw new GawError("PermissionError", $"{context.Path} is for those who say who they are");
    }

    private sealed class Watching(List<Exception> seen, Tally over) : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            try
            {
                await next(context);
            }
            catch (Exception e)
            {
                lock (seen)
                {
                    seen.Add(e);
                }

                over.Add();
                throw;
            }
        }
    }

    private sealed class Instead : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            context.Result = SevenAsync();
            return default;

            static async IAsyncEnumerable<int> SevenAsync()
            {
                for (int i = 7; i < 10; i++)
                {
                    await Task.Yield();
                    yield return i;
                }
            }
        }
    }
}
