using System.Reflection;
using Gaw.Services;

namespace Gaw.Description;

/// <summary>
/// Entrypoints as plain values that any peer can read: <c>{"services": [{"name", "doc", "methods": [...]}], "types": {...}}</c>. Of each method
/// its signature, parameters (name, C# and Python type, default), result and documentation; of each type of the user's its shape.
/// </summary>
internal static class ServiceDescriber
{
    private static readonly string[] Listed = ["name", "path", "signature", "doc"];

    /// <summary>Describes entrypoints in full.</summary>
    public static Dictionary<string, object?> Describe(IEnumerable<Entrypoint> entrypoints)
    {
        TypeDescriber types = new();
        List<object?> services = Group(entrypoints, entrypoint => Describe(entrypoint, types));
        return new() { ["services"] = services, ["types"] = types.Shapes };
    }

    /// <summary>Names entrypoints, with signature and summary each.</summary>
    public static List<object?> List(IEnumerable<Entrypoint> entrypoints)
    {
        TypeDescriber types = new();
        return Group(entrypoints, entrypoint =>
        {
            Dictionary<string, object?> full = Describe(entrypoint, types);
            return Listed.ToDictionary(static key => key, key => full[key]);
        });
    }

    private static List<object?> Group(IEnumerable<Entrypoint> entrypoints, Func<Entrypoint, Dictionary<string, object?>> describe) =>
        [.. entrypoints.GroupBy(static e => Split(e.Path).Service, StringComparer.Ordinal).Select(service => new Dictionary<string, object?>
        {
            ["name"] = service.Key,
            ["doc"] = XmlDocumentation.Of(service.First().Method.DeclaringType!),
            ["methods"] = service.Select(entrypoint => (object?)describe(entrypoint)).ToList(),
        })];

    private static (string Service, string Method) Split(string path)
    {
        int slash = path.LastIndexOf('/');
        return (path[..slash], path[(slash + 1)..]);
    }

    private static Dictionary<string, object?> Describe(Entrypoint entrypoint, TypeDescriber types)
    {
        MethodInfo method = entrypoint.Method;
        string name = Split(entrypoint.Path).Method;
        TypeText result = types.DescribeResult(method);
        ParameterInfo[] read = [.. method.GetParameters().Where(static p => !Entrypoint.IsSupplied(p.ParameterType))];
        List<Dictionary<string, object?>> parameters = [.. read.Select(parameter => ParameterDescriber.Describe(parameter, types))];
        Dictionary<string, object?> described = new()
        {
            ["name"] = name,
            ["path"] = entrypoint.Path,
            ["signature"] = SignatureText.Of(name, parameters, result.CSharp, entrypoint.IsStream),
            ["doc"] = XmlDocumentation.Of(method),
            ["idempotent"] = method.GetCustomAttribute<EntrypointAttribute>()?.Idempotent ?? false,
            ["parameters"] = parameters.ToList<object?>(),
            ["result"] = DescribeResult(entrypoint, result),
        };
        if (method.GetParameters().FirstOrDefault(static parameter => ProgressParameter.GetReported(parameter.ParameterType) is not null) is { } progress)
        {
            TypeText reported = types.DescribeReported(progress);
            described["progress"] = new Dictionary<string, object?> { ["type"] = reported.CSharp, ["python"] = reported.Python };
        }

        return described;
    }

    /// <summary>Of a stream the type of its items; a Python caller gets a list of them.</summary>
    private static Dictionary<string, object?> DescribeResult(Entrypoint entrypoint, TypeText type)
    {
        Dictionary<string, object?> described = new()
        {
            ["type"] = type.CSharp,
            ["python"] = entrypoint.IsStream ? $"list[{type.Python}]" : type.Python,
            ["doc"] = XmlDocumentation.OfResult(entrypoint.Method),
        };
        if (entrypoint.IsStream)
        {
            described["stream"] = true;
        }

        return described;
    }
}
