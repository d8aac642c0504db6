using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.CSharp.RuntimeBinder;

namespace Gaw.Tests.Proxies;

/// <summary>What C# lets a caller write on a dynamic client and a call cannot carry is refused before anything is sent.</summary>
public sealed class DynamicCallTests
{
    [Fact]
    public async Task Type_arguments_are_refused_before_the_call()
    {
        await using TestServer server = await TestServer.ServingAsync<Counted>();
        using GawClient client = server.Connect();
        dynamic rpc = client;
        rpc.counted.count();

        Refused(() => rpc.counted.plus<string>(1, 2)).Should().BeOfType<ArgumentException>().Which.Message.Should().Match("plus<string>(...) has type arguments*(string)service.plus(...)*GawClient.Call<string>*");
        Refused(() => rpc["counted"].plus<int>(1, 2)).Should().BeOfType<ArgumentException>();
        Refused(() => rpc.counted.plusAsync<int>(1, 2)).Should().BeOfType<ArgumentException>();
        ((int)rpc.counted.count()).Should().Be(0);
        ((int)rpc.counted.plus(1, 2)).Should().Be(3, "the same call without them works");
    }

    [Fact]
    public async Task Arguments_by_reference_are_refused_before_the_call()
    {
        await using TestServer server = await TestServer.ServingAsync<Counted>();
        using GawClient client = server.Connect();
        dynamic rpc = client;
        rpc.counted.count();
        int a = 1;
        object boxed = 2;

        Refused(() => rpc.counted.plus(ref a, 2)).Should().BeOfType<ArgumentException>().Which.Message.Should().Match("Argument 1 of plus is passed by ref, in or out*");
        Refused(() => rpc.counted.plus(1, out boxed)).Should().BeOfType<ArgumentException>().Which.Message.Should().StartWith("Argument 2 of plus");
        Refused(() => rpc.counted.plus(1, b: ref boxed)).Should().BeOfType<ArgumentException>();
        Refused(() => rpc["counted"]["plus"](ref a, 2)).Should().BeOfType<ArgumentException>();
        ((int)rpc.counted.count()).Should().Be(0);
        ((int)rpc.counted.plus(a, 2)).Should().Be(3);
    }

    [Fact]
    public async Task A_call_without_a_service_or_without_a_method_says_what_is_missing()
    {
        await using TestServer server = await TestServer.ServingAsync<Counted>();
        using GawClient client = server.Connect();
        dynamic rpc = client;
        rpc.counted.count();

        Refused(() => rpc.plus(1)).Should().BeOfType<RuntimeBinderException>().Which.Message.Should()
            .Be("plus was called on the client itself, which has no such method. A call names a service and a method: client.SERVICE.plus(...), or client.plus.METHOD(...).");
        dynamic counted = rpc.counted;
        Refused(() => counted(1)).Should().BeOfType<RuntimeBinderException>().Which.Message.Should().Contain("client.counted.METHOD(...)");
        Refused(() => rpc["counted"](1)).Should().BeOfType<RuntimeBinderException>();
        Refused(() => rpc.counted.plus.more(1)).Should().BeOfType<RuntimeBinderException>().Which.Message.Should().Contain("more was called on the method counted/plus");
        ((int)rpc.Call<int>("counted/plus", new object[] { 1, 2 })).Should().Be(3, "the client's own methods stay what they are");
        Refused(() => rpc.Call<int>(1, 2, 3, 4, 5)).Should().BeOfType<RuntimeBinderException>().Which.Message.Should().NotContain("SERVICE");
        ((int)rpc.counted.count()).Should().Be(1);
    }

    [Fact]
    public async Task What_is_no_call_cannot_be_awaited()
    {
        await using TestServer server = await TestServer.ServingAsync<Counted>();
        using GawClient client = server.Connect();
        dynamic rpc = client;
        rpc.counted.count();

        Func<Task> service = async () => await rpc.counted;
        Func<Task> method = async () => await rpc.counted.plus;

        (await service.Should().ThrowAsync<RuntimeBinderException>()).WithMessage("*cannot be awaited*await client.SERVICE.METHODAsync(...)*");
        (await method.Should().ThrowAsync<RuntimeBinderException>()).WithMessage("*cannot be awaited*");
        ((int)await rpc.counted.plusAsync(1, 2)).Should().Be(3);
        ((int)rpc.counted.count()).Should().Be(1);
    }

    private static Exception? Refused(Func<object?> call)
    {
        try
        {
            call();
            return null;
        }
        catch (Exception e) when (e is ArgumentException or RuntimeBinderException)
        {
            return e;
        }
    }

    public sealed class Counted
    {
        private static int _calls;

        /// <summary>How many calls there were since it was last asked.</summary>
        [Entrypoint]
        public static int Count() => Interlocked.Exchange(ref _calls, 0);

        [Entrypoint]
        public int Plus(int a, int b)
        {
            Interlocked.Increment(ref _calls);
            return a + b;
        }
    }
}
