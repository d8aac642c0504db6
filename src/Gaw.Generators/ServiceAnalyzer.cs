using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gaw.Generators;

/// <summary>Says while a program is written what <c>GawServer.Add</c> and <c>GawClient.For</c> would refuse when it runs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ServiceAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.NoMethod, Rules.Generic, Rules.ByReference, Rules.CannotCross, Rules.SameName, Rules.SeveralOfOne, Rules.Disposable, Rules.NotPublic, Rules.NoEntrypoint, Rules.NotWritten,
        Rules.OneWay, Rules.AsyncVoid, Rules.SameParameter,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.Symbol;
        IEnumerable<Problem> problems = type.TypeKind switch
        {
            TypeKind.Interface when Known.IsService(type) => FindContractProblems(type),
            TypeKind.Class => FindClassProblems(type),
            _ => [],
        };
        foreach (Problem problem in problems)
        {
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, problem.Symbol.Locations.FirstOrDefault(), problem.Arguments));
        }
    }

    private static IEnumerable<Problem> FindContractProblems(INamedTypeSymbol type)
    {
        ServiceContract contract = ServiceContract.Of(type);

        // What stands in another service interface is said there.
        foreach (Problem problem in contract.Problems.Where(problem => problem.Symbol is not INamedTypeSymbol other || SymbolEqualityComparer.Default.Equals(other, type)))
        {
            yield return problem;
        }

        if (contract.Problems.Count == 0 && contract.CannotBeWritten is { } reason)
        {
            yield return new Problem(Rules.NotWritten, type, MethodRules.Name(type), reason);
        }

        // A proxy is written all the same: what is meant may be readable in the end, and the program may only ever serve.
        foreach (IMethodSymbol method in contract.Problems.Count == 0 ? contract.Methods : [])
        {
            foreach (Problem problem in MethodRules.FindOneWayTypes(method, isContract: true))
            {
                if (SymbolEqualityComparer.Default.Equals(method.ContainingType, type))
                {
                    yield return problem;
                }
                else if (!Known.IsService(method.ContainingType))
                {
                    yield return problem with { Symbol = type };
                }
            }
        }
    }

    private static IEnumerable<Problem> FindClassProblems(INamedTypeSymbol type)
    {
        List<IMethodSymbol> entrypoints = [];
        for (INamedTypeSymbol? each = type; each is not null; each = each.BaseType)
        {
            // The base's come first, and one that is overridden counts once.
            entrypoints.InsertRange(0, each.GetMembers().OfType<IMethodSymbol>().Where(method =>
                Known.EntrypointOf(method) is not null && !entrypoints.Exists(known => Overrides(known, method))));
        }

        foreach (IMethodSymbol method in entrypoints.Where(method => SymbolEqualityComparer.Default.Equals(method.ContainingType, type)))
        {
            if (method.DeclaredAccessibility is not Accessibility.Public)
            {
                yield return new Problem(Rules.NotPublic, method, MethodRules.Name(method));
            }

            Problem[] problems = [.. MethodRules.FindProblems(method)];
            foreach (Problem problem in problems.Length > 0 ? problems : MethodRules.FindOneWayTypes(method, isContract: false))
            {
                yield return problem;
            }
        }

        foreach (IMethodSymbol method in FindImplementations(type).Where(method => MethodRules.IsAsyncVoid(method) && !entrypoints.Contains(method, SymbolEqualityComparer.Default)))
        {
            yield return new Problem(Rules.AsyncVoid, SymbolEqualityComparer.Default.Equals(method.ContainingType, type) ? method : type, MethodRules.Name(method));
        }

        foreach ((IMethodSymbol first, IMethodSymbol second, string name) in MethodRules.FindClashes(entrypoints))
        {
            if (SymbolEqualityComparer.Default.Equals(second.ContainingType, type))
            {
                yield return new Problem(Rules.SameName, second, MethodRules.Name(first), MethodRules.Name(second), name);
            }
        }

        if (entrypoints.Count == 0 && !type.IsAbstract && Known.IsService(type) && !type.AllInterfaces.Any(Known.IsService))
        {
            yield return new Problem(Rules.NoEntrypoint, type, MethodRules.Name(type));
        }
    }

    /// <summary>The methods with which a class implements service interfaces: those of its own, and inherited ones for the interfaces that it names itself.</summary>
    private static IEnumerable<IMethodSymbol> FindImplementations(INamedTypeSymbol type)
    {
        HashSet<IMethodSymbol> found = new(SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol contract in type.AllInterfaces.Where(Known.IsService))
        {
            bool isNamed = type.Interfaces.Contains(contract, SymbolEqualityComparer.Default);
            foreach (ISymbol member in contract.AllInterfaces.Add(contract).SelectMany(static each => each.GetMembers()))
            {
                if (ContractMembers.Classify(member) is not ContractMembers.Kind.Call || type.FindImplementationForInterfaceMember(member) is not IMethodSymbol { ContainingType.TypeKind: TypeKind.Class } body)
                {
                    continue;
                }

                body = type.GetMembers(body.Name).OfType<IMethodSymbol>().FirstOrDefault(own => Overrides(own, body)) ?? body;
                if ((isNamed || SymbolEqualityComparer.Default.Equals(body.ContainingType, type)) && found.Add(body))
                {
                    yield return body;
                }
            }
        }
    }

    private static bool Overrides(IMethodSymbol method, IMethodSymbol overridden)
    {
        for (IMethodSymbol? each = method.OverriddenMethod; each is not null; each = each.OverriddenMethod)
        {
            if (SymbolEqualityComparer.Default.Equals(each.OriginalDefinition, overridden.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
