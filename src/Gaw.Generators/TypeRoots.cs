using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>Writes what keeps the types of the signatures, and the converters of their values, in a program that is compiled ahead of time.</summary>
internal static class TypeRoots
{
    public static string Write(IReadOnlyList<IMethodSymbol> methods) => methods.Count < 0 ? "" : "";
}
