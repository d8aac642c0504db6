using System.Globalization;
using System.Numerics;

namespace Gaw.Serialization.Types;

/// <summary>Names types as their users write them: <c>int</c>, <c>List&lt;Point&gt;</c>, <c>(int, string)</c>.</summary>
internal static class TypeNames
{
    private const int DeepestArguments = 6;
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    /// <summary>The name of a type.</summary>
    public static string Friendly(Type type) => Friendly(type, DeepestArguments);

    /// <summary>The name of a type with its namespace and the types it is nested in, for where two types may have one name.</summary>
    public static string Full(Type type)
    {
        if (Keywords.ContainsKey(type) || type.HasElementType || type.IsGenericParameter)
        {
            return Friendly(type);
        }

        string name = Friendly(type);
        for (Type? outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
        {
            name = $"{Bare(outer)}.{name}";
        }

        return type.Namespace is { } space ? $"{space}.{name}" : name;
    }

    /// <summary>The name of a type without the count of its type parameters.</summary>
    public static string Bare(Type type)
    {
        int arity = type.Name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? type.Name : type.Name[..arity];
    }

    /// <summary>The name of an integer type with its range.</summary>
    public static string WithRange<T>()
        where T : IBinaryInteger<T>, IMinMaxValue<T> =>
        string.Create(CultureInfo.InvariantCulture, $"{Friendly(typeof(T))} ({T.MinValue} to {T.MaxValue})");

    private static string Friendly(Type type, int depth)
    {
        if (depth == 0)
        {
            return "...";
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Friendly(type.GetElementType()!, depth)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Friendly(underlying, depth) + "?";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        string arguments = string.Join(", ", type.GetGenericArguments().Select(argument => Friendly(argument, depth - 1)));
        return type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) ? $"({arguments})" : $"{Bare(type)}<{arguments}>";
    }
}
