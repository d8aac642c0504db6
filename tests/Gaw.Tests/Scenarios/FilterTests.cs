using System.Collections.Concurrent;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>Filters around calls, on either side, and the metadata that travel with a call in both directions, whatever carries them.</summary>
public abstract class FilterTests(TestCarrier carrier) : CarriedTests(carrier)
{
    private static readonly Dictionary<string, string> Anna = new() { ["user"] = "Anna" };

    public enum Way
    {
        Dynamic,
        Typed,
        Path,
    }

    [Service("desk")]
    public interface IDesk
    {
        string Greet(string name, int times);
    }

    [Service("desk")]
    public interface IAsyncDesk
    {
        Task<string> GreetAsync(string name, int times);
    }

    [Service("desk")]
    public interface IBell
    {
        void Ring();
    }

    public static TheoryData<Way, bool> Ways => new(
        from way in Enum.GetValues<Way>()
        from asynchronous in new[] { false, true }
        select (way, asynchronous));

    [Fact]
    public async Task Filters_run_in_order_around_the_method_on_both_sides()
    {
        ConcurrentQueue<string> log = new();
        await using CarriedServer server = await WithFiltersAsync(Noting("server 1"), Noting("server 2"));
        await using GawClient client = Connect(server, Noting("client 1"), Noting("client 2"));

        client.Call<string>("desk/hello", ["Bo"]).Should().Be("hello Bo");

        log.Should().Equal(
            "client 1 begins", "client 2 begins", "server 1 begins", "server 2 begins", "server 2 ends", "server 1 ends", "client 2 ends", "client 1 ends");

        Func<IGawFilter> Noting(string name) => () => new Filter(async (context, next) =>
        {
            log.Enqueue($"{name} begins");
            await next(context);
            log.Enqueue($"{name} ends");
        });
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_s_filter_sees_and_changes_arguments_metadata_and_result(Way way, bool asynchronous)
    {
        List<object?> seen = [];
        await using CarriedServer server = await WithFiltersAsync();
        await using GawClient client = Connect(server, () => new Filter(async (context, next) =>
        {
            seen.AddRange([context.Path, context.Method, context.RemoteEndPoint is null, .. context.Arguments]);
            context.Arguments[0] = "Cid";
            context.SetMetadata("user", "Anna");
            await next(context);
            seen.Add(context.Result);
            seen.Add(context.ResponseMetadata["served-by"]);
            context.Result = $"({context.Result})";
        }));

        string result = await CallAsync(client, way, asynchronous, "Bo", 2);

        result.Should().Be("(hello Cid hello Cid, Anna)");
        seen.Should().Equal("desk/greet", null, false, "Bo", 2, "hello Cid hello Cid, Anna", "desk");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_whose_filter_only_measures_goes_out_as_without_it(Way way, bool asynchronous)
    {
        await using CarriedServer server = await WithFiltersAsync();
        await using GawClient client = Connect(server, static () => new Filter(static (context, next) => next(context)));

        (await CallAsync(client, way, asynchronous, "Bo", 1)).Should().Be("hello Bo, nobody");
    }

    [Fact]
    public async Task A_server_s_filter_sees_and_changes_what_the_method_gets_and_gives()
    {
        List<object?> seen = [];
        await using CarriedServer server = await WithFiltersAsync(() => new Filter(async (context, next) =>
        {
            seen.AddRange([context.Path, context.Method!.Name, .. context.Arguments, context.Arguments.GetName(1), context.Metadata["user"], context.Result]);
            context.Arguments["times"] = 2;
            context.SetMetadata("user", "Dora");
            context.Items["note"] = "left by the filter";
            await next(context);
            seen.Add(context.Result);
            seen.Add(context.Items["answer"]);
            context.Result = "changed";
        }));
        await using GawClient client = server.Connect();

        client.Call<string>("desk/greet", ["Bo"], options: new CallOptions { Metadata = Anna }).Should().Be("changed");

        seen.Should().Equal("desk/greet", "Greet", "Bo", 1, "times", "Anna", null, "hello Bo hello Bo, Dora", "left by the filter");
    }

    [Fact]
    public async Task A_filter_can_answer_in_the_place_of_the_call()
    {
        await using CarriedServer server = await WithFiltersAsync(static () => new Filter(static (context, _) =>
        {
            context.Result = "from the server's filter";
            return default;
        }));
        await using GawClient plain = server.Connect();
        await using GawClient client = new("127.0.0.1", 1, new GawClientOptions
        {
            Filters =
            [
                static () => new Filter(static (context, _) =>
                {
                    context.Result = "from the client's filter";
                    return default;
                }),
            ],
        });

        plain.Call<string>("desk/hello", ["Bo"]).Should().Be("from the server's filter");
        (await client.CallAsync<string>("desk/hello", ["Bo"], cancellationToken: Cancellation)).Should().Be("from the client's filter", "nobody listens on port 1");
        Desk.Greeted.Should().NotContain("nobody");
    }

    [Fact]
    public async Task A_filter_that_refuses_a_call_says_why_and_the_method_does_not_run()
    {
        await using CarriedServer server = await WithFiltersAsync(static () => new OnlyFor("Anna"));
        await using GawClient client = server.Connect();
        string name = Guid.NewGuid().ToString();

        Action refused = () => client.Call<string>("desk/only", [name]);
        Func<Task> refusedLater = () => client.CallAsync<string>("desk/only", [name], cancellationToken: Cancellation);

        refused.Should().Throw<GawRemoteException>().Where(e => e.RemoteName == "PermissionError" && e.RemoteMessage == "desk/only is for Anna");
        await refusedLater.Should().ThrowAsync<GawRemoteException>();
        Desk.Greeted.Should().NotContain(name);
        client.Call<string>("desk/only", [name], options: new CallOptions { Metadata = Anna }).Should().Be(name);
        client.Call<string>("desk/hello", ["Bo"]).Should().Be("hello Bo", "the method without the mark is for everybody");
    }

    [Fact]
    public async Task A_client_s_filter_can_make_a_call_a_second_time()
    {
        int attempts = 0;
        await using CarriedServer server = await WithFiltersAsync(() => new Filter((context, next) =>
            Interlocked.Increment(ref attempts) % 2 == 1 ? throw new GawError("Busy", "come back") : next(context)));
        await using GawClient client = Connect(server, static () => new Filter(static async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (GawRemoteException e) when (e.RemoteName == "Busy")
            {
                await next(context);
            }
        }));

        client.Call<string>("desk/hello", ["Bo"]).Should().Be("hello Bo");
        (await client.CallAsync<string>("desk/hello", ["Cid"], cancellationToken: Cancellation)).Should().Be("hello Cid");
        attempts.Should().Be(4);
    }

    [Fact]
    public async Task Each_call_gets_the_filter_that_the_factory_gives()
    {
        int made = 0;
        await using CarriedServer server = await WithFiltersAsync(() => new Counting(Interlocked.Increment(ref made)));
        await using GawClient client = server.Connect();

        Enumerable.Range(0, 3).Select(_ => client.Call<int>("desk/filter_number")).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_by_name()
    {
        await using CarriedServer server = await WithFiltersAsync(static () => new Filter(static (context, next) =>
        {
            switch (context.Arguments[0])
            {
                case "argument":
                    context.Arguments["times"] = "two";
                    break;
                case "null":
                    context.Arguments[1] = null;
                    break;
                case "name":
                    context.Arguments["nothing"] = 1;
                    break;
                default:
                    context.Result = 5;
                    break;
            }

            return next(context);
        }));
        await using GawClient client = server.Connect();

        MessageOf("argument").Should().Be("times takes a value of type System.Int32, not one of type System.String. (Parameter 'value')");
        MessageOf("null").Should().Be("times takes a value of type System.Int32, not null. (Parameter 'value')");
        MessageOf("name").Should().Be("No argument of the call has the name nothing. There are: name, times.");
        MessageOf("result").Should().Be("The result takes a value of type System.String, not one of type System.Int32. (Parameter 'value')");

        string MessageOf(string name)
        {
            Action calling = () => client.Call<string>("desk/greet", [name]);
            return calling.Should().Throw<GawRemoteException>().Which.RemoteMessage;
        }
    }

    [Fact]
    public async Task A_factory_that_gives_nothing_fails_the_call_and_says_so()
    {
        await using CarriedServer server = await WithFiltersAsync(static () => null!);
        await using GawClient client = server.Connect();

        Action calling = () => client.Call<string>("desk/hello", ["Bo"]);

        calling.Should().Throw<GawRemoteException>().Where(e => e.RemoteMessage == "A factory in Filters returned null in place of a filter.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_of_an_answer_reach_the_caller_beside_result_and_error(bool asynchronous)
    {
        await using CarriedServer server = await WithFiltersAsync();
        await using GawClient client = server.Connect();
        List<string> received = [];
        CallOptions options = new() { OnResponseMetadata = metadata => received.AddRange(metadata.Select(static pair => $"{pair.Key}={pair.Value}")) };

        for (int i = 0; i < 2; i++)
        {
            (await CallAsync("desk/greet")).Should().Be("hello Bo, nobody");
            Func<Task> failing = () => CallAsync("desk/fail");
            await failing.Should().ThrowAsync<GawRemoteException>();
        }

        received.Should().Equal("served-by=desk", "reason=ünknown \"Bo\"", "served-by=desk", "reason=ünknown \"Bo\"");

        Task<string> CallAsync(string path) => asynchronous
            ? client.CallAsync<string>(path, ["Bo"], cancellationToken: Cancellation, options: options)
            : Task.FromResult(client.Call<string>(path, ["Bo"], options: options));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_callback_that_fails_makes_no_call_again(bool asynchronous)
    {
        int runs = 0;
        int told = 0;
        await using CarriedServer server = await WithFiltersAsync(() => new Filter((context, next) =>
        {
            Interlocked.Increment(ref runs);
            return next(context);
        }));
        await using GawClient client = server.Connect();
        await using GawClient nobody = new("127.0.0.1", 1, new GawClientOptions { Retries = 0 });
        CallOptions options = new()
        {
            OnResponseMetadata = _ =>
            {
                told++;
                nobody.Call<int>("audit/note");
            },
        };

        Func<Task> calling = async () => _ = asynchronous
            ? await client.CallAsync<string>("desk/greet", ["Bo"], cancellationToken: Cancellation, options: options)
            : client.Call<string>("desk/greet", ["Bo"], options: options);

        await calling.Should().ThrowAsync<GawConnectionException>("the callback's exception is the caller's");
        (runs, told).Should().Be((1, 1));
    }

    [Theory]
    [InlineData("", "x", "A text of the metadata has an empty name. Give each a name.")]
    [InlineData("user", null, "The metadata \"user\" is null. Give a text, or leave the name out.")]
    public async Task Metadata_without_a_name_or_a_text_are_refused_on_either_side(string name, string? value, string problem)
    {
        await using CarriedServer server = await WithFiltersAsync();
        await using GawClient client = server.Connect();
        CallOptions options = new() { Metadata = new Dictionary<string, string> { [name] = value! } };

        FluentActions.Invoking(() => client.Call<string>("desk/greet", ["Bo"], options: options)).Should().Throw<GawSerializationException>().WithMessage($"*{problem}*");
        await FluentActions.Awaiting(() => client.CallAsync<string>("desk/greet", ["Bo"], options: options)).Should().ThrowAsync<GawSerializationException>();
        FluentActions.Invoking(() => client.Call<string>("desk/leave", [name, value])).Should().Throw<GawRemoteException>()
            .Where(e => e.RemoteName == "SerializeError" && e.RemoteMessage.Contains(problem));
        client.Call<string>("desk/leave", ["user", "Anna"]).Should().Be("left");
    }

    [Fact]
    public async Task A_call_without_a_result_has_none_for_its_filters()
    {
        object? before = "?";
        await using CarriedServer server = await WithFiltersAsync();
        await using GawClient client = Connect(server, () => new Filter(async (context, next) =>
        {
            await next(context);
            before = context.Result;
            context.Result = null;
        }));

        client.For<IBell>().Ring();

        before.Should().BeNull();
    }

    [Fact]
    public async Task A_filter_that_keeps_its_context_does_not_see_a_later_call_in_it()
    {
        ConcurrentQueue<GawFilterContext> kept = new();
        await using CarriedServer server = await WithFiltersAsync(() => new Filter((context, next) =>
        {
            kept.Enqueue(context);
            return next(context);
        }));
        await using GawClient client = server.Connect();

        client.Call<string>("desk/hello", ["first"]);
        client.Call<string>("desk/hello", ["second"]);

        kept.Select(static context => context.Arguments[0]).Should().Equal("first", "second");
    }

    [Fact]
    public async Task A_filter_that_leaves_the_method_it_began_fails_its_call_unless_it_gives_a_result()
    {
        TaskCompletionSource mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool givesResult = false;
        await using CarriedServer server = await StartAsync(s => s.Add(() => new Slow(mayEnd.Task)), new GawServerOptions
        {
            Filters = [() => new Filter((context, next) =>
            {
                _ = next(context).AsTask();
                if (givesResult)
                {
                    context.Result = 7;
                }

                return default;
            })],
        });
        await using GawClient client = server.Connect();

        ((Action)(() => client.Call<int>("slow/number"))).Should().Throw<GawRemoteException>().WithMessage("*A filter of slow/number ended before the method that it had begun*Await next*");
        givesResult = true;
        client.Call<int>("slow/number").Should().Be(7);
        mayEnd.SetResult();
    }

    [Fact]
    public async Task A_filter_that_goes_on_when_its_call_is_answered_runs_no_method()
    {
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<Exception?> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Tally ran = new("methods");
        await using CarriedServer server = await StartAsync(s => s.Add(() => new Slow(Task.CompletedTask, ran)), new GawServerOptions
        {
            Filters = [() => new Filter((context, next) =>
            {
                _ = Task.Run(async () =>
                {
                    await answered.Task;
                    late.SetResult(await Record.ExceptionAsync(() => next(context).AsTask()));
                });
                context.Result = 7;
                return default;
            })],
        });
        await using GawClient client = server.Connect();

        client.Call<int>("slow/number").Should().Be(7);

        // A stop waits for what runs, wherever that is counted.
        await server.StopAsync();
        answered.SetResult();
        (await late.Task.WithinAsync(TestTimeouts.Limit, static () => "the filter did not go on")).Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("the method has not run");
        ran.Value.Should().Be(0);
    }

    private Task<CarriedServer> WithFiltersAsync(params Func<IGawFilter>[] filters) => StartAsync(static s => s.Add<Desk>(), new GawServerOptions { Filters = filters });

    private static GawClient Connect(CarriedServer server, params Func<IGawFilter>[] filters) => server.Connect(new GawClientOptions { Filters = filters });

    private static async Task<string> CallAsync(GawClient client, Way way, bool asynchronous, string name, int times)
    {
        dynamic rpc = client;
        return (way, asynchronous) switch
        {
            (Way.Dynamic, false) => rpc.desk.greet(name, times: times),
            (Way.Dynamic, true) => await rpc.desk.greetAsync(name, times: times),
            (Way.Typed, false) => client.For<IDesk>().Greet(name, times),
            (Way.Typed, true) => await client.For<IAsyncDesk>().GreetAsync(name, times),
            (_, false) => client.Call<string>("desk/greet", [name], new Dictionary<string, object?> { ["times"] = times }),
            (_, true) => await client.CallAsync<string>("desk/greet", [name], new Dictionary<string, object?> { ["times"] = times }, Cancellation),
        };
    }

    [Service("slow")]
    public sealed class Slow(Task mayEnd, Tally? ran = null)
    {
        [Entrypoint]
        public async Task<int> NumberAsync()
        {
            ran?.Add();
            await mayEnd;
            return 5;
        }
    }

    public sealed class Desk
    {
        public static ConcurrentQueue<string> Greeted { get; } = new();

        [Entrypoint]
        public string Hello(string name) => $"hello {name}";

        [Entrypoint]
        public string Greet(string name, GawCallContext context, int times = 1)
        {
            context.ResponseMetadata["served-by"] = "desk";
            if (context.Items.TryGetValue("note", out object? note))
            {
                context.Items["answer"] = note;
            }

            return $"{string.Join(' ', Enumerable.Repeat($"hello {name}", times))}, {context.Metadata.GetValueOrDefault("user", "nobody")}";
        }

        [Entrypoint]
        [For("Anna")]
        public string Only(string name)
        {
            Greeted.Enqueue(name);
            return name;
        }

        [Entrypoint]
        public string Fail(string name, GawCallContext context)
        {
            context.ResponseMetadata["reason"] = $"ünknown \"{name}\"";
            throw new GawError("LookupError", name);
        }

        [Entrypoint]
        public string Leave(string name, string? value, GawCallContext context)
        {
            context.ResponseMetadata[name] = value!;
            return "left";
        }

        [Entrypoint]
        public string Tell(int characters, GawCallContext context)
        {
            context.ResponseMetadata["much"] = new string('x', Math.Abs(characters));
            return characters > 0 ? "told" : throw new GawError("LookupError", "nothing");
        }

        [Entrypoint]
        public void Ring()
        {
        }

        [Entrypoint]
        public int FilterNumber(GawCallContext context) => (int)context.Items["number"]!;
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ForAttribute(string user) : Attribute
    {
        public string User => user;
    }

    private sealed class OnlyFor(string user) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) =>
            context.Method!.IsDefined(typeof(ForAttribute), inherit: true) && context.Metadata.GetValueOrDefault("user") != user
                ? throw new GawError("PermissionError", $"{context.Path} is for {user}")
                : next(context);
    }

    private sealed class Counting(int number) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            context.Items["number"] = number;
            return next(context);
        }
    }

    private sealed class Filter(Func<GawFilterContext, GawFilterNext, ValueTask> invoke) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) => invoke(context, next);
    }
}
