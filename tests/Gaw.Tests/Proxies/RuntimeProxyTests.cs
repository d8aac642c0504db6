using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Proxies;

/// <summary>Interfaces that nothing was written for at compile time, and what is refused.</summary>
public sealed class RuntimeProxyTests
{
    public interface IUnmarkedService
    {
        Task<int> PlusOneAsync(int a);
    }

    public interface IDeep
    {
        string Deep();
    }

    [Service]
    public interface IBaseSvc : IDeep
    {
        string Hello();
    }

    public interface IAlias : IBaseSvc;

    public interface IAliasOfAlias : IAlias, IDeep;

    public interface IWider : IBaseSvc
    {
        string Extra();
    }

    [Service("other")]
    public interface IOtherSvc
    {
        string Other();
    }

    public interface ITwoServices : IBaseSvc, IOtherSvc;

    public interface IOneName
    {
        int Two(int userId, int user_id);
    }

    public interface IMathService
    {
        string Plus(int a, int b = 20);

        ValueTask<string> MultiplyAsync(int a, int b, CancellationToken cancellationToken);
    }

    public interface IWithBodies
    {
        int PlusOne(int a) => -1;

        sealed int Twice(int a) => 2 * PlusOne(a);

        static int Helper() => Hidden();

        private static int Hidden() => 1;
    }

    public interface IEcho<T>
    {
        T Same(T value);

        Task<T> SameLaterAsync(T value);
    }

    public unsafe interface IAllWrong : IDisposable
    {
        event EventHandler Changed;

        int Count { get; set; }

        int this[int index] { get; }

        T Generic<T>(T value);

        void ByRef(ref int value);

        void Out(out int value);

        void In(in int value);

        int ToSpan(Span<int> span);

        ReadOnlySpan<byte> FromSpan();

        void ByPointer(int* at);

        ref int RefReturn();

        void Two(CancellationToken first, CancellationToken second);

        int Same(int a);

        int Same(string a);

        Task SameAsync();
    }

    public interface IUnreadable
    {
        Entity Get();

        Task<IReadOnlyList<Entity>> GetAllAsync();

        void Put(Entity entity);

        void Both(Stream stream, Action action);
    }

    public interface IUncrossable
    {
        int Fine(int a);

        Stream Read();

        Task<IAsyncEnumerable<int>> Items();

        void Callback(Action done);
    }

    private interface IHidden
    {
        int PlusOne(Number a);
    }

    [Fact]
    public async Task An_interface_without_a_mark_is_called_by_its_snake_case_name_without_the_leading_i()
    {
        await using TestServer server = await TestServer.ServingAsync<UnmarkedService>();
        await using GawClient client = server.Connect();

        IUnmarkedService unmarked = client.For<IUnmarkedService>();

        (await unmarked.PlusOneAsync(1)).Should().Be(2);
        client.For<IUnmarkedService>().Should().BeSameAs(unmarked, "an interface is looked at once");
    }

    [Fact]
    public async Task An_interface_need_not_be_public()
    {
        await using TestServer server = await TestServer.ServingAsync<Hidden>();
        await using GawClient client = server.Connect();

        client.For<Inner.IHidden>().PlusOne(1).Should().Be(2);
        client.For<IHidden>().PlusOne(new Number(1)).Should().Be(2);
    }

