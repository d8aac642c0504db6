using System.Reflection;

namespace Gaw.Shared;

/// <summary>What services, methods and parameters are called on the wire.</summary>
internal static class WireNames
{
    private const string AsyncSuffix = "Async";

    public static string OfService(Type type)
    {
        if (GetAttribute<ServiceAttribute>(type, type.Name) is { Name: { } name })
        {
            return name;
        }

        string own = type.Name.Split('`')[0];
        bool isInterface = type.IsInterface && own.Length > 1 && own[0] == 'I' && char.IsUpper(own[1]);
        return ToSnakeCase(isInterface ? own[1..] : own);
    }

    public static string OfMethod(MethodInfo method) =>
        GetAttribute<EntrypointAttribute>(method, $"{method.DeclaringType?.Name}.{method.Name}")?.Name ?? OfMember(method.Name);

    /// <summary>The name of a method that is given none.</summary>
    public static string OfMember(string name) => ToSnakeCase(WithoutAsync(name));

    /// <summary>The name without a trailing <c>Async</c>.</summary>
    public static string WithoutAsync(string name) =>
        name.Length > AsyncSuffix.Length && name.EndsWith(AsyncSuffix, StringComparison.Ordinal) ? name[..^AsyncSuffix.Length] : name;

    public static string ToSnakeCase(string name) => SnakeCase.Of(name);

    /// <exception cref="ArgumentException">The attribute was written with a value that it does not take, which is noticed where it is made: here.</exception>
    private static T? GetAttribute<T>(MemberInfo member, string name)
        where T : Attribute
    {
        try
        {
            return member.GetCustomAttribute<T>();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"[{typeof(T).Name[..^nameof(Attribute).Length]}] on {name} is wrong: {e.Message}", e);
        }
    }
}
