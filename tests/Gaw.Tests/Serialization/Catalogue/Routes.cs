using System.Runtime.CompilerServices;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Through text and back.</summary>
internal sealed class SerializerRoute : Route
{
    public override Task SendAsync<T>(Shape<T> shape)
    {
        T value = shape.Value();
        string text = GawSerializer.Serialize(value, Catalogue.Types);
        if (shape.Outcome == Outcome.OneWay)
        {
            text.Should().ContainAll(shape.Members.Select(static member => $"\"{member}\": "), "a type that goes one way is written whole");
        }

        GawSerializer.Deserialize<T>(text, Catalogue.Types).ShouldBe(shape.Arriving(), "after GawSerializer");
        GawSerializer.Serialize<object?>(shape.Value(), Catalogue.Types).Should().Be(GawSerializer.Serialize(value, Catalogue.Types), "what is written does not depend on who declares it");
        return Task.CompletedTask;
    }
}

/// <summary>To a server and back, as an argument and as a result of the type.</summary>
internal sealed class TypedRoute : Route
{
    public override async Task SendAsync<T>(Shape<T> shape)
    {
        Seen<T> seen = new Seen<T>();
        await using TestServer server = await TestServer.StartAsync(server => server.Add<Echo<T>>(seen), new GawServerOptions { Types = Catalogue.Types });
        await using GawClient client = server.Connect(new GawClientOptions { Types = Catalogue.Types });

        T value = shape.Value();
        T back = RuntimeFeature.IsDynamicCodeSupported ? await client.For<IEcho<T>>().SameAsync(value) : await client.CallAsync<T>("echo/same", [value]);

        seen.Value.ShouldBe(shape.Arriving(), "as an argument");
        back.ShouldBe(shape.Arriving(), "as a result");
    }
}

/// <summary>To a server and back without a contract: what came back, sent again, has to say the same.</summary>
internal sealed class DynamicRoute : Route
{
    public override async Task SendAsync<T>(Shape<T> shape)
    {
        Seen<T> seen = new Seen<T>();
        await using TestServer server = await TestServer.StartAsync(server => server.Add<Echo<T>>(seen), new GawServerOptions { Types = Catalogue.Types });
        await using GawClient client = server.Connect(new GawClientOptions { Types = Catalogue.Types });

        object? natural = Call(client, "same", shape.Value());
        seen.Value.ShouldBe(shape.Arriving(), "sent without a contract");

        if (shape.IsNarrowedWhereUntyped)
        {
            return;
        }

        Call(client, "same", natural);
        seen.Value.ShouldBe(shape.Arriving(), "sent again as it came back without a contract", scalesMatter: false);
    }

    public static object? Call(GawClient client, string method, params object?[] arguments)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return client.Call<object?>("echo/" + method, arguments);
        }

        dynamic rpc = client;
        return arguments is [var only] ? rpc.echo[method](only) : rpc.echo[method]();
    }
}

/// <summary>Where a one-way type stands as a result only: the server serves it, an untyped caller sees all of it, a typed one is refused beforehand.</summary>
internal sealed class GivenRoute : Route
{
    public override async Task SendAsync<T>(Shape<T> shape)
    {
        await using TestServer server = await TestServer.StartAsync(server => server.Add<Giving<T>>(shape.Value()));
        await using GawClient client = server.Connect(new GawClientOptions { Types = Catalogue.Types });

        object? natural = DynamicRoute.Call(client, "give");
        GawSerializer.ToJson(natural).Should().ContainAll(shape.Members.Select(static member => $"\"{member}\": "), "an untyped caller sees all members");
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            client.For<IGiving<T>>();
        }
        else
        {
            client.Call<T>("echo/give");
        }
    }
}

/// <summary>What arrived at an <see cref="Echo{T}"/>.</summary>
public sealed class Seen<T>
{
    public T? Value { get; set; }
}

[Service("echo")]
public sealed class Echo<T>(Seen<T> seen)
{
    [Entrypoint]
    public T Same(T value) => seen.Value = value;
}

[Service("echo")]
public sealed class Giving<T>(T value)
{
    [Entrypoint]
    public T Give() => value;
}

/// <summary>The contract of <see cref="Echo{T}"/>; without a mark, as it is generic.</summary>
public interface IEcho<T>
{
    Task<T> SameAsync(T value);
}

/// <summary>The contract of <see cref="Giving{T}"/>, as far as <c>For</c> has to look at it.</summary>
public interface IGiving<T>
{
    T Give();
}

internal static class ShapeAssertions
{
    public static void ShouldBe(this object? actual, object? expected, string because, bool scalesMatter = true)
    {
        if (Graphs.Difference(expected, actual, scalesMatter) is { } difference)
        {
            throw new DifferentException($"{because}: {difference}");
        }
    }
}

/// <summary>A value came back different, and nobody was told: the one thing that may not happen.</summary>
public sealed class DifferentException(string message) : Exception(message);
