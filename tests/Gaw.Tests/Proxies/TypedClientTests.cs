using Gaw.JsonWeb;
using Gaw.Proxies;
using Gaw.Proxies.Typed.Emitting;
using Gaw.Tests.Support;

namespace Gaw.Tests.Proxies;

/// <summary>Typed clients, each promise for the proxy that is emitted at run time and for the one that is written at compile time.</summary>
public sealed class TypedClientTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _clients = [];
    private TestServer _server = null!;

    public enum Proxy
    {
        Emitted,
        Written,
    }

    public static TheoryData<Proxy> Both => [.. Enum.GetValues<Proxy>()];

    public async ValueTask InitializeAsync() => _server = await TestServer.ServingAsync<Typed>();

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable client in _clients)
        {
            await client.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Every_shape_of_method_is_a_call(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);

        typed.Plus(10, 20).Should().Be(30);
        typed.Version().Should().Be(3);
        typed.Nothing("x");
        await typed.TaskAsync("x");
        (await typed.TaskOfAsync(4)).Should().Be(8);
        await typed.ValueTaskAsync("x");
        (await typed.ValueTaskOf("x")).Should().Be("x");
        (await typed.ValueTaskOf(null)).Should().BeNull();
        typed.Odd().Should().Be(1, "a name that is given goes out verbatim");
        typed.@class(3).Should().Be("class 3", "a name may be a keyword");
        typed.Describe(1).Should().Be("1 typed/describe", "the context is supplied by the server");
        typed.Many(1, 2, 3, 4, 1.5f, 2.5, 3.5m, true, 'c', "text", null, DateTimeOffset.UnixEpoch)
            .Should().Be("1 2 3 4 1.5 2.5 3.5 True c text  1970-01-01T00:00:00.0000000+00:00", "any number of parameters is typed");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Call_options_are_taken_out_and_hold_for_the_call(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);
        CallOptions options = new() { Metadata = new Dictionary<string, string> { ["user"] = "Anna" }, Timeout = TimeSpan.FromMilliseconds(150) };

        typed.User(1, options).Should().Be("1 Anna");
        typed.User(2).Should().Be("2 nobody");
        Func<Task> waiting = () => typed.WaitWithAsync(options, "x", TestContext.Current.CancellationToken);
        await waiting.Should().ThrowAsync<TimeoutException>();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Defaults_are_those_of_the_interface_and_params_arrays_are_spread(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);

        typed.Defaults(1).Should().Be("1 7 x Friday ");
        typed.Defaults(1, 2, "y", DayOfWeek.Monday, Guid.Empty).Should().Be("1 2 y Monday 00000000-0000-0000-0000-000000000000");
        typed.Sum(1).Should().Be(1);
        typed.Sum(1, 2, 3, 4).Should().Be(10);
        typed.Sum(1, rest: null!).Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Values_are_of_the_declared_types_on_both_ends(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);

        typed.Moved(new Point(1, 2), 10).Should().Be(new Point(11, 2));
        (await typed.PlainAsync(new Plain("a", [1, 2]))).Should().BeEquivalentTo(new Plain("a!", [1, 2]));
        typed.Pair((1, "a")).Should().Be((2, "a!"));
        typed.Points([new Point(1, 2), new Point(3, 4)]).Should().Equal(new Point(2, 1), new Point(4, 3));
        typed.Squares(Enumerable.Range(1, 3)).Should().Equal(1, 4, 9);
        typed.Anything(new Point(1, 2)).Should().Be(new Point(1, 2), "types of the signatures are known without being added");
        typed.Anything(null).Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_members_of_inherited_and_of_generic_interfaces_belong_to_the_service(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);
        string key = $"key of {proxy}";

        await typed.PutAsync(key, new Point(1, 2));

        (await typed.AllAsync()).Should().ContainKey(key).WhoseValue.Should().Be(new Point(1, 2));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_failure_comes_from_the_call_or_from_its_task_and_leaves_the_client_usable(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);

        typed.Invoking(t => t.Divide(1, 0)).Should().Throw<GawRemoteException>().Where(e => e.RemoteName == nameof(DivideByZeroException) && e.Path == "typed/divide");
        typed.Invoking(t => t.Nothing("")).Should().Throw<GawRemoteException>();
        Task failing = typed.TaskAsync("");
        await FluentActions.Awaiting(() => failing).Should().ThrowAsync<GawRemoteException>();
        await FluentActions.Awaiting(async () => await typed.ValueTaskAsync("")).Should().ThrowAsync<GawRemoteException>();
        typed.Plus(1, 2).Should().Be(3);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void An_argument_that_cannot_be_written_is_named_by_its_parameter(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);

        typed.Invoking(t => t.Anything(new List<object> { 1, new object() })).Should().Throw<GawSerializationException>()
            .Which.ValuePath.Should().Be("value[1]");
        typed.Plus(1, 2).Should().Be(3, "nothing was sent");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_token_among_the_parameters_cancels_the_call_and_is_not_sent(Proxy proxy)
    {
        ITyped typed = Connect<ITyped>(proxy);
        Typed.Waiting = new TaskCompletionSource<string>();
        using CancellationTokenSource source = new();

        Task<string> waiting = typed.WaitAsync("me", source.Token);
        (await Typed.Waiting.Task.WithinAsync(TestTimeouts.Limit, () => "the method did not run.")).Should().Be("me");
        await source.CancelAsync();

        (await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        typed.TokenFirst(TestContext.Current.CancellationToken, 5).Should().Be("5 True");
        typed.Invoking(t => t.TokenFirst(source.Token, 5)).Should().Throw<OperationCanceledException>();
        typed.Plus(1, 2).Should().Be(3, "the other calls of the connection go on");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_synchronous_call_allocates_nothing_on_its_thread(Proxy proxy)
    {
        const int Calls = 1000;
        const int SmallestObject = 24;
        ITyped typed = Connect<ITyped>(proxy);
        CallMany(typed, Calls);

        long before = GC.GetAllocatedBytesForCurrentThread();
        CallMany(typed, Calls);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(Calls * SmallestObject, "neither arguments nor results are boxed; only ids are made anew from time to time");

        static void CallMany(ITyped typed, int calls)
        {
            for (int i = 0; i < calls; i++)
            {
                typed.Plus(i, 1);
            }
        }
    }

    /// <summary>A client of the server, through the one or the other proxy.</summary>
    private T Connect<T>(Proxy proxy)
        where T : class
    {
        if (proxy == Proxy.Emitted)
        {
            JsonWebClient web = new("127.0.0.1", _server.Port);
            _clients.Add(web);
            ProxyBinding binding = new(web, typeof(T));
            T emitted = (T)ProxyEmitter.GetFactory(typeof(T))(binding);
            binding.Problems.Should().BeEmpty();
            return emitted;
        }

        GawClient client = _server.Connect();
        _clients.Add(client);
        T written = client.For<T>();
        written.GetType().Assembly.Should().BeSameAs(typeof(T).Assembly, "it was written at compile time");
        return written;
    }
}
