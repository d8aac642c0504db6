using System.Diagnostics;
using System.Numerics;
using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>Calls, filters and endings are the same whatever carries them. The carriers, and how each is served, stand in the other part of the class: each test project has its own.</summary>
public sealed partial class CarrierTests
{
    [Service("bench")]
    public interface IBench
    {
        int Plus(int a, int b);

        Task<int> PlusLaterAsync(int a, int b);
    }

    public static TheoryData<Carrier> All => new(Enum.GetValues<Carrier>());

    public static TheoryData<Carrier, bool> AllBothWays => new(from carrier in Enum.GetValues<Carrier>() from synchronous in new[] { false, true } select (carrier, synchronous));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_call_may_be_written_in_every_way(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        dynamic rpc = client;
        IBench bench = client.For<IBench>();

        ((int)rpc.bench.plus(1, 2)).Should().Be(3);
        ((int)await rpc.bench.plusAsync(1, b: 2)).Should().Be(3);
        bench.Plus(1, 2).Should().Be(3);
        (await bench.PlusLaterAsync(1, 2)).Should().Be(3);
        client.Call<int>("bench/plus", [1, 2]).Should().Be(3);
        (await client.CallAsync<int>("bench/plus", [1], new Dictionary<string, object?> { ["b"] = 2 }, Cancellation)).Should().Be(3);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Values_keep_their_types(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        object?[] values =
        [
            BigInteger.Pow(7, 90), 1.5, "Thai ไทย 🙂 \ud800", true, null, Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"), new DateTime(2026, 11, 29, 1, 2, 3, DateTimeKind.Unspecified),
            new HashSet<object?> { 1L, 2L }, new List<object?> { 1L, new List<object?> { "x" } }, double.NaN,
        ];

        foreach (object? value in values)
        {
            client.Call<object?>("bench/echo", [value]).Should().BeEquivalentTo(value);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Many_callers_at_once_get_their_own_answers(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        int[] sums = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => client.CallAsync<int>(i % 2 == 0 ? "bench/plus" : "bench/plus_later", [i, 1], cancellationToken: Cancellation)));

        sums.Should().Equal(Enumerable.Range(1, 2000));
    }

    [Theory]
    [MemberData(nameof(AllBothWays))]
    public async Task An_error_has_its_name_message_and_trace(Carrier carrier, bool synchronous)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        GawRemoteException own = await ThrownAsync<GawRemoteException>(client, "bench/refuse", synchronous);
        GawRemoteException unknown = await ThrownAsync<GawRemoteException>(client, "bench/pluss", synchronous);
        GawRemoteException unfit = await ThrownAsync<GawRemoteException>(client, "bench/plus", synchronous);

        own.RemoteName.Should().Be("PermissionError");
        own.RemoteMessage.Should().Be("not today");
        unknown.RemoteMessage.Should().Contain("did you mean bench/plus?");
        unfit.RemoteName.Should().Be("TypeError");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Metadata_travel_both_ways_and_filters_run_around_both_sides(Carrier carrier)
    {
        List<string> order = [];
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { Filters = [() => new Noting(order, "server")] });
        await using GawClient client = served.Connect(new GawClientOptions { Filters = [() => new Noting(order, "client")] });
        IReadOnlyDictionary<string, string>? back = null;

        string seen = await client.CallAsync<string>("bench/note", cancellationToken: Cancellation, options: new CallOptions { Metadata = new Dictionary<string, string> { ["tenant"] = "north" }, OnResponseMetadata = given => back = given });

        seen.Should().Be("north");
        back.Should().ContainKey("seen").WhoseValue.Should().Be("north");
        order.Should().Equal("client before", "server before", "server after", "client after");
    }

    [Theory]
    [MemberData(nameof(AllBothWays))]
    public async Task A_call_whose_time_is_over_ends_for_its_caller_and_is_cancelled_on_the_server(Carrier carrier, bool synchronous)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        client.Call<int>("bench/plus", [1, 2]).Should().Be(3, "the time is the method's: the connection is there");

        await ThrownAsync<TimeoutException>(client, "bench/wait", synchronous, new CallOptions { Timeout = TimeSpan.FromSeconds(1) });

