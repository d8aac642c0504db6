using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>The names of the types that are looked for, and how to find them on symbols.</summary>
internal static class Known
{
    public const string ServiceAttribute = "Gaw.ServiceAttribute";
    public const string EntrypointAttribute = "Gaw.EntrypointAttribute";
    public const string SerializableAttribute = "Gaw.GawSerializableAttribute";
    public const string CarrierAttribute = "Gaw.Carriers.GawCarrierAttribute";
    public const string CancellationToken = "System.Threading.CancellationToken";

    /// <summary>Fully qualified, without <c>global::</c> and type arguments.</summary>
    public static readonly SymbolDisplayFormat BareFormat =
        new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    public static string Bare(ITypeSymbol type) => type.OriginalDefinition.ToDisplayString(BareFormat);

    /// <summary>Whether a type has a name in full. Most have not even the last part of it, and to show a type in full is dear: this is asked of every attribute at every edit.</summary>
    public static bool Is(ITypeSymbol? type, string name) => type is INamedTypeSymbol && name.EndsWith(type.Name, StringComparison.Ordinal) && Bare(type) == name;

    public static bool IsTask(ITypeSymbol type) => Is(type, "System.Threading.Tasks.Task") || Is(type, "System.Threading.Tasks.ValueTask");

    public static bool IsService(ITypeSymbol type) => Attribute(type, ServiceAttribute) is not null;

    /// <summary>The mark of a method, or of the one that it overrides.</summary>
    public static AttributeData? EntrypointOf(IMethodSymbol method) =>
        Attribute(method, EntrypointAttribute) ?? (method.OverriddenMethod is { } overridden ? EntrypointOf(overridden) : null);

    public static AttributeData? Attribute(ISymbol symbol, string name) => symbol.GetAttributes().FirstOrDefault(attribute => Is(attribute.AttributeClass, name));

    /// <summary>A parameter that is never sent: the server supplies it, or the client keeps it to itself.</summary>
    public static bool IsSupplied(IParameterSymbol parameter) => IsToken(parameter) || IsOptions(parameter) || IsProgress(parameter) || Is(parameter.Type, "Gaw.GawCallContext");

    public static bool IsOptions(IParameterSymbol parameter) => Is(parameter.Type, "Gaw.CallOptions");

    public static bool IsToken(IParameterSymbol parameter) => Is(parameter.Type, CancellationToken);

    /// <summary>The method's own progress, as a parameter takes it.</summary>
    public static bool IsProgress(IParameterSymbol parameter) => Is(parameter.Type, "System.IProgress");

    /// <summary>What travels of a parameter: what is reported to one that <see cref="IsProgress"/>, the items of one that takes a stream; the type itself otherwise.</summary>
    public static ITypeSymbol Travelling(IParameterSymbol parameter) => IsProgress(parameter) || IsStream(parameter.Type) ? ((INamedTypeSymbol)parameter.Type).TypeArguments[0] : parameter.Type;

    /// <summary>A stream of items, as a method itself may return it, and a parameter itself take it.</summary>
    public static bool IsStream(ITypeSymbol type) => Is(type, "System.Collections.Generic.IAsyncEnumerable");

    /// <summary>The result of a method that returns a task, the items of one that returns a stream; the type itself otherwise.</summary>
    public static ITypeSymbol Unwrapped(ITypeSymbol returned) =>
        returned is INamedTypeSymbol { IsGenericType: true, TypeArguments.Length: 1 } named && (IsTask(named) || IsStream(named)) ? named.TypeArguments[0] : returned;
}
