#pragma warning disable GAW002, GAW003, GAW004, GAW005, GAW006, GAW008, GAW011, GAW012, GAW013 // What the analyzer refuses is refused at run time as well.
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Services;

/// <summary>What makes a class a service, and how arguments find their parameters.</summary>
public sealed class ServiceTests
{
    [Service]
    public interface IShop
    {
        int Get();
    }

    [Service]
    public interface IHelper
    {
        const int Max = 5;

        static int Size => 1;

        int Get(int a);

        static int Secret(int a) => a * 1000;

        static virtual int Open(int a) => a * 1000;

        sealed int Own(int a) => Hidden(a) + 7;

        private int Hidden(int a) => a;

        sealed record Reply(int A);
    }

    public interface IDoubling
    {
        int Twice(int value);
    }

    [Service("Service")]
    public interface IService : IDoubling
    {
        int Plus(int a, int b);

        Task<int> MinusAsync(int a, int b);
    }

    [Service]
    public interface IFiring
    {
        void Fire(int times);
    }

    [Service]
    public interface IFiringItself
    {
        async void Fire(int times) => await Task.Delay(times);
    }

    [Fact]
    public async Task A_class_is_called_by_its_snake_case_name_and_its_methods_too()
    {
        await using TestServer server = await TestServer.ServingAsync<MathService>("hello!");
        using GawClient client = server.Connect();

        client.Call<string>("math_service/plus", [10, 20]).Should().Be("hello!: 30");
        client.Call<string>("math_service/plus_later", [10, 20]).Should().Be("hello!: 30", "a trailing Async is no part of the name");
        client.Call<string>("math_service/multiply", [10, 20]).Should().Be("hello!: 200", "a name that was given is taken verbatim");
    }

    [Fact]
    public async Task A_new_instance_serves_each_call()
    {
        await using TestServer server = await TestServer.ServingAsync<Counter>();
        using GawClient client = server.Connect();

        client.Call<int>("counter/count").Should().Be(1);
        client.Call<int>("counter/count").Should().Be(1, "what the first call left in its instance is gone");
    }

