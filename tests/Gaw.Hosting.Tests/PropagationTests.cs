using Gaw.Hosting.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gaw.Hosting.Tests;

/// <summary>A call that is made on behalf of another ends with that one's time and token, where the client was told so.</summary>
public sealed class PropagationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 7.0, null, 0, 7)]
    [InlineData(true, null, null, 7, 100)]
    [InlineData(true, 50.0, 5.0, 0, 5)]
    [InlineData(true, 5.0, 50.0, 0, 5)]
    [InlineData(false, 7.0, null, 7, 100)]
    public async Task The_next_server_sees_the_time_that_the_first_caller_still_waits(bool propagates, double? outer, double? inner, double above, double atMost)
    {
        await using Chain chain = await Chain.StartAsync(propagates);
        CallOptions options = new() { Timeout = outer is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

        double left = await chain.Client.CallAsync<double>("desk/time_left", [inner], cancellationToken: Cancellation, options: options);

        left.Should().BeInRange(above, atMost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_call_cancels_the_next_server_too(bool ownToken)
    {
        await using Chain chain = await Chain.StartAsync(propagates: true);
        using CancellationTokenSource cancelling = new();
        Task<int> call = chain.Client.CallAsync<int>("desk/wait", [ownToken], cancellationToken: cancelling.Token);
        await chain.Gate.Entered.WaitForAsync(1);

        await cancelling.CancelAsync();

        await chain.Gate.Cancelled.WaitForAsync(1);
        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Code_that_outlives_its_call_has_the_clients_own_time()
    {
        await using Chain chain = await Chain.StartAsync(propagates: true);

        await chain.Client.CallAsync<int>("desk/let_go", cancellationToken: Cancellation, options: new CallOptions { Timeout = TimeSpan.FromSeconds(7) });
        chain.Gate.Open.SetResult();

        (await chain.Gate.Left.Task.WithinAsync(TestTimeouts.Limit, static () => "the code that was let go did not end")).Should().BeInRange(7, 100);
    }

    public sealed class Gate
    {
        public Tally Entered { get; } = new("calls that wait");

        public Tally Cancelled { get; } = new("calls that were cancelled");

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<double> Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The service that calls on.</summary>
    public sealed class Desk([FromKeyedServices("back")] GawClient back, Gate gate)
    {
        [Entrypoint]
        public Task<double> TimeLeftAsync(double? seconds) =>
            back.CallAsync<double>("back/time_left", options: seconds is { } given ? new CallOptions { Timeout = TimeSpan.FromSeconds(given) } : null);

        [Entrypoint]
        public async Task<int> WaitAsync(bool ownToken)
        {
            using CancellationTokenSource own = new();
            return await back.CallAsync<int>("back/wait", cancellationToken: ownToken ? own.Token : default);
        }

        [Entrypoint]
        public int LetGo()
        {
            _ = AskLaterAsync();
            return 1;
        }

        private async Task AskLaterAsync()
        {
            await gate.Open.Task;
            gate.Left.SetResult(await back.CallAsync<double>("back/time_left"));
        }
    }

    /// <summary>The service that is called on.</summary>
    public sealed class Back(Gate gate)
    {
        [Entrypoint]
        public double TimeLeft(GawCallContext context) => context.TimeLeft is { } left ? left.TotalSeconds : double.PositiveInfinity;

        [Entrypoint]
        public async Task<int> WaitAsync(CancellationToken cancellationToken)
        {
            gate.Entered.Add();
            await gate.Cancelled.AddWhenCancelledAsync(cancellationToken);
            return 1;
        }
    }

    /// <summary>A host whose server calls the server of another.</summary>
    private sealed class Chain(IHost front, IHost back, GawClient client, Gate gate) : IAsyncDisposable
    {
        public GawClient Client => client;

        public Gate Gate => gate;

        public static async Task<Chain> StartAsync(bool propagates)
        {
            Gate gate = new();
            HostApplicationBuilder behind = TestHost.CreateBuilder();
            behind.Services.AddSingleton(gate);
            behind.Services.AddGawServer().AddService<Back>();
            IHost back = await behind.StartAsync();
            HostApplicationBuilder before = TestHost.CreateBuilder(["ConnectionStrings:back".Is($"{back.Services.GetRequiredService<GawServer>().LocalEndPoint}")]);
            before.Services.AddSingleton(gate);
            before.Services.AddGawServer().AddService<Desk>();
            GawClientBuilder builder = before.Services.AddGawClient("back");
            if (propagates)
            {
                builder.PropagateCall();
            }

            IHost front = await before.StartAsync();
            return new Chain(front, back, front.Connect(), gate);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await front.EndAsync();
            await back.EndAsync();
            front.Dispose();
            back.Dispose();
        }
    }
}