        await served.Cancelled.WaitForAsync(1);
        client.Call<int>("bench/plus", [1, 2]).Should().Be(3, "the other calls go on");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_cancelled_call_is_cancelled_on_the_server(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();
        using CancellationTokenSource cancelling = new();
        Task<int> call = client.CallAsync<int>("bench/wait", cancellationToken: cancelling.Token);
        await served.Waiting.WaitForAsync(1);

        await cancelling.CancelAsync();

        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        await served.Cancelled.WaitForAsync(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_client_that_leaves_cancels_what_runs_for_it_and_ends_its_calls(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        GawClient client = served.Connect();
        Task<int> call = client.CallAsync<int>("bench/wait", cancellationToken: Cancellation);
        await served.Waiting.WaitForAsync(1);

        await client.DisposeAsync();

        (await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        await served.Cancelled.WaitForAsync(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_more_calls_run_at_once_than_the_server_allows(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier, new GawServerOptions { MaxConcurrentCalls = 2 });
        await using GawClient client = served.Connect();

        int[] most = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.CallAsync<int>("bench/count", cancellationToken: Cancellation)));

        most.Max().Should().BeLessThanOrEqualTo(2);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_that_a_method_leaves_in_its_context_is_seen_by_the_next(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        for (int i = 0; i < 20; i++)
        {
            client.Call<string>("bench/leave_behind").Should().BeEmpty();
            (await client.CallAsync<string>("bench/leave_behind_later", cancellationToken: Cancellation)).Should().BeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stop_lets_what_runs_end(Carrier carrier)
    {
        Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect(new GawClientOptions { Retries = 0 });
        Task<int> call = client.CallAsync<int>("bench/gated", cancellationToken: Cancellation);
        await served.Waiting.WaitForAsync(1);

        Task stopping = served.DisposeAsync().AsTask();
        await Eventually.BecomesTrueAsync(() => served.IsStopping);
        served.Open.SetResult();

        (await call).Should().Be(1);
        await stopping.WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
        (await FluentActions.Awaiting(() => client.CallAsync<int>("bench/plus", [1, 2], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
    }

    private static async Task<T> ThrownAsync<T>(GawClient client, string path, bool synchronous, CallOptions? options = null)
        where T : Exception => synchronous
            ? FluentActions.Invoking(() => client.Call<object>(path, options: options)).Should().Throw<T>().Which
            : (await FluentActions.Awaiting(() => client.CallAsync<object>(path, cancellationToken: Cancellation, options: options)).Should().ThrowAsync<T>()).Which;

    public sealed class Bench(Served served) : IBench
    {
        private static readonly AsyncLocal<string?> Left = new();
        private static int _running;

        public int Plus(int a, int b) => a + b;

        public async Task<int> PlusLaterAsync(int a, int b)
        {
            await Task.Yield();
            return a + b;
        }

        [Entrypoint]
        public object? Echo(object? value) => value;

        [Entrypoint]
        public int Refuse() => throw new GawError("PermissionError", "not today");

        [Entrypoint]
        public string Note(GawCallContext context)
        {
            context.ResponseMetadata["seen"] = context.Metadata["tenant"];
            return context.Metadata["tenant"];
        }

        [Entrypoint]
        public async Task<int> WaitAsync(CancellationToken cancellationToken)
        {
            served.Waiting.Add();
            await served.Cancelled.AddWhenCancelledAsync(cancellationToken);
            return 1;
        }

        [Entrypoint]
        public async Task<int> GatedAsync()
        {
            served.Waiting.Add();
            await served.Open.Task;
            return 1;
        }

        [Entrypoint]
        public async Task<int> CountAsync()
        {
            int now = Interlocked.Increment(ref _running);
            await Task.Yield();
            Interlocked.Decrement(ref _running);
            return now;
        }

        [Entrypoint]
        public string LeaveBehind()
        {
            string found = $"{Left.Value}{Activity.Current?.DisplayName}";
            Left.Value = "left";
            return found;
        }

        [Entrypoint]
        public async Task<string> LeaveBehindLaterAsync()
        {
            await Task.Yield();
            return LeaveBehind();
        }
    }

    private sealed class Noting(List<string> order, string side) : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            order.Add($"{side} before");
            await next(context);
            order.Add($"{side} after");
        }
    }
}
