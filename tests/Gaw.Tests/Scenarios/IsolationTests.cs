using System.Globalization;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>64 callers on one connection, of which one does everything forbidden: the others see right answers, no error, and a clean context.</summary>
public sealed class IsolationTests
{
    private const int Callers = 64;

    private static readonly AsyncLocal<string?> Ambient = new();

    [Service("place")]
    public interface IPlace
    {
        ValueTask<int> Same(int value);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_caller_that_does_everything_forbidden_disturbs_none_of_sixty_three()
    {
        int calls = ClientConformanceTests.IsLong ? 100_000 : 1_000;
        await using TestServer server = await TestServer.ServingAsync<Place>();
        await using GawClient client = server.Connect(new GawClientOptions { CallTimeout = TimeSpan.FromMinutes(5), MaxFrameBytes = 1 << 20 });
        (await client.CallAsync<int>("place/same", [0], cancellationToken: Token)).Should().Be(0);
        using CancellationTokenSource enough = new();
        int misdeeds = 0;
        Task forbidden = MisbehaveUntilAsync(enough.Token);

        int wrong = 0;
        int unclean = 0;
        await Task.WhenAll(Enumerable.Range(1, Callers - 1).Select(caller => Task.Factory.StartNew(
            () => caller % 8 == 0 ? CallOnThread(caller) : CallAsync(caller), Token, caller % 8 == 0 ? TaskCreationOptions.LongRunning : TaskCreationOptions.None, TaskScheduler.Default).Unwrap()));
        await enough.CancelAsync();
        await forbidden.WithinAsync(TestTimeouts.Limit, () => "the one that misbehaves did not end");

        wrong.Should().Be(0);
        unclean.Should().Be(0);
        misdeeds.Should().BePositive();

        async Task MisbehaveUntilAsync(CancellationToken end)
        {
            await Task.Yield();
            while (!end.IsCancellationRequested)
            {
                await MisbehaveAsync(client, misdeeds++);
            }
        }

        async Task CallAsync(int caller)
        {
            for (int i = 0; i < calls; i++)
            {
                int value = (caller * 1_000_000) + i;
                Check(value, await client.CallAsync<int>(i % 50 == 0 ? "place/look" : "place/same", [value]));
            }
        }

        Task CallOnThread(int caller)
        {
            for (int i = 0; i < calls; i++)
            {
                int value = (caller * 1_000_000) + i;
                Check(value, client.Call<int>(i % 50 == 0 ? "place/look" : "place/same", [value]));
            }

            return Task.CompletedTask;
        }

        void Check(int value, int answer)
        {
            if (answer != value)
            {
                Interlocked.Increment(ref answer < 0 ? ref unclean : ref wrong);
            }

            if (Ambient.Value is not null || CultureInfo.CurrentCulture.Name.Length > 0)
            {
                Interlocked.Increment(ref unclean);
            }
        }
    }

    private static async Task MisbehaveAsync(GawClient client, int round)
    {
        IPlace place = client.For<IPlace>();
        switch (round % 7)
        {
            case 0:
                Then(place.Same(1), ThrowOnReader);
                break;
            case 1:
                Then(place.Same(1), static () =>
                {
                    Ambient.Value = "leaked";
                    CultureInfo.CurrentCulture = new ForeignCulture();
                });
                break;
            case 2:
                Then(place.Same(1), static () => Thread.Sleep(30));
                break;
            case 3:
                using (CancellationTokenSource mass = new())
                {
                    Task<int>[] given = [.. Enumerable.Range(0, 500).Select(i => client.CallAsync<int>("place/later", [i], cancellationToken: mass.Token))];
                    await mass.CancelAsync();
                    await Record.ExceptionAsync(() => Task.WhenAll(given));
                }

                break;
            case 4:
                await Record.ExceptionAsync(() => client.CallAsync<int>("place/length", [new string('x', 2 << 20)]));
                await Record.ExceptionAsync(() => client.CallAsync<int>("place/length", [new string('x', 900_000)]));
                break;
            case 5:
                await Record.ExceptionAsync(() => client.CallAsync<int>("place/fail", [1]));
                await Record.ExceptionAsync(() => client.CallAsync<string>("place/same", [1]));
                break;
            default:
                WithBrokenContext(() => _ = AwaitAsync(place));
                break;
        }

        static async Task AwaitAsync(IPlace place) => await place.Same(1);
    }

    /// <summary>A call that has ended before anybody waits for it continues on the pool, where the framework lets nobody throw.</summary>
    private static void ThrowOnReader()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread)
        {
            throw new InvalidOperationException("foreign");
        }
    }

    private static void Then(ValueTask<int> call, Action continuation) => call.GetAwaiter().UnsafeOnCompleted(continuation);

    private static void WithBrokenContext(Action work)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new BrokenContext());
        work();
        SynchronizationContext.SetSynchronizationContext(before);
    }

    public sealed class Place
    {
        [Entrypoint]
        public int Same(int value) => value;

        [Entrypoint]
        public async Task<int> LaterAsync(int value, CancellationToken cancellationToken)
        {
            await Task.Delay(1000, cancellationToken);
            return value;
        }

        /// <summary>The value, or one below zero where the context is not clean.</summary>
        [Entrypoint]
        public int Look(int value) => Ambient.Value is null && CultureInfo.CurrentCulture.Name.Length == 0 ? value : -1;

        [Entrypoint]
        public int Length(string text) => text.Length;

        [Entrypoint]
        public int Fail(int value) => throw new InvalidOperationException($"{value}");
    }

    private sealed class BrokenContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new InvalidOperationException("the window handle is gone");
    }

    /// <summary>A culture that is there on every machine: without ICU a named one throws, and where a continuation runs on the pool that ends the process.</summary>
    private sealed class ForeignCulture() : CultureInfo("")
    {
        public override string Name => "foreign";
    }
}
