using System.Numerics;

namespace Gaw.Description;

/// <summary>The types of Python that take the place of .NET's own.</summary>
internal static class PythonNames
{
    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(void)] = "None",
        [typeof(bool)] = "bool",
        [typeof(float)] = "float",
        [typeof(double)] = "float",
        [typeof(Half)] = "float",
        [typeof(decimal)] = "float",
        [typeof(TimeSpan)] = "float",
        [typeof(BigInteger)] = "int",
        [typeof(Int128)] = "int",
        [typeof(UInt128)] = "int",
        [typeof(string)] = "str",
        [typeof(char)] = "str",
        [typeof(DateOnly)] = "str",
        [typeof(TimeOnly)] = "str",
        [typeof(byte[])] = "str",
        [typeof(object[])] = "tuple",
        [typeof(Guid)] = "uuid.UUID",
        [typeof(DateTime)] = "datetime.datetime",
        [typeof(DateTimeOffset)] = "datetime.datetime",
        [typeof(object)] = "Any",
        [typeof(GawObject)] = "Any",
    };

    /// <summary>The name of the type; <see langword="null"/> where it has no single one: an enum, a collection, a class of the user's.</summary>
    public static string? Of(Type type) => Names.TryGetValue(type, out string? name) ? name : type.IsPrimitive ? "int" : null;
}
