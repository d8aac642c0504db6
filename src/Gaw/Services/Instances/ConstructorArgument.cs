using System.Globalization;
using System.Reflection;
using Gaw.Shared;

namespace Gaw.Services.Instances;

/// <summary>A value that was given for a parameter of a constructor: fitted to its type, where nothing of it is lost.</summary>
internal static class ConstructorArgument
{
    /// <summary>The default of a parameter that nothing was given for. <see langword="false"/>: it has none.</summary>
    public static bool TryGetDefault(ParameterInfo parameter, out object? value)
    {
        value = ParameterDefaults.Of(parameter);
        return parameter.HasDefaultValue;
    }

    /// <summary>The value as the parameter's type: an enum by its name, a number in another size, a number as text. <see langword="false"/>: it is none.</summary>
    public static bool TryConvert(object? given, Type wanted, out object? value)
    {
        value = given;
        Type target = Nullable.GetUnderlyingType(wanted) ?? wanted;
        if (given is null)
        {
            return !wanted.IsValueType || target != wanted;
        }

        if (target.IsInstanceOfType(given))
        {
            return true;
        }

        try
        {
            value = target.IsEnum && given is string name ? Enum.Parse(target, name, ignoreCase: true)
                : target.IsPrimitive || target == typeof(decimal) || target == typeof(string) && given is IConvertible ? Convert.ChangeType(given, target, CultureInfo.InvariantCulture)
                : null;
            bool same = value is not null && (given is string || value is string || Convert.ChangeType(value, given.GetType(), CultureInfo.InvariantCulture).Equals(given));
            return same && given is bool == value is bool && target.IsInstanceOfType(value);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            return false;
        }
    }
}
