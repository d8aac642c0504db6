using System.Reflection;
using System.Text.Json.Serialization;

namespace Gaw.Description;

/// <summary>Default values of parameters, as a caller of any language would send them.</summary>
internal static class DefaultValues
{
    /// <summary>Null (also for a struct's own default), a bool, a number or a text.</summary>
    public static object? Of(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.DefaultValue switch
        {
            null => null,
            char letter => letter.ToString(),
            decimal number => (double)number,
            { } value when type.IsEnum => NameOf(type, Enum.ToObject(type, value)),
            { } value => value,
        };
    }

    private static string NameOf(Type type, object value) =>
        Enum.GetName(type, value) is { } name ? type.GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? name : value.ToString()!;
}
