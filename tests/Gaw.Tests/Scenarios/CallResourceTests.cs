using System.Collections;
using System.Collections.Concurrent;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>A call's resources end after its answer is written: its instance, what filters keep, its token.</summary>
public sealed class CallResourceTests
{
    public static readonly string[] Shapes = ["linq", "iterator", "untyped", "as_object", "later", "later_iterator", "soon", "pairs", "nested", "disposed_later"];

    [Service("rows")]
    public interface IRows
    {
        IEnumerable<int> Linq();

        Task<IEnumerable<int>> LaterAsync();

        ValueTask<IEnumerable<int>> SoonAsync();
    }

    public static TheoryData<string, bool> ShapesWithAndWithoutFilters => new(from shape in Shapes from filtered in new[] { false, true } select (shape, filtered));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ShapesWithAndWithoutFilters))]
    public async Task A_lazily_made_result_of_a_service_that_can_be_disposed_gives_its_items(string shape, bool filtered)
    {
        Ledger ledger = new();
        await using TestServer server = await StartAsync(ledger, filtered ? [static () => new Filter(static (context, next) => next(context))] : []);
        await using GawClient client = server.Connect();
        await using RawPeer python = await RawPeer.ConnectAsync(server.Port);
        dynamic rpc = client;
        string path = $"rows/{shape}";

        client.Call<List<object>>(path).Should().Equal(1L, 2L, 3L);
        (await client.CallAsync<List<object>>(path, cancellationToken: Cancellation)).Should().Equal(1L, 2L, 3L);
        ((IEnumerable)rpc["rows"][shape]()).Cast<object>().Should().HaveCount(3);
        (await python.AskAsync(RawPeer.Request("7", path))).Should().Be(BadServer.Answer("7", "[1, 2, 3]"));

        await ledger.Disposed.WaitForAsync(4);
        ledger.Made.Should().Be(4);
    }

    [Fact]
    public async Task A_typed_client_gets_the_items_of_a_lazily_made_result()
    {
        Ledger ledger = new();
        await using TestServer server = await StartAsync(ledger);
        await using GawClient client = server.Connect();
        IRows rows = client.For<IRows>();

        rows.Linq().Should().Equal(1, 2, 3);
        (await rows.LaterAsync()).Should().Equal(1, 2, 3);
        (await rows.SoonAsync()).Should().Equal(1, 2, 3);
        await ledger.Disposed.WaitForAsync(3);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_caller_waits_for_no_disposal(bool inOrder, bool asynchronous)
    {
        using Ledger ledger = new() { Gate = new(), DisposesAsynchronously = asynchronous };
        await using TestServer server = await StartAsync(ledger);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        for (int call = 1; call <= 3; call++)
        {
            string request = RawPeer.Request($"{call}", "rows/linq");
            (await peer.AskAsync(inOrder ? request : RestartTests.Parallel($"{call}", "rows/linq"))).Should().Contain("[1, 2, 3]");
            await ledger.Disposing.WaitForAsync(call);
        }

        ledger.Disposed.Value.Should().Be(0);
        Task stopping = server.Server.StopAsync(Cancellation);
        stopping.IsCompleted.Should().BeFalse("a disposal belongs to a call in flight");
        ledger.Gate.Set();
        await stopping.WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
        ledger.Disposed.Value.Should().Be(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disposal_that_throws_is_logged_and_changes_no_answer(bool asynchronous)
    {
        LogCollector log = new();
        Ledger ledger = new() { ThrowsWhenDisposed = true, DisposesAsynchronously = asynchronous };
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log });
        await server.Add(ledger.Make).StartAsync(Cancellation);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        client.Call<List<int>>("rows/linq").Should().Equal(1, 2, 3);
        client.Invoking(static c => c.Call<int>("rows/fail")).Should().Throw<GawRemoteException>().Which.RemoteMessage.Should().Be("no rows");

        await ledger.Disposing.WaitForAsync(2);
        await server.StopAsync(Cancellation);
        log.Entries.Where(static entry => entry.Id.Id == 207).Should().HaveCount(2).And.OnlyContain(entry => entry.Text.Contains("rows/", StringComparison.Ordinal) && entry.Text.Contains("not disposed well", StringComparison.Ordinal));
        log.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Each_instance_of_a_call_that_a_filter_makes_again_is_disposed_after_the_answer()
    {
        Ledger ledger = new();
        await using TestServer server = await StartAsync(ledger, [() => new Filter(async (context, next) =>
        {
            await next(context);
            object? first = context.Result;
            await next(context);
            ledger.Disposed.Value.Should().Be(0);
            context.Result = first;
        })]);
        await using GawClient client = server.Connect();

        client.Call<List<int>>("rows/linq").Should().Equal(1, 2, 3);
        await ledger.Disposed.WaitForAsync(2);
    }

    [Fact]
    public async Task The_items_of_filters_and_the_token_live_until_the_result_is_written()
    {
        ConcurrentQueue<string> seen = new();
        Ledger ledger = new() { Seen = seen };
        await using TestServer server = await StartAsync(ledger, [static () => new Filter(async (context, next) =>
        {
            context.Items["unit"] = "row";
            await next(context);
        })]);
        await using GawClient client = server.Connect();

        client.Call<List<string>>("rows/of_context").Should().Equal("row 1 True", "row 2 True", "row 3 True");
        await ledger.Disposed.WaitForAsync(1);
        seen.Should().Equal("row 1 True", "row 2 True", "row 3 True", "disposed with row True");
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_has_its_instance_disposed_after_the_error()
    {
        Ledger ledger = new();
        await using TestServer server = await StartAsync(ledger);
        await using GawClient client = server.Connect();

        client.Invoking(static c => c.Call<List<int>>("rows/breaks")).Should().Throw<GawRemoteException>().Which.RemoteMessage.Should().Contain("the second row is broken");
        await ledger.Disposed.WaitForAsync(1);
        client.Call<List<int>>("rows/linq").Should().Equal(1, 2, 3);
    }

    private static Task<TestServer> StartAsync(Ledger ledger, params Func<IGawFilter>[] filters) =>
        TestServer.StartAsync(server => server.Add(ledger.Make), new GawServerOptions { Filters = filters });

    /// <summary>What the instances of one test's service share.</summary>
    public sealed class Ledger : IDisposable
    {
        private int _made;

        public int Made => Volatile.Read(ref _made);

        public Tally Disposing { get; } = new("disposals that began");

        public Tally Disposed { get; } = new("disposals");

        public ManualResetEventSlim? Gate { get; init; }

        public bool ThrowsWhenDisposed { get; init; }

        public bool DisposesAsynchronously { get; init; }

        public ConcurrentQueue<string>? Seen { get; init; }

        public Rows Make()
        {
            Interlocked.Increment(ref _made);
            return DisposesAsynchronously ? new AsyncRows(this) : new Rows(this);
        }

        public void Dispose() => Gate?.Dispose();
    }

    /// <summary>A source that is gone once it is disposed, as a database's context is.</summary>
    [Service("rows")]
    public class Rows(Ledger ledger) : IDisposable
    {
        private readonly List<int> _rows = [1, 2, 3];
        private GawCallContext? _context;
        private bool _isDisposed;

        private List<int> Source => _isDisposed ? throw new ObjectDisposedException(nameof(Rows)) : _rows;

        [Entrypoint]
        public IEnumerable<int> Linq() => Source.Where(static row => row > 0);

        [Entrypoint]
        public IEnumerable<int> Iterator()
        {
            for (int i = 0; i < 3; i++)
            {
                yield return Source[i];
            }
        }

        [Entrypoint]
        public IEnumerable Untyped() => Iterator();

        [Entrypoint]
        public object AsObject() => Linq();

        [Entrypoint]
        public async Task<IEnumerable<int>> LaterAsync()
        {
            await Task.Yield();
            return Linq();
        }

        [Entrypoint]
        public async Task<IEnumerable<int>> LaterIteratorAsync()
        {
            await Task.Yield();
            return Iterator();
        }

        [Entrypoint]
        public ValueTask<IEnumerable<int>> SoonAsync() => new(Linq());

        [Entrypoint]
        public IOrderedEnumerable<int> Pairs() => Source.OrderBy(static row => row);

        [Entrypoint]
        public IEnumerable<object> Nested() => Source.SelectMany(static row => new object[] { row });

        [Entrypoint]
        public IEnumerable<int> DisposedLater()
        {
            try
            {
                foreach (int row in Source)
                {
                    yield return row;
                }
            }
            finally
            {
                _ = Source;
            }
        }

        [Entrypoint]
        public IEnumerable<int> Breaks() => Source.Select(static row => row == 2 ? throw new InvalidOperationException("the second row is broken") : row);

        [Entrypoint]
        public int Fail() => throw new InvalidOperationException("no rows");

        [Entrypoint]
        public IEnumerable<string> OfContext(GawCallContext context, CancellationToken cancellationToken)
        {
            _context = context;
            return Source.Select(row =>
            {
                using CancellationTokenRegistration registration = cancellationToken.Register(static () => { });
                string said = $"{context.Items["unit"]} {row} {cancellationToken.CanBeCanceled && cancellationToken.WaitHandle is not null}";
                ledger.Seen!.Enqueue(said);
                return said;
            });
        }

        public void Dispose()
        {
            Begin();
            ledger.Gate?.Wait();
            End();
            GC.SuppressFinalize(this);
        }

        protected void Begin() => ledger.Disposing.Add();

        protected void End()
        {
            _isDisposed = true;
            if (_context is not null)
            {
                ledger.Seen!.Enqueue($"disposed with {_context.Items["unit"]} {_context.CancellationToken.WaitHandle is not null}");
            }

            ledger.Disposed.Add();
            if (ledger.ThrowsWhenDisposed)
            {
                throw new InvalidOperationException("not disposed well");
            }
        }
    }

    private sealed class AsyncRows(Ledger ledger) : Rows(ledger), IAsyncDisposable
    {
        private readonly Ledger _ledger = ledger;

        public async ValueTask DisposeAsync()
        {
            Begin();
            await Task.Run(() => _ledger.Gate?.Wait());
            End();
        }
    }

    private sealed class Filter(Func<GawFilterContext, GawFilterNext, ValueTask> invoke) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) => invoke(context, next);
    }
}
