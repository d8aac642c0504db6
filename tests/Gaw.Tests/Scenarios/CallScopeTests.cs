using System.Collections.Concurrent;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>A call has a scope of its own from before its filters until its reply was sent, and whoever makes an instance says whether it ends with the call.</summary>
public sealed class CallScopeTests
{
    [Service("left")]
    public interface ILeft
    {
        int Turn();
    }

    [Service("right")]
    public interface IRight
    {
        int Go();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scope_begins_before_the_filters_and_ends_after_the_instance_once_the_reply_is_sent()
    {
        Scopes scopes = new();
        await using TestServer server = await StartAsync(scopes, [
            GawFilter.ForCall(context => new Recording($"filter of {Scopes.Of(context)}", scopes)),
            GawFilter.ForCall(context => new Recording($"second of {Scopes.Of(context)}", scopes)),
        ]);
        await using GawClient client = server.Connect();

        client.Call<List<string>>("unit/lazy").Should().Equal("scope 1", "open", "open");

        await scopes.Ended.WaitForAsync(1);
        scopes.Events.Should().Equal("scope 1 made", "filter of scope 1", "second of scope 1", "unit of scope 1 made", "lazy", "row of scope 1", "row of scope 1", "unit of scope 1 disposed", "scope 1 disposed");
    }

    [Theory]
    [InlineData("unit/fails", "[]", "no unit")]
    [InlineData("unit/breaks_while_written", "[]", "broken row")]
    [InlineData("unit/refused", "[]", "not for you")]
    [InlineData("no_unit/lazy", "[]", "cannot be made")]
    public async Task A_scope_ends_however_the_call_fails(string path, string args, string message)
    {
        Scopes scopes = new();
        await using TestServer server = await StartAsync(scopes, [static () => new Refusing()]);
        await using RawPeer python = await RawPeer.ConnectAsync(server.Port);

        (await python.AskAsync(RawPeer.Request("1", path).Replace("\"_v\": []", $"\"_v\": {args}", StringComparison.Ordinal))).Should().Contain(message);
        await scopes.Ended.WaitForAsync(1);
        scopes.Made.Should().Be(1);
    }

    [Theory]
    [InlineData("unit/lazy", "a surplus argument")]
    [InlineData("unit/missing", "no such path")]
    [InlineData("plain/static", "a method that takes nothing of its call")]
    public async Task No_scope_is_made_where_nothing_could_use_it(string path, string why)
    {
        Scopes scopes = new();
        await using TestServer server = await StartAsync(scopes);
        await using GawClient client = server.Connect();

        Action call = () => client.Call<object?>(path, path.StartsWith("plain", StringComparison.Ordinal) ? [] : [1, 2]);
        if (path.StartsWith("plain", StringComparison.Ordinal))
        {
            call();
        }
        else
        {
            call.Should().Throw<GawRemoteException>();
        }

        await server.Server.StopAsync(Cancellation);
        scopes.Made.Should().Be(0, why);
    }

    [Fact]
    public async Task Ten_thousand_calls_at_once_have_a_scope_each_and_every_one_ends()
    {
        const int Calls = 10_000;
        Scopes scopes = new() { KeepsEvents = false };
        await using TestServer server = await StartAsync(scopes, [GawFilter.ForCall(context => new Recording(Scopes.Of(context), scopes))]);
        await using GawClient client = server.Connect();

        string[] names = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => client.CallAsync<string>("unit/later", cancellationToken: Cancellation)));

