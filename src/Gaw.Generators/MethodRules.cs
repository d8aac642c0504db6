using Gaw.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>What holds for every method that can be called, on an interface as on a class.</summary>
internal static class MethodRules
{
    private static readonly SymbolDisplayFormat NameFormat = SymbolDisplayFormat.CSharpShortErrorMessageFormat;

    private static readonly Dictionary<string, string> WithoutForm = new(StringComparer.Ordinal)
    {
        ["System.IO.Stream"] = "send its bytes",
        ["System.Collections.Generic.IAsyncEnumerable"] = "only a method itself returns a stream, and only a parameter itself takes one: IAsyncEnumerable<T>, not inside a task or another type",
        ["System.Collections.Generic.IAsyncEnumerator"] = "return IAsyncEnumerable<T>, or take one",
        ["System.Threading.Channels.ChannelReader"] = "return or take IAsyncEnumerable<T> itself, as ReadAllAsync gives it",
        ["System.IObservable"] = "return or take IAsyncEnumerable<T> itself",
        ["System.IProgress"] = "only a parameter of the method itself takes its progress",
        ["System.Threading.Tasks.Task"] = "only a method itself returns a task",
        ["System.Threading.Tasks.ValueTask"] = "only a method itself returns a task",
        ["System.Linq.IGrouping"] = "its key would be lost; send a Dictionary<TKey, List<T>>",
        ["System.Linq.ILookup"] = "the keys of its groups would be lost; send a Dictionary<TKey, List<T>>",
        ["System.Linq.Lookup"] = "the keys of its groups would be lost; send a Dictionary<TKey, List<T>>",
        ["System.Collections.Specialized.NameObjectCollectionBase"] = "its values would be lost; send a Dictionary<string, string[]>",
        ["System.Type"] = "send its name",
        ["System.IntPtr"] = "it means nothing outside the process",
        ["System.UIntPtr"] = "it means nothing outside the process",
    };

    /// <summary>How a symbol is called in a message.</summary>
    public static string Name(ISymbol symbol) => symbol is IMethodSymbol { ContainingType: { } type } method ? $"{type.ToDisplayString(NameFormat)}.{method.Name}"
        : symbol.ContainingType is { } owner && symbol is not ITypeSymbol ? $"{owner.ToDisplayString(NameFormat)}.{symbol.Name}"
        : symbol.ToDisplayString(NameFormat);

