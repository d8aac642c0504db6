using System.Reflection;
using System.Text.Json.Serialization;
using Gaw.Shared;

namespace Gaw.Description;

/// <summary>Default values of parameters, as a caller of any language would send them.</summary>
internal static class DefaultValues
{
    /// <summary>Null (also for a struct's own default), a bool, a number or a text.</summary>
    public static object? Of(ParameterInfo parameter)
    {
        return ParameterDefaults.Of(parameter) switch
        {
            null => null,
            char letter => letter.ToString(),
            decimal number => (double)number,
            Enum value => NameOf(value.GetType(), value),
            { } value => value,
        };
    }

    /// <summary>The name on the wire; those of a set of flags joined by <c>", "</c>.</summary>
    private static string NameOf(Type type, object value) => string.Join(
        ", ", value.ToString()!.Split(", ").Select(name => type.GetField(name)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? name));
}
