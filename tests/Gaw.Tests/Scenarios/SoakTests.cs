using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Client.Servers;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>
/// tests/README.md, row I2: minutes of calls of all kinds in the three modes, over a network that fails now and then, to servers that restart;
/// afterwards nothing is left, and nothing was wrong or ran twice. Alone, since the whole process is measured.
/// </summary>
[Collection(nameof(PromiseTests_Memory))]
public sealed class SoakTests
{
    private const int ClientsPerMode = 3;
    private const int WorkersPerClient = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task I2_Minutes_of_calls_restarts_and_faults_leave_nothing_behind()
    {
        Assert.SkipUnless(ClientConformanceTests.IsLong, "Takes minutes (GAW_SOAK_MINUTES, 3 by default): GAW_LONG_TESTS=1.");
        double minutes = double.Parse(Environment.GetEnvironmentVariable("GAW_SOAK_MINUTES") ?? "3", CultureInfo.InvariantCulture);
        Soaked[] modes = [.. await Task.WhenAll(Protection.Modes.Select(row => Soaked.StartAsync(Protection.Named(row.Data))))];

        await SoakAsync(modes, TimeSpan.FromMinutes(minutes / 4));
        Level before = await Level.MeasureAsync(modes);
        await SoakAsync(modes, TimeSpan.FromMinutes(minutes * 3 / 4));
        Level after = await Level.MeasureAsync(modes);

        long calls = modes.Sum(mode => mode.Ended.Value);
        string said = $"{calls} calls, {modes.Sum(mode => mode.Failures)} of them failed, {modes.Sum(mode => mode.Restarts)} restarts, {modes.Sum(mode => mode.Proxy.ConnectionCount)} connections; {before}; {after}";
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        modes.Sum(mode => mode.Failures).Should().BeInRange(1, (int)(calls / 10), said);
        modes.Sum(mode => mode.Service.RunTwice).Should().Be(0, said);
        after.OpenCalls.Should().Be(0, said);
        after.RunningCalls.Should().Be(0, said);
        after.Bytes.Should().BeLessThan((long)(before.Bytes * 1.1) + (8 << 20), said);
        after.Threads.Should().BeLessThan(before.Threads + 24, said);
        after.Descriptors.Should().BeLessThan(before.Descriptors + 48, said);
        foreach (Soaked mode in modes)
        {
            await mode.DisposeAsync();
        }
    }

