using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>Makes instances of a class with constructor arguments that were matched and converted once.</summary>
internal static class InstanceFactory
{
    /// <summary>A factory with arguments by position.</summary>
    /// <exception cref="ArgumentException">No public constructor takes them.</exception>
    public static Func<object> Create(Type type, object?[] args)
    {
        foreach (ConstructorInfo constructor in GetConstructors(type))
        {
            ParameterInfo[] parameters = constructor.GetParameters();
            object?[] values = new object?[parameters.Length];
            bool fits = args.Length <= parameters.Length;
            for (int i = 0; fits && i < parameters.Length; i++)
            {
                fits = i < args.Length ? TryConvert(args[i], parameters[i].ParameterType, out values[i]) : TryGetDefault(parameters[i], out values[i]);
            }

            if (fits)
            {
                return Compile(constructor, values);
            }
        }

        string given = args.Length == 0 ? "without arguments" : $"with ({string.Join(", ", args.Select(static a => a is null ? "null" : TypeNames.Friendly(a.GetType())))})";
        throw Refused(type, $"{given}. {DescribeConstructors(type)}");
    }

    /// <summary>A factory with arguments by parameter name, as it stands in C# or in snake_case.</summary>
    /// <exception cref="ArgumentException">No public constructor takes them.</exception>
    public static Func<object> Create(Type type, IReadOnlyDictionary<string, object?> arguments)
    {
        foreach (ConstructorInfo constructor in GetConstructors(type))
        {
            ParameterInfo[] parameters = constructor.GetParameters();
            object?[] values = new object?[parameters.Length];
            int used = 0;
            bool fits = true;
            for (int i = 0; fits && i < parameters.Length; i++)
            {
                string name = parameters[i].Name!;
                if (arguments.TryGetValue(name, out object? value) || arguments.TryGetValue(WireNames.ToSnakeCase(name), out value))
                {
                    used++;
                    fits = TryConvert(value, parameters[i].ParameterType, out values[i]);
                }
                else
                {
                    fits = TryGetDefault(parameters[i], out values[i]);
                }
            }

            if (fits && used == arguments.Count)
            {
                return Compile(constructor, values);
            }
        }

        string given = arguments.Count == 0 ? "without arguments" : $"with {string.Join(", ", arguments.Keys)}";
        throw Refused(type, $"{given}. {DescribeConstructors(type)}");
    }

    private static ArgumentException Refused(Type type, string problem) => new($"{TypeNames.Friendly(type)} cannot be made {problem}");

    private static IEnumerable<ConstructorInfo> GetConstructors(Type type)
    {
        if (type.IsAbstract || type.IsInterface || type.ContainsGenericParameters)
        {
            throw new ArgumentException($"{TypeNames.Friendly(type)} cannot be a service: it is abstract, an interface or an open generic type, so no instance can be made.");
        }

        // A record's copy constructor is not meant for anybody.
        return type.GetConstructors()
            .Where(c => !(c.GetParameters() is [{ } only] && only.ParameterType == type))
            .OrderBy(static c => c.GetParameters().Length);
    }

    private static string DescribeConstructors(Type type)
    {
        string[] known = [.. GetConstructors(type).Select(c =>
            $"{TypeNames.Friendly(type)}({string.Join(", ", c.GetParameters().Select(static p => $"{TypeNames.Friendly(p.ParameterType)} {p.Name}"))})")];
        return known.Length == 0 ? "It has no public constructor." : $"There is {string.Join(" and ", known)}.";
    }

    private static bool TryGetDefault(ParameterInfo parameter, out object? value)
    {
        value = ParameterDefaults.Of(parameter);
        return parameter.HasDefaultValue;
    }

    private static bool TryConvert(object? given, Type wanted, out object? value)
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

    private static Func<object> Compile(ConstructorInfo constructor, object?[] values)
    {
        IEnumerable<Expression> arguments = constructor.GetParameters().Select((p, i) => values[i] is null ? Expression.Default(p.ParameterType) : (Expression)Expression.Constant(values[i], p.ParameterType));
        return Expression.Lambda<Func<object>>(Expression.Convert(Expression.New(constructor, arguments), typeof(object))).Compile();
    }
}
