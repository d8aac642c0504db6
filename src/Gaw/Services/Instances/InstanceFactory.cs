using System.Linq.Expressions;
using System.Reflection;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Services.Instances;

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
                fits = i < args.Length ? ConstructorArgument.TryConvert(args[i], parameters[i].ParameterType, out values[i]) : ConstructorArgument.TryGetDefault(parameters[i], out values[i]);
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
                    fits = ConstructorArgument.TryConvert(value, parameters[i].ParameterType, out values[i]);
                }
                else
                {
                    fits = ConstructorArgument.TryGetDefault(parameters[i], out values[i]);
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

    private static Func<object> Compile(ConstructorInfo constructor, object?[] values)
    {
        IEnumerable<Expression> arguments = constructor.GetParameters().Select((p, i) =>
            values[i] is null ? Expression.Default(p.ParameterType) : (Expression)Expression.Constant(values[i], p.ParameterType));
        return Expression.Lambda<Func<object>>(Expression.Convert(Expression.New(constructor, arguments), typeof(object))).Compile();
    }
}
