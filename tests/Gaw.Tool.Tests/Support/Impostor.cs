namespace Gaw.Tool.Tests.Support;

/// <summary>A server that describes itself as it likes.</summary>
public static class Impostor
{
    /// <summary>Serves a description of one service with one method.</summary>
    /// <param name="method">What differs from the method <c>s/m</c>.</param>
    /// <param name="parameter">What differs from its parameter, <c>int a</c>.</param>
    /// <param name="types">The types that it describes.</param>
    /// <param name="doc">The service's documentation.</param>
    public static async Task<JsonWeb.JsonWebServer> StartAsync(
        Dictionary<string, object?>? method = null, Dictionary<string, object?>? parameter = null, Dictionary<string, object?>? types = null, string doc = "fine")
    {
        Dictionary<string, object?> ownParameter = new() { ["name"] = "a", ["csharp"] = "a", ["type"] = "int", ["python"] = "int", ["optional"] = false, ["variadic"] = false };
        Dictionary<string, object?> ownMethod = new()
        {
            ["name"] = "m",
            ["path"] = "s/m",
            ["signature"] = "m()",
            ["doc"] = doc,
            ["parameters"] = new List<object?> { With(ownParameter, parameter) },
            ["result"] = new Dictionary<string, object?> { ["type"] = "int", ["python"] = "int" },
        };
        List<object?> services = [new Dictionary<string, object?> { ["name"] = "s", ["doc"] = doc, ["methods"] = new List<object?> { With(ownMethod, method) } }];
        JsonWeb.JsonWebServer server = new("127.0.0.1", 0);
        server.Map("_gaw/describe", _ => new(new Dictionary<string, object?> { ["services"] = services, ["types"] = types ?? [] }));
        server.Map("_gaw/list", _ => new(services));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>An enum with one member; what is given of it differs from <c>One = 1</c>.</summary>
    public static Dictionary<string, object?> Enum(string name = "One", string csharp = "One", object? value = null) => Type("enum", new() { ["name"] = name, ["csharp"] = csharp, ["value"] = value ?? 1 });

    /// <summary>A record with one member; what is given of it differs from <c>int X</c>.</summary>
    public static Dictionary<string, object?> Record(string name = "x", string csharp = "X", string type = "int", string python = "int", object? initial = null, string? wireName = "R")
    {
        Dictionary<string, object?> shape = Type("record", new() { ["name"] = name, ["csharp"] = csharp, ["type"] = type, ["python"] = python, ["required"] = initial is null, ["default"] = initial });
        shape["wire_name"] = wireName;
        return shape;
    }

    private static Dictionary<string, object?> Type(string kind, Dictionary<string, object?> member) => new() { ["kind"] = kind, ["members"] = new List<object?> { member } };

    private static Dictionary<string, object?> With(Dictionary<string, object?> own, Dictionary<string, object?>? given)
    {
        foreach ((string name, object? value) in given ?? [])
        {
            own[name] = value;
        }

        return own;
    }
}
