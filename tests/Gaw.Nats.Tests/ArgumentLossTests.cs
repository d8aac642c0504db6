using System.Globalization;
using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Nats.Tests;

/// <summary>An engine may lose a message, and one that comes back may deliver it twice: a call with a stream as an argument then gives the right result or fails, and ends in any case.</summary>
public sealed class ArgumentLossTests
{
    private const int Items = 100;

    /// <summary>So long that the stream needs further limits.</summary>
    private const int ItemLength = 4000;

    /// <summary>What a client publishes.</summary>
    public enum FromClient
    {
        /// <summary>The first message with items.</summary>
        First,

        /// <summary>One with items, in the middle.</summary>
        Middle,

        /// <summary>The one that says that there are no more.</summary>
        Last,
    }

    /// <summary>What a worker publishes.</summary>
    public enum FromWorker
    {
        /// <summary>That it has the call.</summary>
        Notice,

        /// <summary>The limit that begins the stream.</summary>
        FirstLimit,

        /// <summary>A limit that lets it go on.</summary>
        LaterLimit,

        /// <summary>The reply.</summary>
        Reply,
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FromClient.First, 0, false)]
    [InlineData(FromClient.First, 2, false)]
    [InlineData(FromClient.Middle, 0, false)]
    [InlineData(FromClient.Middle, 2, false)]
    [InlineData(FromClient.Last, 0, false)]
    [InlineData(FromClient.Last, 2, true)]
    public async Task What_a_client_sends_and_the_engine_loses_or_doubles_is_never_taken_for_something_else(FromClient what, int copies, bool isRight)
    {
        int messages = 0;
        string address = await NatsEngine.GetAddressAsync();
        await using EngineProxy proxy = EngineProxy.Start(address, (subject, text) => subject.Contains(".$w.", StringComparison.Ordinal) && text.Contains("_gaw/send", StringComparison.Ordinal) && Is(what, text, ref messages) ? copies : 1);

        await CallAsync(address, proxy.Through(address), address, isRight);
    }

    [Theory]
    [InlineData(FromWorker.Notice, 0, true)]
    [InlineData(FromWorker.FirstLimit, 0, true)]
    [InlineData(FromWorker.FirstLimit, 2, true)]
    [InlineData(FromWorker.LaterLimit, 0, true)]
    [InlineData(FromWorker.LaterLimit, 2, true)]
    [InlineData(FromWorker.Reply, 0, false)]
    [InlineData(FromWorker.Reply, 2, true)]
    public async Task What_a_worker_sends_and_the_engine_loses_or_doubles_is_made_up_for_or_said(FromWorker what, int copies, bool isRight)
    {
        int limits = 0;
        string address = await NatsEngine.GetAddressAsync();
        await using EngineProxy proxy = EngineProxy.Start(address, (_, text) => Is(what, text, ref limits) ? copies : 1);

        await CallAsync(address, address, proxy.Through(address), isRight);
    }

    private static async Task CallAsync(string address, string forClient, string forWorker, bool isRight)
    {
        FakeTimeProvider clock = new();
        await using GawServer server = new GawServer(forWorker, new GawServerOptions { TimeProvider = clock }).Add<Adder>();
        await server.StartAsync(Cancellation);
        await using GawClient client = new([forClient], new GawClientOptions { TimeProvider = clock });
        await client.CallAsync<long>("adder/sum", [Numbers(0)], cancellationToken: Cancellation);
        Adder.Seen.Clear();

        await using GawClient other = new([address]);
        Task<long> call = client.CallAsync<long>("adder/sum", [Numbers(Items)], cancellationToken: Cancellation);
        for (int steps = 0; !call.IsCompleted; steps++)
        {
            // Nobody is given up for being slow: the worker has its turn in each step.
            steps.Should().BeLessThan(10_000, "the call ends");
            clock.Advance(TimeSpan.FromMilliseconds(20));
            await other.CallAsync<string>("adder/turn", cancellationToken: Cancellation);
        }

        Adder.Seen.Should().Equal(Enumerable.Range(0, Adder.Seen.Count), "no item is missing, and none comes twice");
        if (isRight)
        {
            (await call).Should().Be(Items * (Items - 1) / 2);
        }
        else
        {
            await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawException>();
        }

        await Eventually.BecomesTrueAsync(() => server.OpenStreams == 0);
    }

    private static bool Is(FromClient what, string text, ref int messages)
    {
        // The first one is that of the call before.
        int number = ++messages;
        bool isLast = number > 1 && text.Contains("true], \"_t\": \"tuple\"", StringComparison.Ordinal);
        if (isLast)
        {
            messages = int.MinValue;
        }

        return what switch
        {
            FromClient.First => number == 2,
            FromClient.Middle => number == 4,
            _ => isLast,
        };
    }

    private static bool Is(FromWorker what, string text, ref int limits)
    {
        // The first one is that of the call before.
        bool isLimit = text.Contains("\"take\": [", StringComparison.Ordinal);
        limits += isLimit ? 1 : 0;
        return what switch
        {
            FromWorker.FirstLimit => isLimit && limits == 2,
            FromWorker.LaterLimit => isLimit && limits == 3,
            FromWorker.Notice => limits == 1 && text.Contains("\"runs\"", StringComparison.Ordinal),
            _ => limits > 1 && !isLimit && text.Contains("\"resp_to\"", StringComparison.Ordinal) && !text.Contains(Adder.InTurn, StringComparison.Ordinal),
        };
    }

    private static async IAsyncEnumerable<string> Numbers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i.ToString(CultureInfo.InvariantCulture).PadLeft(ItemLength);
        }
    }

    [Service("adder")]
    public sealed class Adder
    {
        public const string InTurn = "in turn";

        public static List<int> Seen { get; } = [];

        [Entrypoint]
        public string Turn() => InTurn;

        [Entrypoint]
        public async Task<long> SumAsync(IAsyncEnumerable<string> items)
        {
            long sum = 0;
            await foreach (string item in items)
            {
                Seen.Add(int.Parse(item, CultureInfo.InvariantCulture));
                sum += Seen[^1];
            }

            return sum;
        }
    }
}
