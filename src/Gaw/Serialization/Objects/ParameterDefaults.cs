using System.Reflection;

namespace Gaw.Serialization.Objects;

/// <summary>The default values of constructor parameters.</summary>
internal static class ParameterDefaults
{
    /// <summary>The value, of the parameter's type; <see langword="null"/> for none and for the type's own default.</summary>
    public static object? Of(ParameterInfo parameter)
    {
        object? value = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return value is not null && type.IsEnum ? Enum.ToObject(type, value) : value;
    }
}
