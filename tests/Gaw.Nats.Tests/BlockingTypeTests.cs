using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Nats.Tests;

/// <summary>Values of the program's own types take as long to be made as the program likes. What has come meanwhile counts as come, on both sides.</summary>
public sealed class BlockingTypeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_that_has_come_is_the_result_though_its_worker_is_gone_before_it_was_read()
    {
        string address = await NatsEngine.GetAddressAsync();
        Tally sent = new("messages with items");
        await using EngineProxy proxy = EngineProxy.Start(address, (subject, text) =>
        {
            if (subject.Contains(".$w.", StringComparison.Ordinal) && text.Contains("_gaw/send", StringComparison.Ordinal))
            {
                sent.Add();
            }

            return 1;
        });
        await using GawServer leaves = new GawServer(address).Add<Leaving>();
        await leaves.StartAsync(Cancellation);
        await using GawServer stays = new GawServer(address).Add<Staying>();
        await stays.StartAsync(Cancellation);
        await using GawClient client = new([proxy.Through(address)]);
        using Hold hold = HeldResult.HoldAll();
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<HeldResult> call = client.CallAsync<HeldResult>("leaving/first", [Items()], cancellationToken: Cancellation);
        await hold.Begun.WaitForAsync(1);

        await leaves.DisposeAsync();
        long before = sent.Value;
        goesOn.SetResult();
        await sent.WaitForAsync(before + 1);
        await client.CallAsync<int>("staying/one", cancellationToken: Cancellation);
        call.IsCompleted.Should().BeFalse("the engine has said that nobody listens, and the reply is here");
        hold.Goes.Set();

        (await call).Value.Should().Be(1);

        async IAsyncEnumerable<int> Items()
        {
            yield return 1;
            await goesOn.Task;
            yield return 2;
        }
    }

    [Fact]
    public async Task A_caller_is_heard_while_its_items_wait_to_be_read()
    {
        FakeTimeProvider clock = new();
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer server = new GawServer(address, new GawServerOptions { TimeProvider = clock }).Add<Staying>();
        await server.StartAsync(Cancellation);
        await using GawClient client = new([address], new GawClientOptions { TimeProvider = clock });
        using Hold hold = HeldItem.HoldAll();
        Task<int> call = client.CallAsync<int>("staying/count", [Items()], cancellationToken: Cancellation);
        await hold.Begun.WaitForAsync(1);

        for (int i = 0; i < 100; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await client.CallAsync<int>("staying/one", cancellationToken: Cancellation);
            call.IsCompleted.Should().BeFalse("{0} seconds have passed", i);
        }

        hold.Goes.Set();

        (await call).Should().Be(2, "it was not cancelled");

        static async IAsyncEnumerable<HeldItem> Items()
        {
            yield return HeldItem.Of(1);
            await Task.Yield();
            yield return HeldItem.Of(2);
        }
    }

    /// <summary>The value of a result, which is held while it is made.</summary>
    public sealed class HeldResult
    {
        private static Hold? _hold;
        private int _value;

        public int Value
        {
            get => _value;
            set
            {
                _hold!.Wait();
                _value = value;
            }
        }

        public static HeldResult Of(int value) => new() { _value = value };

        public static Hold HoldAll() => _hold = new Hold();
    }

    /// <summary>An item of an argument, which is held while it is made.</summary>
    public sealed class HeldItem
    {
        private static Hold? _hold;
        private int _value;

        public int Value
        {
            get => _value;
            set
            {
                _hold!.Wait();
                _value = value;
            }
        }

        public static HeldItem Of(int value) => new() { _value = value };

        public static Hold HoldAll() => _hold = new Hold();
    }

    /// <summary>What holds the values of a type, for one test.</summary>
    public sealed class Hold : IDisposable
    {
        public Tally Begun { get; } = new("values that are being made");

        public ManualResetEventSlim Goes { get; } = new();

        public void Wait()
        {
            Begun.Add();
            Goes.Wait(TestTimeouts.Limit);
        }

        public void Dispose() => Goes.Dispose();
    }

    [Service("leaving")]
    public sealed class Leaving
    {
        /// <summary>Does not wait for the rest.</summary>
        [Entrypoint]
        public async Task<HeldResult> FirstAsync(IAsyncEnumerable<int> items)
        {
            await foreach (int item in items)
            {
                return HeldResult.Of(item);
            }

            return HeldResult.Of(0);
        }
    }

    [Service("staying")]
    public sealed class Staying
    {
        [Entrypoint]
        public int One() => 1;

        [Entrypoint]
        public async Task<int> CountAsync(IAsyncEnumerable<HeldItem> items, CancellationToken cancellationToken)
        {
            int count = 0;
            await foreach (HeldItem item in items.WithCancellation(cancellationToken))
            {
                count += Math.Sign(item.Value);
            }

            return count;
        }
    }
}
