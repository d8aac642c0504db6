using System.Reflection;
using System.Text.Json;

namespace Gaw.Services;

/// <summary>What services, methods and parameters are called on the wire.</summary>
internal static class WireNames
{
    private const string AsyncSuffix = "Async";

    public static string OfService(Type type)
    {
        if (type.GetCustomAttribute<ServiceAttribute>() is { Name: { } name })
        {
            return name;
        }

        string own = type.Name.Split('`')[0];
        bool isInterface = type.IsInterface && own.Length > 1 && own[0] == 'I' && char.IsUpper(own[1]);
        return ToSnakeCase(isInterface ? own[1..] : own);
    }

    public static string OfMethod(MethodInfo method) =>
        method.GetCustomAttribute<EntrypointAttribute>()?.Name ?? OfMember(method.Name);

    /// <summary>The name of a method that is given none.</summary>
    public static string OfMember(string name) => ToSnakeCase(WithoutAsync(name));

    /// <summary>The name without a trailing <c>Async</c>.</summary>
    public static string WithoutAsync(string name) =>
        name.Length > AsyncSuffix.Length && name.EndsWith(AsyncSuffix, StringComparison.Ordinal) ? name[..^AsyncSuffix.Length] : name;

    public static string ToSnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