    /// <summary>Calls from all workers of all clients, with a restart of each server every few thousand calls, until the time is over.</summary>
    private static async Task SoakAsync(Soaked[] modes, TimeSpan time)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        enough.CancelAfter(time);
        await Task.WhenAll(modes.Select(async mode =>
        {
            Task[] workers = [.. Enumerable.Range(0, ClientsPerMode * WorkersPerClient).Select(worker => Task.Run(() => mode.WorkAsync(worker, enough.Token), Token))];
            while (!enough.IsCancellationRequested)
            {
                Task more = mode.Ended.WaitForAsync(mode.Ended.Value + 5000);
                await Task.WhenAny(more, Task.WhenAll(workers));
                if (!enough.IsCancellationRequested)
                {
                    await more;
                    await mode.RestartAsync();
                }
            }

            await Task.WhenAll(workers).WithinAsync(TimeSpan.FromMinutes(1), () => "a call did not end");
        }));
    }

    [Service("soak")]
    public sealed class SoakService(SoakService.Book book)
    {
        [Entrypoint]
        public int Once(int worker, int number, string text)
        {
            book.Run(worker, number);
            return number + text.Length;
        }

        [Entrypoint]
        public async Task<int> AgainAsync(int worker, int number, string text, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return number + text.Length;
        }

        [Entrypoint]
        public int Fail() => throw new GawError("ValueError", "as it should");

        /// <summary>Knows the last calls of each worker, and which ran twice.</summary>
        public sealed class Book(int workers)
        {
            private readonly int[,] _ran = new int[workers, 1024];
            private int _runTwice;

            public int RunTwice => Volatile.Read(ref _runTwice);

            public void Run(int worker, int number)
            {
                if (Interlocked.Exchange(ref _ran[worker, number % 1024], number) == number)
                {
                    Interlocked.Increment(ref _runTwice);
                }
            }
        }
    }

    /// <summary>The server, the failing network and the clients of one mode.</summary>
    private sealed class Soaked : IAsyncDisposable
    {
        private readonly Protection _protection;
        private readonly LogCollector _log = new(Microsoft.Extensions.Logging.LogLevel.Error);
        private readonly int[] _numbers = new int[ClientsPerMode * WorkersPerClient];
        private GawServer _server = null!;
        private GawClient[] _clients = [];
        private int _failures;

        private Soaked(Protection protection) => _protection = protection;

        public ChaosProxy Proxy { get; private set; } = null!;

        public SoakService.Book Service { get; } = new(ClientsPerMode * WorkersPerClient);

        public Tally Ended { get; } = new("calls");

        public int Failures => Volatile.Read(ref _failures);

        public int Restarts { get; private set; }

        public int RunningCalls => _server.RunningCalls;

        public int OpenCalls => _clients.Sum(client => Servers(Web(client)).All.Sum(server => ((Gaw.PostOffice.Client.TcpCarrier)server).OpenCalls));

        public static async Task<Soaked> StartAsync(Protection protection)
        {
            Soaked soaked = new(protection);
            await soaked.StartServerAsync(0);
            Random random = new(protection.Name.Length);
            soaked.Proxy = ChaosProxy.Start(soaked._server.LocalEndPoint.Port, _ => (NextFault(random), NextFault(random)));
            soaked._clients = [.. Enumerable.Range(0, ClientsPerMode).Select(_ => new GawClient("127.0.0.1", soaked.Proxy.Port, protection.Client with { Retries = -1 }))];
            return soaked;
        }

        public async Task RestartAsync()
        {
            int port = _server.LocalEndPoint.Port;
            await _server.DisposeAsync().AsTask().WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
            await StartServerAsync(port);
            Restarts++;
        }

        /// <summary>One call after the other, of every kind.</summary>
        public async Task WorkAsync(int worker, CancellationToken enough)
        {
            GawClient client = _clients[worker % ClientsPerMode];
            Random random = new(worker);
            while (!enough.IsCancellationRequested)
            {
                int number = ++_numbers[worker];
                string text = new('x', random.Next(random.Next(50) == 0 ? 100_000 : 200));
                bool idempotent = random.Next(3) == 0;
                string path = idempotent ? "soak/again" : "soak/once";
                CallOptions options = new() { Idempotent = idempotent, Timeout = random.Next(100) == 0 ? TimeSpan.FromMilliseconds(1) : null };
                using CancellationTokenSource caller = new();
                try
                {
                    if (random.Next(50) == 0)
                    {
                        await client.CallAsync<int>("soak/fail", cancellationToken: Token);
                    }

                    Task<int> call = random.Next(4) == 0
                        ? DedicatedThread.RunAsync(() => client.Call<int>(path, [worker, number, text], options: options))
                        : client.CallAsync<int>(path, [worker, number, text], cancellationToken: caller.Token, options: options);
                    if (random.Next(50) == 0)
                    {
                        await caller.CancelAsync();
                    }

                    (await call).Should().Be(number + text.Length);
                }
                catch (Exception e) when (e is OperationCanceledException or TimeoutException or GawConnectionException or GawRemoteException { RemoteName: "ValueError" })
                {
                    Interlocked.Increment(ref _failures);
                }

                Ended.Add();
            }
        }

        public async ValueTask DisposeAsync()
        {
            Array.ForEach(_clients, client => client.Dispose());
            await Eventually.BecomesTrueAsync(() => _server.Connections == 0);
            await Proxy.DisposeAsync();
            await _server.DisposeAsync();
            _log.Errors.Should().BeEmpty("the server logs an error only when it has failed itself");
        }

        /// <summary>Most connections end somewhere in their first megabyte, in every way there is but silence.</summary>
        private static ChaosMode NextFault(Random random)
        {
            lock (random)
            {
                long bytes = random.NextInt64(1, 4 << 20);
                return random.Next(5) switch
                {
                    0 => ChaosMode.CutAfter(bytes),
                    1 => ChaosMode.ResetAfter(bytes),
                    2 => ChaosMode.HalfCloseAfter(bytes),
                    _ => ChaosMode.Pass,
                };
            }
        }

        private async Task StartServerAsync(int port)
        {
            _server = new GawServer("127.0.0.1", port, _protection.Server with { LoggerFactory = _log }).Add<SoakService>(Service);
            await _server.StartAsync(Token);
        }

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_web")]
        private static extern ref JsonWebClient Web(GawClient client);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_servers")]
        private static extern ref ServerPicker Servers(JsonWebClient client);
    }

    /// <summary>What the process holds while nobody calls.</summary>
    private sealed record Level(long Bytes, int Threads, int Descriptors, int OpenCalls, int RunningCalls)
    {
        public static async Task<Level> MeasureAsync(Soaked[] modes)
        {
            await Eventually.BecomesTrueAsync(() => modes.Sum(mode => mode.RunningCalls) == 0);
            await Eventually.BecomesTrueAsync(() => modes.Sum(mode => mode.OpenCalls) == 0, () => $"{modes.Sum(mode => mode.OpenCalls)} are open");
            using Process self = Process.GetCurrentProcess();
            return new Level(
                GC.GetTotalMemory(forceFullCollection: true),
                self.Threads.Count,
                Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0,
                modes.Sum(mode => mode.OpenCalls),
                modes.Sum(mode => mode.RunningCalls));
        }
    }
}
