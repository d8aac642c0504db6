using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>
/// tests/README.md, row I4, and with it D2 and E1: the network misbehaves between a client and a server that do not. Every call ends, and says
/// truly whether it ran; none that is not idempotent runs twice; the client works again with the next connection.
/// </summary>
/// <remarks>
/// How one attempt may end, and how often it has run by then:
/// <code>
/// fault                       on the way to the server      on the way to the client
/// single bytes, delays        Result                        Result
/// cut, reset, half-close:
///   before the first byte     NotRun or Unknown, 0 runs     NotRun or Unknown
///   within the frame          Unknown, 0 runs               Ran, 1 run (a reset may overtake what came: Unknown)
///   right behind it           Unknown or Result; a half-    Result (a reset may overtake it: Unknown or Ran)
///                             closed caller gets its Result, or NotRun where the call still waited for a thread
/// stall, wherever             Timeout, 0 runs               Timeout, 1 run
/// </code>
/// NotRun is tried again as Retries says, Unknown and Ran only where the call is idempotent, too; a time-out never.
/// </remarks>
public sealed class ChaosTests
{
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMilliseconds(200);

    private static readonly int[] AllRetries = [0, 3, -1];

    /// <summary>Where in its frame a fault strikes.</summary>
    public enum Place
    {
        BeforeIt,
        InLengthLine,
        InPayload,
        BeforeLastByte,
        BehindIt,
    }