    [Fact]
    public async Task A_python_service_is_called_like_any_other()
    {
        await using PythonServer python = await PythonPeer.StartServerAsync();
        await using GawClient client = new("127.0.0.1", python.Port);
        IMathService math = client.For<IMathService>();

        math.Plus(10).Should().Be("hello!: 30");
        (await math.MultiplyAsync(10, 20, TestContext.Current.CancellationToken)).Should().Be("hello!: 200");
        python.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_generic_interface_is_closed_by_its_caller()
    {
        await using TestServer server = await TestServer.ServingAsync<Echo>();
        await using GawClient client = server.Connect();

        client.For<IEcho<int>>().Same(3).Should().Be(3);
        (await client.For<IEcho<List<Point>>>().SameLaterAsync([new Point(1, 2)])).Should().Equal(new Point(1, 2));
    }

    [Fact]
    public async Task A_method_with_a_body_in_the_interface_is_a_call_as_the_others_and_a_static_one_is_not()
    {
        await using TestServer server = await TestServer.ServingAsync<WithBodies>();
        await using GawClient client = server.Connect();

        client.For<IWithBodies>().PlusOne(1).Should().Be(2, "the service answers, not the interface");
        client.For<IWithBodies>().Twice(1).Should().Be(4, "a sealed method is the interface's own");
    }

    [Fact]
    public void Everything_that_cannot_be_called_is_said_at_once()
    {
        using GawClient client = new("127.0.0.1", 1);

        string message = client.Invoking(c => c.For<IAllWrong>()).Should().Throw<ArgumentException>().Which.Message;

        message.Should().StartWith("IAllWrong cannot be the interface of a service: ")
            .And.Contain("Changed is an event").And.Contain("Count is a property").And.Contain("it has an indexer")
            .And.Contain("Generic is generic").And.Contain("ByRef has the ref, in or out parameter value")
            .And.Contain("Out has the ref, in or out parameter value").And.Contain("In has the ref, in or out parameter value")
            .And.Contain("ToSpan has the parameter span of type Span<int>, which cannot leave the process")
            .And.Contain("FromSpan returns ReadOnlySpan<byte>").And.Contain("ByPointer has the parameter at")
            .And.Contain("RefReturn returns").And.Contain("Two has several cancellation tokens")
            .And.Contain("Same(int) and Same(string) and SameAsync() would both be called same")
            .And.Contain("derives from IDisposable").And.NotContain("get_Count").And.NotContain("add_Changed");
    }

    [Fact]
    public void Types_that_cannot_cross_are_refused_before_the_first_call()
    {
        using GawClient client = new("127.0.0.1", 1);

        string message = client.Invoking(c => c.For<IUncrossable>()).Should().Throw<ArgumentException>().Which.Message;

        message.Should().Contain("Read has a type in its signature that cannot cross: Stream").And.Contain("Items has").And.Contain("Callback has").And.NotContain("Fine");
    }

    [Fact]
    public async Task An_interface_without_a_mark_is_the_service_of_the_marked_one_it_derives_from()
    {
        await using TestServer server = await TestServer.ServingAsync<BaseService>();
        await using GawClient client = server.Connect();

        client.For<IAlias>().Hello().Should().Be("hello");
        client.For<IAliasOfAlias>().Hello().Should().Be("hello");
        client.For<IAlias>().Deep().Should().Be("deep", "what the marked interface derives from belongs to it");
    }

    [Fact]
    public void An_interface_that_says_of_some_methods_only_whose_they_are_is_refused_with_the_remedy()
    {
        using GawClient client = new("127.0.0.1", 1);

        client.Invoking(c => c.For<IWider>()).Should().Throw<ArgumentException>().WithMessage(
            "IWider cannot be the interface of a service: it has no [Service], but derives from Gaw.Tests.Proxies.RuntimeProxyTests.IBaseSvc, which is the service base_svc, and Extra*[Service(\"base_svc\")]*[Service(\"wider\")]*");
        client.Invoking(c => c.For<ITwoServices>()).Should().Throw<ArgumentException>().WithMessage("*IBaseSvc, which is the service base_svc and *IOtherSvc, which is the service other*");
    }

    [Fact]
    public void Parameters_with_one_wire_name_are_refused()
    {
        using GawClient client = new("127.0.0.1", 1);

        client.Invoking(c => c.For<IOneName>()).Should().Throw<ArgumentException>()
            .WithMessage("*Two has the parameters userId and user_id, which would both be called user_id; give one of them another name*");
    }

    [Fact]
    public void Results_that_could_never_be_read_are_refused_all_at_once_and_arguments_that_are_only_written_are_not()
    {
        using GawClient client = new("127.0.0.1", 1);

        client.Invoking(static c => c.For<IUnreadable>()).Should().Throw<ArgumentException>().Which.Message.Should()
            .Contain("Get has the type Entity in its signature, which could be sent but never received: ").And.Contain("Id")
            .And.Contain("GetAllAsync has the type IReadOnlyList<Entity>").And.NotContain("Put")
            .And.Contain("Both has a type in its signature that cannot cross: Stream").And.Contain("Both has a type in its signature that cannot cross: Action");
    }

    [Fact]
    public void What_is_no_interface_is_refused()
    {
        using GawClient client = new("127.0.0.1", 1);

        client.Invoking(c => c.For<UnmarkedService>()).Should().Throw<ArgumentException>().WithMessage("UnmarkedService *is no interface*");
    }

    public sealed class BaseService : IAlias
    {
        public string Hello() => "hello";

        public string Deep() => "deep";
    }

    public sealed class Entity
    {
        public Guid Id { get; private set; } = Guid.NewGuid();
    }

    public sealed class UnmarkedService
    {
        [Entrypoint]
        public int PlusOne(int a) => a + 1;
    }

    public sealed class Hidden
    {
        [Entrypoint]
        public int PlusOne(object a) => a is int number ? number + 1 : 2;
    }

    public sealed class WithBodies
    {
        [Entrypoint]
        public int PlusOne(int a) => a + 1;
    }

    public sealed class Echo
    {
        [Entrypoint]
        public object? Same(object? value) => value;

        [Entrypoint]
        public object? SameLater(object? value) => value;
    }

    internal static class Inner
    {
        internal interface IHidden
        {
            int PlusOne(int a);
        }
    }

    private sealed record Number(int Value);
}
