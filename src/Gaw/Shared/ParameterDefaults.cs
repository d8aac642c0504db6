using System.Reflection;

namespace Gaw.Shared;

/// <summary>The default values of parameters, for which reflection gives the number of a nullable enum and nothing for a struct.</summary>
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