    public static IEnumerable<Problem> FindProblems(IMethodSymbol method)
    {
        string name = Name(method);
        if (method.IsGenericMethod)
        {
            yield return new Problem(Rules.Generic, method, name);
            yield break;
        }

        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
        {
            yield return new Problem(Rules.CannotCross, method, name, "ref " + method.ReturnType.ToDisplayString(NameFormat), "return the value");
        }
        else if (!method.ReturnsVoid && !IsBareTask(method.ReturnType) && (FindUncrossable(Known.Unwrapped(method.ReturnType)) ?? FindEndless(Known.Unwrapped(method.ReturnType))) is var (returned, advice))
        {
            yield return new Problem(Rules.CannotCross, method, name, returned.ToDisplayString(NameFormat), advice);
        }

        if (IsAsyncVoid(method))
        {
            yield return new Problem(Rules.AsyncVoid, method, name);
        }

        if (method.Parameters.Count(Known.IsToken) > 1)
        {
            yield return new Problem(Rules.SeveralOfOne, method, name, "cancellation tokens");
        }

        if (method.Parameters.Count(Known.IsOptions) > 1)
        {
            yield return new Problem(Rules.SeveralOfOne, method, name, "call options");
        }

        if (method.Parameters.Count(Known.IsProgress) > 1)
        {
            yield return new Problem(Rules.SeveralOfOne, method, name, "parameters for its progress");
        }

        Dictionary<string, IParameterSymbol> named = new(StringComparer.Ordinal);
        foreach (IParameterSymbol parameter in method.Parameters.Where(static parameter => !Known.IsSupplied(parameter)))
        {
            string wireName = WireNames.ToSnakeCase(parameter.Name);
            if (named.TryGetValue(wireName, out IParameterSymbol? first))
            {
                yield return new Problem(Rules.SameParameter, parameter, name, first.Name, parameter.Name, wireName);
            }
            else
            {
                named.Add(wireName, parameter);
            }
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind is not RefKind.None)
            {
                yield return new Problem(Rules.ByReference, parameter, name, parameter.Name);
            }
            else if ((FindUncrossable(Known.Travelling(parameter)) ?? FindEndless(Known.Travelling(parameter))) is var (type, hint))
            {
                yield return new Problem(Rules.CannotCross, parameter, name, type.ToDisplayString(NameFormat), hint);
            }
        }
    }

    /// <summary>The types of a method that can be sent but not received where they would have to be: those of parameters, and those of a result that a typed client reads.</summary>
    /// <param name="method">A method without <see cref="FindProblems"/>.</param>
    /// <param name="isContract">Its result is read, too.</param>
    public static IEnumerable<Problem> FindOneWayTypes(IMethodSymbol method, bool isContract)
    {
        string name = Name(method);
        IEnumerable<(ISymbol Place, ITypeSymbol Type)> read = method.Parameters.Where(parameter => !Known.IsSupplied(parameter) || (isContract && Known.IsProgress(parameter)))
            .Select(static parameter => ((ISymbol)parameter, Known.Travelling(parameter)));
        if (isContract && !method.ReturnsVoid && !IsBareTask(method.ReturnType))
        {
            read = read.Prepend((method, Known.Unwrapped(method.ReturnType)));
        }

        HashSet<INamedTypeSymbol> said = new(SymbolEqualityComparer.Default);
        foreach ((ISymbol place, ITypeSymbol type) in read)
        {
            foreach ((INamedTypeSymbol oneWay, string reason) in OneWayTypes.Find(type).Where(found => said.Add(found.Type)))
            {
                yield return new Problem(Rules.OneWay, place, name, oneWay.ToDisplayString(NameFormat), reason);
            }
        }
    }

    /// <summary>Nobody could tell when it ends, and what it throws would end the process.</summary>
    public static bool IsAsyncVoid(IMethodSymbol method) =>
        method.ReturnsVoid && (method.IsAsync || Known.Attribute(method, "System.Runtime.CompilerServices.AsyncStateMachineAttribute") is not null);

    /// <summary>Methods that would have the same name, each named with the first that has it.</summary>
    public static IEnumerable<(IMethodSymbol First, IMethodSymbol Second, string Name)> FindClashes(IEnumerable<IMethodSymbol> methods)
    {
        Dictionary<string, IMethodSymbol> named = new(StringComparer.Ordinal);
        foreach (IMethodSymbol method in methods)
        {
            string name = WireNames.Of(method);
            if (named.TryGetValue(name, out IMethodSymbol? first))
            {
                yield return (first, method, name);
            }
            else
            {
                named.Add(name, method);
            }
        }
    }

    private static (ITypeSymbol Type, string Advice)? FindEndless(ITypeSymbol type) =>
        EndlessTypes.Find(type) is { } endless ? (endless, "its members lead to ever larger types of the same kind, without end") : null;

    private static bool IsBareTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsGenericType: false } && Known.IsTask(type);

    /// <summary>The type, or one that it is made of, that has no form on the wire, with what to do instead.</summary>
    private static (ITypeSymbol Type, string Advice)? FindUncrossable(ITypeSymbol type)
    {
        switch (type)
        {
            case IPointerTypeSymbol or IFunctionPointerTypeSymbol:
                return (type, "it means nothing outside the process");
            case IArrayTypeSymbol { Rank: > 1 }:
                return (type, "use an array of arrays");
            case IArrayTypeSymbol array:
                return FindUncrossable(array.ElementType);
            case { IsRefLikeType: true }:
                return (type, "it lives on the stack; use an array");
            case { TypeKind: TypeKind.Delegate }:
                return (type, "code does not cross: return an IAsyncEnumerable<T>, or take an IProgress<T>");
            case INamedTypeSymbol named:
                for (ITypeSymbol? each = named; each is not null; each = each.BaseType)
                {
                    if (WithoutForm.TryGetValue(Known.Bare(each), out string? advice))
                    {
                        return (type, advice);
                    }
                }

                foreach (ITypeSymbol argument in named.TypeArguments)
                {
                    if (FindUncrossable(argument) is { } inner)
                    {
                        return inner;
                    }
                }

                return null;
            default:
                return null;
        }
    }
}
