using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gaw.Tests.Scenarios;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb.Streams;

/// <summary>
/// The network ends within any byte of a stream's messages: what had come whole is delivered, and then a typed exception; never a wrong item, never a hang. The short form cuts in order and by a reset in
/// turn, the long one (<c>GAW_LONG_TESTS=1</c>) in both ways at each byte.
/// </summary>
public sealed class StreamChaosTests
{
    private static readonly ParallelOptions Side = new() { MaxDegreeOfParallelism = 8 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task A_result_that_is_cut_at_any_byte_gives_what_was_whole_and_then_says_that_it_has_run(string mode)
    {
        Protection protection = Protection.Named(mode);
        int length = Frames(protection.Code, "1").Sum(static frame => frame.Length);
        IEnumerable<Cut> cuts = Cuts(length + 150);
        await using BadServer server = BadServer.Start(
            async connection =>
            {
                if (await connection.ReadRequestAsync() is not { } request)
                {
                    return;
                }

                // The path says where the cut is.
                int at = int.Parse(request.Path.Split('/')[1].Split('_')[1], System.Globalization.CultureInfo.InvariantCulture);
                byte[] all = [.. Frames(connection.Code, request.Id).SelectMany(static frame => frame)];
                await connection.SendAsync(all[..Math.Min(at, all.Length)]);
                if (request.Path.StartsWith("reset", StringComparison.Ordinal))
                {
                    connection.Reset();
                }
            },
            protection.Code);

        await Parallel.ForEachAsync(cuts, Side, async (cut, _) =>
        {
            await using GawClient client = new("127.0.0.1", server.Port, protection.Client);
            (List<int> items, Exception? error) = await TakeAllAsync(client.StreamAsync<int>($"{(cut.IsReset ? "reset" : "close")}/at_{cut.At}", cancellationToken: Cancellation));

            // The id is longer than the one that was measured with, so that the last cuts are behind the end, perhaps.
            items.Should().BeSubsetOf([1, 2, 3]).And.BeInAscendingOrder($"{cut}").And.OnlyHaveUniqueItems();
            if (error is null)
            {
                items.Should().Equal([1, 2, 3], $"{cut}: a stream that ends is whole");
            }
            else
            {
                CallExecution execution = error.Should().BeOfType<GawConnectionException>($"{cut}").Which.Execution;
                items.Count.Should().BeLessThanOrEqualTo(3);
                if (items.Count > 0)
                {
                    execution.Should().Be(CallExecution.Ran, $"{cut}: items had come");
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task An_argument_that_is_cut_at_any_byte_gives_the_method_what_was_whole_and_then_an_exception(string mode)
    {
        Protection protection = Protection.Named(mode);
        string[] messages = [Send("1, 0, [1], [1, 1], null"), Send("1, 0, [2, 3], [3, 4], null"), Send("1, 0, [4], [4, 5], true")];
        int[] ends = [.. messages.Select((_, i) => messages.Take(i + 1).Sum(message => protection.Code.Frame(message).Length))];
        Seen seen = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Taker>(seen), protection.Server);
        List<Cut> cuts = [.. Cuts(ends[^1])];

        await Parallel.ForEachAsync(cuts, Side, async (cut, _) =>
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, protection.Code);
            int number = cuts.IndexOf(cut);
            seen.Taken[number] = new Tally("items that were taken");
            (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("1", "taker/take", $$"""{"_v": 0, "_t": "_gaw/stream"}, {{number}}""")))).Should().Contain("\"take\"");
            await peer.SendAsync([.. messages.SelectMany(message => protection.Code.Frame(message)).Take(cut.At)]);

            // The method gets what is whole as it comes. A caller that is gone ends it, whatever it has not taken.
            int whole = Whole(cut);
            await seen.Taken[number].WaitForAsync(whole);
            if (whole == 4)
            {
                (await peer.ReadFrameAsync()).Should().Contain("\"resp_to\": 1");
            }

            End(peer, cut);
        });

        await seen.Ended.WaitForAsync(cuts.Count);
        await Eventually.BecomesTrueAsync(() => server.Server.OpenStreams == 0);
        lock (seen.Calls)
        {
            foreach ((int number, List<int> items, Exception? error) in seen.Calls)
            {
                items.Should().Equal(Enumerable.Range(1, Whole(cuts[number])), "{0}: never a wrong item", cuts[number]);
                (error is null).Should().Be(items.Count == 4, "{0}: an argument that ends is whole, and no other does: {1}", cuts[number], error);
                error?.Should().BeAssignableTo<OperationCanceledException>();
            }
        }

        int Whole(Cut cut) => ((int[])[0, 1, 3, 4])[ends.Count(end => end <= cut.At)];
    }

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task A_limit_that_is_cut_at_any_byte_ends_the_method(string mode)
    {
        Protection protection = Protection.Named(mode);
        string limit = RawPeer.WithMeta(RawPeer.Request("2", "_gaw/take", "1, 2, 1000"));
        int length = protection.Code.Frame(limit).Length;
        Seen seen = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Giver>(seen), protection.Server);
        List<Cut> cuts = [.. Cuts(length)];

        await Parallel.ForEachAsync(cuts, Side, async (cut, _) =>
        {
            await using RawPeer peer = await RawPeer.ConnectAsync(server.Port, protection.Code);
            (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("1", "giver/give"), "\"take\": [1, 1000]"))).Should().Contain("\"payload\": [1]");
            await peer.SendAsync(protection.Code.Frame(limit)[..cut.At]);
            End(peer, cut);
        });

        await seen.Ended.WaitForAsync(cuts.Count);
        await Eventually.BecomesTrueAsync(() => server.Server.OpenStreams == 0);
        seen.Most.Should().BeLessThanOrEqualTo(2, "nothing is made beyond a limit that has not come whole");
    }

    private static IEnumerable<Cut> Cuts(int length) =>
        Enumerable.Range(0, length + 1).SelectMany(static at => ClientConformanceTests.IsLong ? (Cut[])[new(at, false), new(at, true)] : [new(at, at % 2 == 1)]);

    private static void End(RawPeer peer, Cut cut)
    {
        if (cut.IsReset)
        {
            peer.Reset();
        }
        else
        {
            peer.Close();
        }
    }

    private static string Send(string arguments) => RawPeer.WithMeta(RawPeer.Request("2", "_gaw/send", arguments));

    private static byte[][] Frames(WireCode code, string id) =>
    [
        code.Frame(Part(id, "[1]", "\"more\": true, \"sent\": [1, 1]")),
        code.Frame(Part(id, "[2]", "\"more\": true, \"sent\": [2, 2]")),
        code.Frame(Part(id, "[3]", "\"sent\": [3, 3]")),
    ];

    private static string Part(string id, string items, string meta) => $"{BadServer.Answer(id, items)[..^1]}, \"meta\": {{{meta}}}}}";

    private static async Task<(List<int> Items, Exception? Error)> TakeAllAsync(IAsyncEnumerable<int> stream)
    {
        List<int> items = [];
        await using IAsyncEnumerator<int> enumerator = stream.GetAsyncEnumerator(Cancellation);
        try
        {
            while (await enumerator.MoveNextAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "the stream hung"))
            {
                items.Add(enumerator.Current);
            }

            return (items, null);
        }
        catch (GawException e)
        {
            return (items, e);
        }
    }

    /// <summary>Where the network ends, and how.</summary>
    private sealed record Cut(int At, bool IsReset);

    private sealed class Seen
    {
        public List<(int Number, List<int> Items, Exception? Error)> Calls { get; } = [];

        /// <summary>By the number of the call.</summary>
        public ConcurrentDictionary<int, Tally> Taken { get; } = new();

        public Tally Ended { get; } = new("methods that ended");

        public int Most { get; set; }
    }

    private sealed class Taker(Seen seen)
    {
        [Entrypoint]
        public async Task TakeAsync(IAsyncEnumerable<int> items, int number)
        {
            Tally count = seen.Taken[number];
            List<int> taken = [];
            Exception? error = null;
            try
            {
                await foreach (int item in items)
                {
                    taken.Add(item);
                    count.Add();
                }
            }
            catch (Exception e)
            {
                error = e;
            }

            lock (seen.Calls)
            {
                seen.Calls.Add((number, taken, error));
            }

            seen.Ended.Add();
        }
    }

    private sealed class Giver(Seen seen)
    {
        [Entrypoint]
        public async IAsyncEnumerable<int> GiveAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (int i = 1; ; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await Task.Yield();
                    lock (seen.Calls)
                    {
                        seen.Most = Math.Max(seen.Most, i);
                    }

                    yield return i;
                }
            }
            finally
            {
                seen.Ended.Add();
            }
        }
    }
}