    [Fact]
    public async Task A_factory_makes_the_instances()
    {
        int made = 0;
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new MathService($"call {++made}")));
        using GawClient client = server.Connect();

        client.Call<string>("math_service/plus", [1, 1]).Should().Be("call 1: 2");
        client.Call<string>("math_service/plus", [1, 1]).Should().Be("call 2: 2");
    }

    [Fact]
    public async Task A_constructor_keeps_every_kind_of_default()
    {
        await using TestServer server = await TestServer.ServingAsync<Defaults>();
        using GawClient client = server.Connect();

        client.Call<string>("defaults/show").Should().Be("Monday Friday 3 - 1.5 a");
    }

    [Fact]
    public async Task An_instance_that_can_be_disposed_is_after_its_call()
    {
        Disposables.Reset();
        await using TestServer server = await TestServer.ServingAsync<Disposables>();
        using GawClient client = server.Connect();

        client.Call<int>("disposables/sync").Should().Be(0);
        await Eventually.BecomesTrueAsync(() => Disposables.Disposed == 1);
        client.Call<int>("disposables/later").Should().Be(1);
        await Eventually.BecomesTrueAsync(() => Disposables.Disposed == 2);
        client.Invoking(c => c.Call<int>("disposables/fail")).Should().Throw<GawRemoteException>();
        await Eventually.BecomesTrueAsync(() => Disposables.Disposed == 3, () => "a call that failed has had its instance too");
    }

    [Theory]
    [InlineData("[1, 2]", "{}", "1 2 3 x")]
    [InlineData("[1]", "{\"b\": 5}", "1 5 3 x")]
    [InlineData("[]", "{\"b\": 5, \"a\": 4}", "4 5 3 x")]
    [InlineData("[1, 2, 7]", "{\"text_value\": \"y\"}", "1 2 7 y")]
    [InlineData("[1, 2]", "{\"textValue\": \"z\"}", "1 2 3 z")]
    [InlineData("[1, 2]", "{\"text_value\": \"y\", \"text_value\": \"z\"}", "1 2 3 z")]
    [InlineData("[1, 2]", "{\"text_value\": \"y\", \"textValue\": \"z\"}", "TypeError: everything/optional(a: int, b: int, number: int = …, text_value: string = …) got two values for the argument text_value, which was given as text_value and as textValue")]
    [InlineData("[1, 2]", "{\"textValue\": \"z\", \"text_value\": null}", "TypeError: everything/optional(a: int, b: int, number: int = …, text_value: string = …) got two values for the argument text_value, which was given as text_value and as textValue")]
    [InlineData("[1, 2]", "{\"b\": 3}", "TypeError: everything/optional(a: int, b: int, number: int = …, text_value: string = …) got two values for the argument b")]
    [InlineData("[1]", "{}", "TypeError: everything/optional(a: int, b: int, number: int = …, text_value: string = …) misses the argument b")]
    [InlineData("[1, 2, 3, \"x\", 5]", "{}", "TypeError: everything/optional(a: int, b: int, number: int = …, text_value: string = …) takes 4 arguments, but 5 were given")]
    [InlineData("[1, 2]", "{\"zz\": 3}", "TypeError: everything/optional(a: int, b: int, number: int = …, text_value: string = …) has no argument named zz")]
    public async Task Arguments_bind_by_position_and_by_name(string args, string kwargs, string outcome)
    {
        await using TestServer server = await TestServer.ServingAsync<Everything>();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        string? answer = await peer.AskAsync(
            $$$"""{"_v": {"id": 1, "path": "everything/optional", "payload": {"args": {{{args}}}, "kwargs": {{{kwargs}}}}}, "_t": "RequestDataType"}""");

        using JsonDocument document = System.Text.Json.JsonDocument.Parse(answer!);
        System.Text.Json.JsonElement payload = document.RootElement.GetProperty("data").GetProperty("_v").GetProperty("payload");
        string got = payload.ValueKind == System.Text.Json.JsonValueKind.String
            ? payload.GetString()!
            : $"{payload.GetProperty("name")}: {payload.GetProperty("message")}";
        got.Should().Be(outcome);
    }

    [Fact]
    public async Task An_argument_of_the_wrong_type_is_named_with_what_came()
    {
        await using TestServer server = await TestServer.ServingAsync<Everything>();
        using GawClient client = server.Connect();

        GawRemoteException failure = client.Invoking(c => c.Call<string>("everything/optional", [1, "two"])).Should().Throw<GawRemoteException>().Which;

        failure.RemoteName.Should().Be("TypeError");
        failure.RemoteMessage.Should().StartWith("b: ").And.Contain("int").And.Contain("two");
    }

    [Fact]
    public async Task A_params_parameter_collects_what_is_left()
    {
        await using TestServer server = await TestServer.ServingAsync<Everything>();
        using GawClient client = server.Connect();

        client.Call<int>("everything/sum", [1, 2, 3, 4, 5, 6, 7]).Should().Be(28);
        client.Call<int>("everything/sum", [1]).Should().Be(1);
        client.Call<int>("everything/sum", [1], new Dictionary<string, object?> { ["rest"] = new[] { 2, 3 } }).Should().Be(6);
    }

    [Fact]
    public async Task Every_shape_of_method_can_be_an_entrypoint()
    {
        await using TestServer server = await TestServer.ServingAsync<Everything>();
        using GawClient client = server.Connect();

        client.Call<object?>("everything/nothing").Should().BeNull();
        client.Call<object?>("everything/task").Should().BeNull();
        client.Call<object?>("everything/value_task").Should().BeNull();
        client.Call<int>("everything/task_of").Should().Be(1);
        client.Call<int>("everything/value_task_of").Should().Be(2);
        client.Call<int>("everything/static").Should().Be(3);
        client.Call<int>("everything/inherited").Should().Be(4);
        client.Call<BigInteger>("everything/big", [BigInteger.Pow(2, 100)]).Should().Be(BigInteger.Pow(2, 100) + 1);
    }

    [Fact]
    public async Task The_context_of_the_call_is_supplied_and_not_read_from_the_wire()
    {
        await using TestServer server = await TestServer.ServingAsync<Everything>();
        using GawClient client = server.Connect();

        client.Call<string>("everything/describe", [7]).Should().MatchRegex(@"^7 everything/describe 127\.0\.0\.1:\d+ True$");
    }

    [Fact]
    public async Task The_members_of_a_service_interface_are_entrypoints_each_for_itself()
    {
        await using TestServer server = await TestServer.ServingAsync<Contracted>();
        using GawClient client = server.Connect();

        client.Call<int>("Service/plus", [1, 2]).Should().Be(3);
        client.Call<int>("Service/minus", [5, 2]).Should().Be(3);
        client.Call<int>("Service/twice", [4]).Should().Be(8, "an interface that it extends belongs to it");
        client.Invoking(c => c.Call<int>("Service/extra")).Should().Throw<GawRemoteException>().Which.RemoteName.Should().Be("KeyError");
    }

    [Fact]
    public void What_cannot_be_a_service_is_refused_with_everything_that_is_wrong()
    {
        GawServer server = new("127.0.0.1", 0);

        server.Invoking(s => s.Add<WithoutEntrypoint>()).Should().Throw<ArgumentException>().WithMessage("*WithoutEntrypoint*no entrypoint*[Entrypoint]*");
        server.Invoking(s => s.Add<AllWrong>()).Should().Throw<ArgumentException>()
            .WithMessage("*AllWrong*Hidden*not public*").And.Message.Should()
            .Contain("generic").And.Contain("ref, in or out parameter value").And.Contain("would both be called all_wrong/same")
            .And.Contain("Open (all_wrong/open) has a type in its signature that cannot cross: Stream cannot cross")
            .And.Contain("FireAndForget (all_wrong/fire_and_forget) is async void");
        server.Invoking(s => s.Add<FireAndForget>()).Should().Throw<ArgumentException>().WithMessage("*Fire (firing/fire) is async void*return a Task*");
        server.Invoking(s => s.Add<MathService>()).Should().Throw<ArgumentException>().WithMessage("MathService cannot be made without arguments. There is MathService(string helloMsg).");
        server.Invoking(s => s.Add<MathService>(1, 2)).Should().Throw<ArgumentException>().WithMessage("*with (int, int)*");
        server.Invoking(s => s.Add(typeof(MathService), new Dictionary<string, object?> { ["hello"] = "x" })).Should().Throw<ArgumentException>().WithMessage("*with hello*");
        server.Add<MathService>("a").Invoking(s => s.Add<MathService>("b")).Should().Throw<ArgumentException>().WithMessage("Gaw.Tests.Services.ServiceTests.MathService cannot be added: the path \"math_service/plus\" is taken already, by Gaw.Tests.Services.ServiceTests.MathService.Plus. Give one*[Service(\"...\")]*");
        server.Invoking(s => s.Add<Nameless>()).Should().Throw<ArgumentException>().WithMessage("[Entrypoint] on Nameless.Call is wrong: Give the entrypoint a name*");
        server.Invoking(s => s.Add<NamelessService>()).Should().Throw<ArgumentException>().WithMessage("[Service] on NamelessService is wrong: Give the service a name*");
    }

    [Fact]
    public void Names_that_clash_are_refused_with_the_full_names_and_the_remedy()
    {
        GawServer server = new("127.0.0.1", 0);

        server.Invoking(s => s.Add<OneName>()).Should().Throw<ArgumentException>()
            .WithMessage("*Two (one_name/two) has the parameters userId and user_id, which would both be called user_id; give one of them another name*")
            .WithMessage("*Case (one_name/case) has the parameters itemId and Item_Id, which would both be called item_id*");
        server.Invoking(s => s.Add<Shop>()).Should().Throw<ArgumentException>()
            .WithMessage("*Gaw.Tests.Services.ServiceTests.Shop.Get() and Gaw.Tests.Services.ServiceTests.IShop.Get() would both be called shop/get; *take [Entrypoint] away from Gaw.Tests.Services.ServiceTests.Shop.Get*");
        server.Invoking(s => s.Add<TwoShops>()).Should().Throw<ArgumentException>()
            .WithMessage("*ServiceTests.IShop.Get() and *ServiceTests.Other.IShop.Get() would both be called shop/get; *[Service(\"...\")]*");
        server.Invoking(s => s.Add<TwoTokens>()).Should().Throw<ArgumentException>().WithMessage("*Wait (two_tokens/wait) has several cancellation tokens*");
    }

    [Fact]
    public void Parameters_that_could_never_be_read_are_refused_all_at_once_and_results_that_are_only_written_are_not()
    {
        GawServer server = new("127.0.0.1", 0);

        string message = server.Invoking(s => s.Add<Unreadable>()).Should().Throw<ArgumentException>().Which.Message;

        message.Should().Contain("Put (unreadable/put) has the type Entity in its signature, which could be sent but never received: ").And.Contain("Id")
            .And.Contain("PutAll (unreadable/put_all) has the type List<Entity>").And.Contain("PutOrder (unreadable/put_order) has the type Order")
            .And.Contain("Many (unreadable/many) has the type Entity").And.Contain("Many (unreadable/many) has the type IImmutableQueue<int>")
            .And.Contain("Spread (unreadable/spread) has the type Entity[]").And.NotContain("Get (");
        server.Add<OnlyWritten>();
    }

    [Fact]
    public void Asynchronous_methods_without_a_task_are_found_wherever_the_code_stands()
    {
        GawServer server = new("127.0.0.1", 0);

        server.Invoking(s => s.Add<FireAndForget>()).Should().Throw<ArgumentException>().WithMessage("*Fire (firing/fire) is async void*");
        server.Invoking(s => s.Add<Inheriting>()).Should().Throw<ArgumentException>().WithMessage("*Fire (firing/fire) is async void*");
        server.Invoking(s => s.Add<WithBody>()).Should().Throw<ArgumentException>().WithMessage("*Fire (firing_itself/fire) is async void*");
    }

    [Fact]
    public async Task Only_what_an_implementation_gives_its_body_can_be_called_on_a_service_interface()
    {
        await using TestServer server = await TestServer.StartAsync(s => s.Add<IHelper>(() => new Helper()));
        using GawClient client = server.Connect();

        client.Call<int>("helper/get", [1]).Should().Be(1);
        foreach (string own in new[] { "secret", "own", "open", "max", "reply", "hidden", "get_size", "size" })
        {
            client.Invoking(c => c.Call<int>($"helper/{own}", [1])).Should().Throw<GawRemoteException>(own).Which.RemoteName.Should().Be("KeyError");
        }
    }

    [Fact]
    public async Task A_factory_that_returns_null_is_named_to_the_caller()
    {
        await using TestServer server = await TestServer.StartAsync(s => s.Add<MathService>(() => null!));
        using GawClient client = server.Connect();

        client.Invoking(c => c.Call<string>("math_service/plus", [1, 1])).Should().Throw<GawRemoteException>()
            .Which.RemoteMessage.Should().Be("The factory of MathService returned null in place of an instance.");
    }

    [Fact]
    public async Task Constructor_arguments_are_matched_by_name_and_converted()
    {
        await using TestServer server = await TestServer.StartAsync(s => s.Add(
            typeof(Configured), new Dictionary<string, object?> { ["max_size"] = 5L, ["ratio"] = 2, ["day"] = "friday" }));
        using GawClient client = server.Connect();

        client.Call<string>("configured/describe").Should().Be("5 2.0 Friday none");
    }

    [Fact]
    public void A_constructor_argument_that_would_lose_something_is_refused()
    {
        GawServer server = new("127.0.0.1", 0);

        server.Invoking(s => s.Add<Configured>(1.5, 2.0, DayOfWeek.Friday)).Should().Throw<ArgumentException>();
        server.Invoking(s => s.Add<Configured>(true, 2.0, DayOfWeek.Friday)).Should().Throw<ArgumentException>();
    }

    public sealed class MathService(string helloMsg)
    {
        [Entrypoint]
        public string Plus(int a, int b) => $"{helloMsg}: {a + b}";

        [Entrypoint]
        public async Task<string> PlusLaterAsync(int a, int b)
        {
            await Task.Yield();
            return $"{helloMsg}: {a + b}";
        }

        [Entrypoint("multiply")]
        public string Times(int a, int b) => $"{helloMsg}: {a * b}";
    }

    public static class Other
    {
        [Service]
        public interface IShop
        {
            int Get();
        }
    }

    public sealed class Shop : IShop
    {
        [Entrypoint]
        public int Get() => 1;
    }

    public sealed class TwoShops : IShop, Other.IShop
    {
        public int Get() => 1;
    }

    public sealed class Helper : IHelper
    {
        public int Get(int a) => a;
    }

    public sealed class Defaults(DayOfWeek day = DayOfWeek.Monday, DayOfWeek? other = DayOfWeek.Friday, int? count = 3, DayOfWeek? none = null, decimal price = 1.5m, char? letter = 'a')
    {
        [Entrypoint]
        public string Show() => FormattableString.Invariant($"{day} {other} {count} {none?.ToString() ?? "-"} {price} {letter}");
    }

    public sealed class Counter
    {
        private int _count;

        [Entrypoint]
        public int Count() => ++_count;
    }

    public sealed class Disposables : IDisposable
    {
        private static int _disposed;

        public static int Disposed => _disposed;

        public static void Reset() => _disposed = 0;

        [Entrypoint]
        public int Sync() => _disposed;

        [Entrypoint]
        public async Task<int> Later()
        {
            await Task.Yield();
            return _disposed;
        }

        [Entrypoint]
        public int Fail() => throw new InvalidOperationException();

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }

    public class Base
    {
        [Entrypoint]
        public virtual int Inherited() => 0;
    }

    public sealed class Everything : Base
    {
        [Entrypoint]
        public static int Static() => 3;

        [Entrypoint]
        public string Optional(int a, int b, int number = 3, string textValue = "x") => $"{a} {b} {number} {textValue}";

        [Entrypoint]
        public int Sum(int first, params int[] rest) => first + rest.Sum();

        [Entrypoint]
        public void Nothing()
        {
        }

        [Entrypoint]
        public Task TaskAsync() => Task.CompletedTask;

        [Entrypoint]
        public ValueTask ValueTaskAsync() => default;

        [Entrypoint]
        public async Task<int> TaskOfAsync()
        {
            await Task.Yield();
            return 1;
        }

        [Entrypoint]
        public async ValueTask<int> ValueTaskOf()
        {
            await Task.Yield();
            return 2;
        }

        [Entrypoint]
        public BigInteger Big(BigInteger value) => value + 1;

        [Entrypoint]
        public string Describe(int a, GawCallContext context, CancellationToken cancellationToken) =>
            $"{a} {context.Path} {context.RemoteEndPoint} {cancellationToken.CanBeCanceled}";

        public override int Inherited() => 4;
    }

    public sealed class Contracted : IService
    {
        public int Plus(int a, int b) => a + b;

        public Task<int> MinusAsync(int a, int b) => Task.FromResult(a - b);

        public int Twice(int value) => value * 2;

        public int Extra() => 1;
    }

    public sealed class WithoutEntrypoint
    {
        public int Plus(int a, int b) => a + b;
    }

    public sealed class AllWrong
    {
        [Entrypoint]
        public T Generic<T>(T value) => value;

        [Entrypoint]
        public void ByRef(ref int value) => value++;

        [Entrypoint]
        public int Same() => 1;

        [Entrypoint("same")]
        public int Other() => 2;

        [Entrypoint]
        public Stream Open() => Stream.Null;

        [Entrypoint]
        public async void FireAndForget() => await Task.Yield();

        [Entrypoint]
        internal int Hidden() => 3;
    }

    public sealed class Entity
    {
        public Guid Id { get; private set; }

        public static Entity New() => new() { Id = Guid.NewGuid() };
    }

    public sealed class Unreadable
    {
        [Entrypoint]
        public Entity Get() => Entity.New();

        [Entrypoint]
        public string Put(Entity entity) => $"{entity.Id}";

        [Entrypoint]
        public int PutAll(List<Entity> entities) => entities.Count;

        [Entrypoint]
        public string PutOrder(Order order) => order.Name;

        [Entrypoint]
        public int Many(Entity first, IImmutableQueue<int> second, Entity third) => 1;

        [Entrypoint]
        public int Spread(params Entity[] entities) => entities.Length;
    }

    public sealed class OnlyWritten
    {
        [Entrypoint]
        public Entity Get() => Entity.New();

        [Entrypoint]
        public Task<Order> GetOrder() => Task.FromResult(new Order("a", [Entity.New()]));
    }

    public sealed class FireAndForget : IFiring
    {
        async void IFiring.Fire(int times) => await Task.Delay(times);
    }

    public class Public : IFiring
    {
        public virtual async void Fire(int times) => await Task.Delay(times);
    }

    public sealed class Inheriting : Public;

    public sealed class WithBody : IFiringItself;

    public sealed class OneName
    {
        [Entrypoint]
        public int Two(int userId, int user_id = 9) => userId + user_id;

        [Entrypoint]
        public int Case(int itemId, int Item_Id) => itemId + Item_Id;
    }

    public sealed class TwoTokens
    {
        [Entrypoint]
        public void Wait(CancellationToken first, CancellationToken second)
        {
        }
    }

    public sealed class Nameless
    {
        [Entrypoint("")]
        public int Call() => 1;
    }

    [Service("")]
    public sealed class NamelessService
    {
        [Entrypoint]
        public int Call() => 1;
    }

    public sealed class Configured(int maxSize, double ratio, DayOfWeek day, string? note = null)
    {
        [Entrypoint]
        public string Describe() => FormattableString.Invariant($"{maxSize} {ratio:0.0} {day} {note ?? "none"}");
    }

    public sealed record Order(string Name, List<Entity> Lines);
}
