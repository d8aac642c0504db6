namespace Gaw.Serialization.Types;

/// <summary>Tells the types of .NET itself from those of programs and packages.</summary>
internal static class FrameworkTypes
{
    /// <summary>The keys with which the assemblies of the base class library are signed. The namespace says nothing: a package may use "System", too.</summary>
    private static readonly HashSet<string> Keys = new(StringComparer.Ordinal) { "B77A5C561934E089", "B03F5F7F11D50A3A", "7CEC85D7BEA7798E", "CC7B13FFCD2DDD51" };

    /// <summary>Whether a type belongs to the base class library.</summary>
    public static bool Contain(Type type) =>
        type.Assembly == typeof(object).Assembly || (type.Assembly.GetName().GetPublicKeyToken() is { Length: > 0 } token && Keys.Contains(Convert.ToHexString(token)));
}