        names.Distinct().Should().HaveCount(Calls, "none is shared");
        await scopes.Ended.WaitForAsync(Calls);
        scopes.Made.Should().Be(Calls);
        scopes.Ended.Value.Should().Be(Calls);
        scopes.EndedTwice.Should().Be(0);
    }

    [Theory]
    [InlineData("the caller leaves")]
    [InlineData("the caller cancels")]
    [InlineData("the stop cuts the call off")]
    public async Task A_scope_ends_when_nobody_waits_for_its_call(string how)
    {
        Scopes scopes = new();
        await using TestServer server = await StartAsync(scopes, [], new GawServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        await using GawClient client = server.Connect(new GawClientOptions { Retries = 0 });
        using CancellationTokenSource cancelling = new();
        Task<string> call = client.CallAsync<string>("unit/waits", cancellationToken: cancelling.Token);
        await scopes.Waiting.WaitForAsync(1);

        await (how switch
        {
            "the caller leaves" => client.DisposeAsync().AsTask(),
            "the caller cancels" => cancelling.CancelAsync(),
            _ => server.Server.StopAsync(Cancellation),
        });

        await scopes.Ended.WaitForAsync(1);
        (await Record.ExceptionAsync(() => call)).Should().NotBeNull();
    }

    [Fact]
    public async Task The_caller_waits_for_no_end_of_a_scope_and_what_it_throws_is_logged()
    {
        LogCollector log = new();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Scopes scopes = new() { EndsAfter = gate.Task, Throws = true };
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log, Scopes = scopes.Make });
        await server.Add(Unit.Of).StartAsync(Cancellation);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        client.Call<List<string>>("unit/lazy").Should().HaveCount(3, "the scope has not ended yet");
        Task stopping = server.StopAsync(Cancellation);
        stopping.IsCompleted.Should().BeFalse("the end of a scope belongs to a call in flight");
        gate.SetResult();
        await stopping.WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");

        log.Entries.Should().ContainSingle(static entry => entry.Id.Id == 207).Which.Text.Should().Contain("unit/lazy");
        log.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true, "Scopes returned null in place of a scope")]
    [InlineData(false, "no scope today")]
    public async Task A_scope_that_cannot_be_made_is_the_calls_own_failure(bool returnsNull, string message)
    {
        await using TestServer server = await TestServer.StartAsync(
            static s => s.Add(Unit.Of), new GawServerOptions { Scopes = () => returnsNull ? null! : throw new InvalidOperationException("no scope today") });
        await using GawClient client = server.Connect();

        client.Invoking(static c => c.Call<object>("unit/lazy")).Should().Throw<GawRemoteException>().Which.RemoteMessage.Should().Contain(message);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    public async Task An_instance_is_disposed_where_its_maker_says_so(bool dispose, int expected)
    {
        Scopes scopes = new();
        Unit only = new(scopes, "all calls");
        await using TestServer server = await TestServer.StartAsync(s => s.Add(_ => only, dispose));
        await using GawClient client = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            client.Call<string>("unit/name").Should().Be("all calls");
        }

        await server.Server.StopAsync(Cancellation);
        scopes.Events.Count(static e => e.EndsWith("disposed", StringComparison.Ordinal)).Should().Be(expected);
    }

    [Fact]
    public async Task A_server_without_scopes_has_no_services_and_a_clients_filter_has_none()
    {
        IServiceProvider? seen = new Scopes.Scope(new Scopes(), "");
        await using TestServer server = await TestServer.StartAsync(static s => s.Add(static context => new Plain(context)));
        await using GawClient client = server.Connect(new GawClientOptions { Filters = [GawFilter.ForCall(context => new Recording($"{seen = context.Services}", new Scopes()))] });

        client.Call<bool>("plain/has_services").Should().BeFalse();
        seen.Should().BeNull();
    }

    [Fact]
    public async Task One_class_serves_under_several_names_each_with_its_own_arguments()
    {
        await using TestServer server = await TestServer.StartAsync(static s =>
            s.AddNamed<Tenant>("north", "N").AddNamed<Tenant>("south", "S").AddNamed("east", static context => new Tenant(context.Path)).Add<Tenant>("?"));
        await using GawClient client = server.Connect();
        dynamic rpc = client;

        ((string)rpc.north.name()).Should().Be("N");
        ((string)rpc.south.name()).Should().Be("S");
        client.Call<string>("east/name").Should().Be("east/name");
        client.Call<string>("tenant/name").Should().Be("?");
        client.Invoking(static c => c.Call<string>("west/name")).Should().Throw<GawRemoteException>();
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a/b", "a slash parts the service from the method")]
    [InlineData("_gaw", "belongs to what the server says of itself")]
    [InlineData("tenant", "the path \"tenant/name\" is taken already")]
    public void A_name_that_cannot_be_a_services_is_refused(string name, string message)
    {
        GawServer server = new GawServer("127.0.0.1", 0).Add<Tenant>("?");

        server.Invoking(s => s.AddNamed<Tenant>(name, "N")).Should().Throw<ArgumentException>().Which.Message.Should().Contain(message);
    }

    [Fact]
    public void A_class_that_is_several_services_takes_no_single_name()
    {
        GawServer server = new("127.0.0.1", 0);

        server.Invoking(static s => s.AddNamed<Both>("one")).Should().Throw<ArgumentException>().Which.Message.Should().Contain("it is several services (left, right), which cannot all be named one");
    }

    private static Task<TestServer> StartAsync(Scopes scopes, IReadOnlyList<Func<IGawFilter>>? filters = null, GawServerOptions? options = null) => TestServer.StartAsync(
        static s => s.Add(Unit.Of).AddNamed<Unit>("no_unit", static _ => throw new InvalidOperationException("cannot be made")).Add<Plain>(),
        (options ?? new GawServerOptions()) with { Scopes = scopes.Make, Filters = filters ?? [] });

    /// <summary>Makes the scopes and knows what became of them.</summary>
    public sealed class Scopes
    {
        private int _made;
        private int _endedTwice;

        public ConcurrentQueue<string> Events { get; } = new();

        public bool KeepsEvents { get; init; } = true;

        public Task EndsAfter { get; init; } = Task.CompletedTask;

        public bool Throws { get; init; }

        public Tally Ended { get; } = new("scopes that ended");

        public Tally Waiting { get; } = new("calls that wait");

        public int Made => _made;

        public int EndedTwice => _endedTwice;

        public static string Of(GawCallContext context) => ((Scope)context.Services!).Name;

        public IGawCallScope Make()
        {
            string name = $"scope {Interlocked.Increment(ref _made)}";
            Say($"{name} made");
            return new Scope(this, name);
        }

        public void Say(string text)
        {
            if (KeepsEvents)
            {
                Events.Enqueue(text);
            }
        }

        internal sealed class Scope(Scopes scopes, string name) : IGawCallScope, IServiceProvider
        {
            private int _ended;

            public IServiceProvider Services => this;

            public string Name => name;

            public bool IsOpen => Volatile.Read(ref _ended) == 0;

            public object? GetService(Type serviceType) => serviceType == typeof(Scopes) ? scopes : null;

            public async ValueTask DisposeAsync()
            {
                await scopes.EndsAfter;
                if (Interlocked.Increment(ref _ended) > 1)
                {
                    Interlocked.Increment(ref scopes._endedTwice);
                }

                scopes.Say($"{name} disposed");
                scopes.Ended.Add();
                if (scopes.Throws)
                {
                    throw new InvalidOperationException("the unit of work was not saved");
                }
            }
        }
    }

    /// <summary>A service that leans on its call's scope.</summary>
    public sealed class Unit : IDisposable
    {
        private readonly Scopes _scopes;
        private readonly string _name;
        private readonly Scopes.Scope? _scope;

        public Unit(Scopes scopes, string name)
        {
            _scopes = scopes;
            _name = name;
            _scopes.Say($"unit of {name} made");
        }

        private Unit(Scopes.Scope scope)
            : this((Scopes)scope.GetService(typeof(Scopes))!, scope.Name) => _scope = scope;

        public static Unit Of(GawCallContext context) => new((Scopes.Scope)context.Services!);

        [Entrypoint]
        public string Name() => _name;

        [Entrypoint]
        public IEnumerable<string> Lazy()
        {
            _scopes.Say("lazy");
            return Rows();
        }

        [Entrypoint]
        public async Task<string> LaterAsync()
        {
            await Task.Yield();
            _scope!.IsOpen.Should().BeTrue();
            return _name;
        }

        [Entrypoint]
        public async Task<string> WaitsAsync(CancellationToken cancellationToken)
        {
            _scopes.Waiting.Add();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return _name;
        }

        [Entrypoint]
        public int Fails() => throw new InvalidOperationException("no unit");

        [Entrypoint]
        public int Refused() => 1;

        [Entrypoint]
        public IEnumerable<int> BreaksWhileWritten()
        {
            yield return 1;
            throw new InvalidOperationException("broken row");
        }

        public void Dispose() => _scopes.Say($"unit of {_name} disposed");

        private IEnumerable<string> Rows()
        {
            yield return _name;
            for (int i = 0; i < 2; i++)
            {
                _scopes.Say($"row of {_name}");
                yield return _scope!.IsOpen ? "open" : "closed";
            }
        }
    }

    public sealed class Plain(GawCallContext? context = null)
    {
        [Entrypoint]
        public static int Static() => 1;

        [Entrypoint]
        public bool HasServices() => context?.Services is not null;
    }

    public sealed class Tenant(string name)
    {
        [Entrypoint]
        public string Name() => name;
    }

    public sealed class Both : ILeft, IRight
    {
        public int Turn() => 1;

        public int Go() => 2;
    }

    private sealed class Recording(string text, Scopes scopes) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            scopes.Say(text);
            return next(context);
        }
    }

    private sealed class Refusing : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) =>
            context.Path.EndsWith("refused", StringComparison.Ordinal) ? throw new GawError("PermissionError", "not for you") : next(context);
    }
}