    public enum Fault
    {
        SingleBytes,
        Delay,
        Cut,
        Reset,
        HalfClose,
        Stall,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string, Fault, bool, Place>> EveryFault()
    {
        foreach (Fault fault in Enum.GetValues<Fault>())
        {
            foreach (bool toServer in (bool[])[true, false])
            {
                foreach (Place place in Enum.GetValues<Place>())
                {
                    if (fault <= Fault.Delay ? place != Place.BeforeIt : fault == Fault.Stall && place == Place.BehindIt)
                    {
                        // It concerns all bytes, or none of the call's.
                        continue;
                    }

                    // What a half frame tells depends on the mode only where the frame's payload has begun.
                    string[] modes = fault <= Fault.Delay || place == Place.InPayload ? ["plain", "signed256", "encrypted256"] : ["plain"];
                    foreach (string mode in modes)
                    {
                        yield return new(mode, fault, toServer, place);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task I4_D2_E1_Whatever_the_network_does_a_call_ends_and_tells_whether_it_ran(string mode, Fault fault, bool toServer, Place place)
    {
        Protection protection = Protection.Named(mode);
        Runs runs = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<CountedService>(runs), protection.Server);
        TimeSpan? timeout = fault == Fault.Stall ? StallTimeout : null;
        (long requestBytes, long answerBytes) = await MeasureAsync(server, protection, runs, timeout);
        ChaosMode treatment = Treatment(fault, place, toServer ? requestBytes : answerBytes);
        List<Case> cases =
        [
            .. from retries in AllRetries
               from idempotent in (bool[])[false, true]
               from synchronous in (bool[])[false, true]
               from round in Enumerable.Range(0, ClientConformanceTests.IsLong ? 100 : 1)
               select new Case(runs.NewCall(), retries, idempotent, synchronous),
        ];
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Token }, async (it, _) =>
        {
            while (!await TryRunAsync(it))
            {
            }
        });
        await server.IsEmptyAsync();

        foreach (Case it in cases)
        {
            string which = $"retries {it.Retries}, {(it.Idempotent ? "" : "not ")}idempotent, {(it.Synchronous ? "" : "a")}synchronous: {it.Ending}, {it.Failure}";
            int count = runs.Of(it.Number);
            (it.Expected(fault, toServer, place) & it.Ending).Should().NotBe(Ending.None, which);
            count.Should().BeInRange(LeastRuns(it.Ending, fault, toServer, place), it.MostRuns(fault, toServer, place), which);
            it.Connections.Should().BeLessThanOrEqualTo(3, "{0}: one that failed, perhaps, and one that does not; the second call took another if the first had none", which);
        }

        async Task<bool> TryRunAsync(Case it)
        {
            await using ChaosProxy proxy = ChaosProxy.Start(
                server.Port, number => number > 0 ? (ChaosMode.Pass, ChaosMode.Pass) : toServer ? (treatment, ChaosMode.Pass) : (ChaosMode.Pass, treatment));
            await using GawClient client = new("127.0.0.1", proxy.Port, protection.Client with { Retries = it.Retries });
            CallOptions options = new() { Idempotent = it.Idempotent, Timeout = timeout };
            it.Failure = null;
            it.Ending = await Endings.CallAsync(client, it.Number, it.Synchronous, options, failed: e => it.Failure = e);
            if (it.Ending == Ending.TooLate)
            {
                return false;
            }

            if (it.Ending == Ending.Timeout && !toServer)
            {
                await Eventually.BecomesTrueAsync(() => runs.Of(it.Number) > 0, () => "the request went through");
            }

            Ending next = await Endings.CallAsync(client, runs.NewCall(), it.Synchronous);
            if (place == Place.BehindIt && next == Ending.Unknown)
            {
                // The first call had its answer, the second was on its way when the connection ended.
                next = await Endings.CallAsync(client, runs.NewCall(), it.Synchronous);
            }

            next.Should().Be(Ending.Result, "the next connection is sound");
            it.Connections = proxy.ConnectionCount;
            return true;
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("signed256")]
    [InlineData("encrypted256")]
    public async Task I4_D3_Many_calls_on_one_connection_that_ends_anywhere_each_tell_truly_whether_they_ran(string mode)
    {
        Protection protection = Protection.Named(mode);
        Runs runs = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<CountedService>(runs), protection.Server);
        (long requestBytes, long answerBytes) = await MeasureAsync(server, protection, runs);
        List<(int Number, Ending Ending)> ended = [];
        for (int seed = 0; seed < (ClientConformanceTests.IsLong ? 1000 : 15); seed++)
        {
            Random random = new(seed);
            bool toServer = random.Next(2) == 0;
            long place = random.NextInt64(2 * answerBytes, 40 * (toServer ? requestBytes : answerBytes));
            ChaosMode treatment = random.Next(3) switch
            {
                0 => ChaosMode.CutAfter(place),
                1 => ChaosMode.ResetAfter(place),
                _ => ChaosMode.HalfCloseAfter(place),
            };
            await using ChaosProxy proxy = ChaosProxy.Start(
                server.Port, number => number > 0 ? (ChaosMode.Pass, ChaosMode.Pass) : toServer ? (treatment, ChaosMode.Pass) : (ChaosMode.Pass, treatment));
            await using GawClient client = new("127.0.0.1", proxy.Port, protection.Client);
            (await Endings.CallAsync(client, runs.NewCall(), synchronous: false)).Should().Be(Ending.Result, "the first answer tells that one connection takes all");
            ended.AddRange(await Task.WhenAll(Enumerable.Range(0, 60).Select(i => CallAsync(client, i % 10 == 0, i % 2 == 0))));
            (await Endings.CallAsync(client, runs.NewCall(), synchronous: false)).Should().Be(Ending.Result, "seed {0}: the next connection is sound", seed);
        }

        await server.IsEmptyAsync();
        foreach ((int number, Ending ending) in ended)
        {
            (int least, int most) = ending switch
            {
                Ending.NotRun => (0, 0),
                Ending.Unknown => (0, 1),
                _ => (1, 1),
            };
            runs.Of(number).Should().BeInRange(least, most, "the call ended with {0}", ending);
            ending.Should().BeOneOf(Ending.Result, Ending.NotRun, Ending.Unknown, Ending.Ran);
        }

        ended.Should().Contain(call => call.Ending == Ending.Unknown).And.Contain(call => call.Ending == Ending.Result);

        async Task<(int Number, Ending Ending)> CallAsync(GawClient client, bool synchronous, bool later)
        {
            int number = runs.NewCall();
            return (number, await Endings.CallAsync(client, number, synchronous, path: later ? "counted/later" : "counted/same"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task I4_A_client_works_again_as_soon_as_the_network_lets_it_through(bool synchronous)
    {
        Runs runs = new();
        await using TestServer server = await TestServer.StartAsync(s => s.Add<CountedService>(runs));
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, new GawClientOptions { Retries = 0 });
        (ChaosMode ToServer, ChaosMode ToClient)[] faults =
        [
            (ChaosMode.ResetAfter(0), ChaosMode.Pass), (ChaosMode.CutAfter(100), ChaosMode.Pass), (ChaosMode.Pass, ChaosMode.ResetAfter(1)), (ChaosMode.Pass, ChaosMode.HalfCloseAfter(20)),
        ];
        foreach ((ChaosMode toServer, ChaosMode toClient) in faults)
        {
            (proxy.ToServer, proxy.ToClient) = (toServer, toClient);
            proxy.ResetAll();
            for (int i = 0; i < 5; i++)
            {
                int failing = runs.NewCall();
                (await Endings.CallAsync(client, failing, synchronous)).Should().BeOneOf(Ending.NotRun, Ending.Unknown, Ending.Ran);
                runs.Of(failing).Should().BeLessThanOrEqualTo(1);
            }

            (proxy.ToServer, proxy.ToClient) = (ChaosMode.Pass, ChaosMode.Pass);
            (await Endings.CallAsync(client, runs.NewCall(), synchronous)).Should().Be(Ending.Result, "no failure is remembered");
        }

        runs.Most.Should().Be(1);
    }

    /// <summary>The fewest runs that a call can have had that ended so.</summary>
    private static int LeastRuns(Ending ending, Fault fault, bool toServer, Place place) => ending switch
    {
        Ending.Result or Ending.Ran => 1,

        // What the client was to get had already begun.
        Ending.Unknown or Ending.Timeout when !toServer && (place > Place.BeforeIt || fault == Fault.Stall) => 1,
        _ => 0,
    };

    private static ChaosMode Treatment(Fault fault, Place place, long frameBytes)
    {
        long bytes = place switch
        {
            Place.BeforeIt => 0,
            Place.InLengthLine => 1,
            Place.InPayload => frameBytes / 2,
            Place.BeforeLastByte => frameBytes - 1,
            _ => frameBytes,
        };
        return fault switch
        {
            Fault.SingleBytes => ChaosMode.SingleBytes,
            Fault.Delay => ChaosMode.Delay(TimeSpan.FromMilliseconds(5)),
            Fault.Cut => ChaosMode.CutAfter(bytes),
            Fault.Reset => ChaosMode.ResetAfter(bytes),
            Fault.HalfClose => ChaosMode.HalfCloseAfter(bytes),
            _ => ChaosMode.StallAfter(bytes),
        };
    }

    /// <summary>How long the first request and the first answer of a connection are, as frames. The call's time-out is in the request.</summary>
    private static async Task<(long Request, long Answer)> MeasureAsync(TestServer server, Protection protection, Runs runs, TimeSpan? timeout = null)
    {
        while (true)
        {
            ChaosProxy proxy = ChaosProxy.Start(server.Port);
            Ending ending;
            await using (GawClient client = new("127.0.0.1", proxy.Port, protection.Client))
            {
                ending = await Endings.CallAsync(client, runs.NewCall(), synchronous: true, new CallOptions { Timeout = timeout });
            }

            // It counts what it has delivered, which is a moment after the client has it.
            await proxy.DisposeAsync();
            if (ending == Ending.Result)
            {
                return (proxy.BytesToServer, proxy.BytesToClient);
            }
        }
    }

    private sealed record Case(int Number, int Retries, bool Idempotent, bool Synchronous)
    {
        public Ending Ending { get; set; }

        /// <summary>What the call ended with in place of its result, for the message of a test that fails.</summary>
        public Exception? Failure { get; set; }

        public long Connections { get; set; }

        /// <summary>How the whole call may end.</summary>
        public Ending Expected(Fault fault, bool toServer, Place place)
        {
            Ending attempt = OneAttempt(fault, toServer, place);
            if (Retries != 0 && attempt.HasFlag(Ending.NotRun))
            {
                attempt = (attempt & ~Ending.NotRun) | Ending.Result;
            }

            const Ending begun = Ending.Unknown | Ending.Ran;
            return Retries != 0 && Idempotent && (attempt & begun) != 0 ? (attempt & ~begun) | Ending.Result : attempt;
        }

        /// <summary>The most runs it can have had: one for each attempt that can have reached the server.</summary>
        public int MostRuns(Fault fault, bool toServer, Place place) => (fault, toServer, place) switch
        {
            (Fault.Cut or Fault.Reset or Fault.HalfClose, true, < Place.BehindIt) => Ending == Ending.Result ? 1 : 0,
            (Fault.Stall, true, _) => 0,
            (Fault.Cut or Fault.Reset or Fault.HalfClose, _, _) => Idempotent && Retries != 0 ? 2 : 1,
            _ => 1,
        };

        private static Ending OneAttempt(Fault fault, bool toServer, Place place) => (fault, toServer, place) switch
        {
            (Fault.SingleBytes or Fault.Delay, _, _) => Ending.Result,
            (Fault.Stall, _, _) => Ending.Timeout,

            // The client may see it before it sends, and takes another connection then.
            (_, _, Place.BeforeIt) => Ending.NotRun | Ending.Unknown | Ending.Result,

            // On a busy machine the call may have waited for a thread of the pool when the end of the stream came. Then it is not run.
            (Fault.HalfClose, true, Place.BehindIt) => Ending.Result | Ending.NotRun,
            (_, true, Place.BehindIt) => Ending.Unknown | Ending.Result,
            (_, true, _) => Ending.Unknown,
            (Fault.Reset, false, Place.BehindIt) => Ending.Result | Ending.Ran | Ending.Unknown,
            (_, false, Place.BehindIt) => Ending.Result,
            (Fault.Reset, false, _) => Ending.Ran | Ending.Unknown,
            _ => Ending.Ran,
        };
    }
}
