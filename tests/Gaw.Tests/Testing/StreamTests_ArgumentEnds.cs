using System.Globalization;
using System.Runtime.CompilerServices;
using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>The ends of an argument that are none of its last item: the failure table of streams in the other direction.</summary>
public sealed partial class StreamTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task What_the_callers_stream_throws_is_what_the_call_fails_with(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        foreach (int count in new[] { 0, 1, 5000 })
        {
            FormatException e = (await FluentActions.Awaiting(() => client.CallAsync<long>("sink/sum", [Given.Failing(count)], cancellationToken: Cancellation)).Should().ThrowAsync<FormatException>("the echo of the server says less")).Which;
            e.Message.Should().Be("the file ends in the middle");
            (await client.CallAsync<string>("sink/hear", [Given.Failing(count)], cancellationToken: Cancellation)).Should().Be($"{count} and FormatException: the file ends in the middle");
        }

        await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("sink/double", [Given.Failing(3)], cancellationToken: Cancellation))).Should().ThrowAsync<FormatException>();
        client.Call<int>("source/one").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_the_method_throws_ends_the_stream(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Given given = new();

        GawRemoteException e = (await FluentActions.Awaiting(() => client.CallAsync<object?>("sink/refuse", [given.Watched(Given.Endless())], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which;

        e.RemoteName.Should().Be("Refused");
        await given.Ended.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_unknown_path_and_wrong_arguments_ask_for_no_item(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        Given given = new();

        (await FluentActions.Awaiting(() => client.CallAsync<int>("sink/summ", [given.Watched(Given.Endless())], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("KeyError");
        (await FluentActions.Awaiting(() => client.CallAsync<int>("sink/first", [given.Watched(Given.Endless()), "x"], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("TypeError");
        (await FluentActions.Awaiting(() => client.CallAsync<int>("sink/first", [given.Watched(Given.Endless())], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("TypeError");

        given.Begun.Value.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_item_that_cannot_be_read_fails_the_method(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        GawRemoteException e = (await FluentActions.Awaiting(() => client.CallAsync<long>("sink/sum", [Given.Texts("not a number")], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which;

        e.RemoteMessage.Should().Contain("items");
        served.Ended.Value.Should().Be(1);
        client.Call<int>("source/one").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_item_that_cannot_be_written_fails_the_call(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        GawSerializationException e = (await FluentActions.Awaiting(() => client.CallAsync<long>("sink/sum", [Unwritable()], cancellationToken: Cancellation)).Should().ThrowAsync<GawSerializationException>()).Which;

        e.Message.Should().Contain("argument[1]");
        served.Made.Value.Should().Be(1, "what was whole went out before");

        static async IAsyncEnumerable<object> Unwritable()
        {
            await Task.Yield();
            yield return 1;
            yield return new Action(static () => { });
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_caller_that_cancels_ends_the_stream_and_the_method(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        using CancellationTokenSource source = new();
        Given given = new();
        Task<long> call = client.CallAsync<long>("sink/sum", [given.Watched(Numbers(served, CancellationToken.None))], cancellationToken: source.Token);
        await served.Items.Writer.WriteAsync("1", Cancellation);
        await served.Made.WaitForAsync(1);

        await source.CancelAsync();

        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        await served.Ended.WaitForAsync(1);
        await given.Ended.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
        client.Call<int>("source/one").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_lost_server_ends_the_stream_and_says_that_the_call_has_run(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect(new GawClientOptions { Retries = 5, RetryWhen = RetryWhen.AnyFailure });
        Given given = new();
        Task<long> call = client.CallAsync<long>("sink/sum", [given.Watched(Numbers(served, CancellationToken.None))], cancellationToken: Cancellation);
        await served.Items.Writer.WriteAsync("1", Cancellation);
        await served.Made.WaitForAsync(1);

        served.Cut();

        GawConnectionException e = (await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawConnectionException>("its items are gone, so it is not made again")).Which;
        e.Execution.Should().Be(CallExecution.Ran);
        await given.Ended.WaitForAsync(1);
        await served.Ended.WaitForAsync(1);
        given.Begun.Value.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_client_that_is_disposed_ends_the_stream_and_the_method(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        GawClient client = served.Connect();
        Given given = new();
        Task<long> call = client.CallAsync<long>("sink/sum", [given.Watched(Numbers(served, CancellationToken.None))], cancellationToken: Cancellation);
        await served.Items.Writer.WriteAsync("1", Cancellation);
        await served.Made.WaitForAsync(1);

        await client.DisposeAsync();

        await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawConnectionException>();
        await given.Ended.WaitForAsync(1);
        await served.Ended.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_time_out_of_the_call_is_for_the_whole_of_its_arguments(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        await FluentActions.Awaiting(() => client.CallAsync<long>("sink/sum", [Given.Endless()], options: new CallOptions { Timeout = TimeSpan.FromMilliseconds(300) }, cancellationToken: Cancellation)).Should().ThrowAsync<TimeoutException>();

        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0 && served.Ended.Value == served.Begun.Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_call_whose_argument_streams_takes_no_place_among_the_calls_that_run(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { MaxConcurrentCalls = 1 });
        await using GawClient client = served.Connect();
        Task<long> one = client.CallAsync<long>("sink/sum", [Numbers(served, Cancellation)], cancellationToken: Cancellation);
        Task<string> other = client.CallAsync<string>("sink/hear", [Given.Count(3)], cancellationToken: Cancellation);

        (await other).Should().Be("3 and the end");
        client.Call<int>("source/one").Should().Be(1);
        served.Items.Writer.Complete();
        (await one).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task One_argument_too_many_is_refused_and_has_not_run(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { MaxStreams = 1 });
        await using GawClient client = served.Connect();
        Given given = new();
        Task<long> one = client.CallAsync<long>("sink/sum", [Numbers(served, Cancellation)], cancellationToken: Cancellation);
        await served.Begun.WaitForAsync(1);

        (await FluentActions.Awaiting(() => client.CallAsync<long>("sink/sum", [given.Watched(Given.Endless())], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("TooManyStreams");

        given.Begun.Value.Should().Be(0);
        served.Begun.Value.Should().Be(1);
        served.Items.Writer.Complete();
        await one;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_call_with_streams_in_both_directions_counts_once(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { MaxStreams = 1 });
        await using GawClient client = served.Connect();
        await using (IAsyncEnumerator<string> answers = client.StreamAsync<string>("sink/echo", [served.Items.Reader.ReadAllAsync(Cancellation)], cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation))
        {
            await served.Items.Writer.WriteAsync("a", Cancellation);
            (await NextAsync(answers)).Should().BeTrue("it is one call");
            served.Server.OpenStreams.Should().Be(1);
            (await FluentActions.Awaiting(() => TakeAllAsync(client.StreamAsync<int>("sink/double", [Given.Count(3)], cancellationToken: Cancellation))).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("TooManyStreams");
        }

        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
        (await TakeAllAsync(client.StreamAsync<int>("sink/double", [Given.Count(3)], cancellationToken: Cancellation))).Should().Equal(0, 2, 4);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stop_ends_a_method_that_waits_for_items_and_lets_an_import_finish(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect(new GawClientOptions { Retries = 0 });
        Given given = new();
        Task<long> waiting = client.CallAsync<long>("sink/sum", [given.Watched(Numbers(served, CancellationToken.None))], cancellationToken: Cancellation);
        await served.Items.Writer.WriteAsync("1", Cancellation);
        await served.Made.WaitForAsync(1);
        Task<string> import = client.CallAsync<string>("sink/hear", [Given.Count(200_000)], cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 2 || import.IsCompleted);

        Task stopping = served.StopAsync();

        (await import).Should().Be("200000 and the end");
        GawConnectionException e = (await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<GawConnectionException>()).Which;
        e.Execution.Should().Be(CallExecution.Ran);
        await given.Ended.WaitForAsync(1);
        await stopping;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stop_that_cuts_off_a_method_before_it_reads_never_says_that_the_call_has_not_run(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(100) });
        await using GawClient client = served.Connect(new GawClientOptions { Retries = 0 });
        Given given = new();
        Task<long> late = client.CallAsync<long>("sink/late", [given.Watched(Given.Count(3))], cancellationToken: Cancellation);
        await served.Begun.WaitForAsync(1);

        await served.StopAsync();

        (await FluentActions.Awaiting(() => late).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().NotBe(CallExecution.NotRun);
        given.Begun.Value.Should().Be(0, "no item was asked for");
    }

    /// <summary>The numbers that a test writes as texts.</summary>
    private static async IAsyncEnumerable<int> Numbers(Served served, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string text in served.Items.Reader.ReadAllAsync(cancellationToken))
        {
            yield return int.Parse(text, CultureInfo.InvariantCulture);
        }
    }
}
