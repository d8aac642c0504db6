using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>A service interface: its methods, those of the interfaces it derives from included, and what is wrong with it.</summary>
internal sealed class ServiceContract
{
    private readonly INamedTypeSymbol _type;
    private readonly List<IMethodSymbol> _methods = [];
    private readonly List<Problem> _problems = [];

    private ServiceContract(INamedTypeSymbol type) => _type = type;

    /// <summary>The methods that are calls.</summary>
    public IReadOnlyList<IMethodSymbol> Methods => _methods;

    /// <summary>All that is wrong. What is wrong in a base is said of the interface itself, unless the base is a service interface too.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Why no proxy can be written; <see langword="null"/> when one can, given that there are no problems.</summary>
    public string? CannotBeWritten { get; private set; }

    public static ServiceContract Of(INamedTypeSymbol type)
    {
        ServiceContract contract = new(type);
        foreach (INamedTypeSymbol declaring in new[] { type }.Concat(type.AllInterfaces))
        {
            contract.Add(declaring);
        }

        foreach ((IMethodSymbol first, IMethodSymbol second, string name) in MethodRules.FindClashes(contract._methods))
        {
            bool areOfOneInterface = SymbolEqualityComparer.Default.Equals(first.ContainingType, second.ContainingType);
            contract.Report(new Problem(Rules.SameName, areOfOneInterface || SymbolEqualityComparer.Default.Equals(second.ContainingType, type) ? second : type, MethodRules.Name(first), MethodRules.Name(second), name));
        }

        contract.CannotBeWritten = FindObstacle(type);
        return contract;
    }

    private void Add(INamedTypeSymbol declaring)
    {
        if (Known.Bare(declaring) is "System.IDisposable" or "System.IAsyncDisposable")
        {
            _problems.Add(new Problem(Rules.Disposable, _type, MethodRules.Name(_type), declaring.Name));
            return;
        }

        foreach (ISymbol member in declaring.GetMembers())
        {
            switch (ContractMembers.Classify(member))
            {
                case ContractMembers.Kind.Call:
                    IMethodSymbol method = (IMethodSymbol)member;
                    _methods.Add(method);
                    foreach (Problem problem in MethodRules.FindProblems(method))
                    {
                        Report(problem);
                    }

                    break;
                case ContractMembers.Kind.NotPublic:
                    Report(new Problem(Rules.NotPublic, member, MethodRules.Name(member)));
                    break;
                case ContractMembers.Kind.StaticAbstract:
                    Report(new Problem(Rules.NoMethod, member, MethodRules.Name(member), "static and abstract"));
                    break;
                case ContractMembers.Kind.Property:
                    Report(new Problem(Rules.NoMethod, member, MethodRules.Name(member), "a property"));
                    break;
                case ContractMembers.Kind.Indexer:
                    Report(new Problem(Rules.NoMethod, member, MethodRules.Name(declaring) + ".this[]", "an indexer"));
                    break;
                case ContractMembers.Kind.Event:
                    Report(new Problem(Rules.NoMethod, member, MethodRules.Name(member), "an event"));
                    break;
                default:
                    break;
            }
        }
    }

    private void Report(Problem problem)
    {
        INamedTypeSymbol? declaring = problem.Symbol as INamedTypeSymbol ?? problem.Symbol.ContainingType;
        bool isOwn = SymbolEqualityComparer.Default.Equals(declaring, _type);
        _problems.Add(isOwn ? problem : problem with { Symbol = Known.IsService(declaring) ? declaring : _type });
    }

    private static string? FindObstacle(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? each = type; each is not null; each = each.ContainingType)
        {
            if (each.IsGenericType)
            {
                return "it is generic";
            }

            if (each.IsFileLocal || each.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
            {
                return "it is not visible outside " + (each.IsFileLocal ? "its file" : each.ContainingType.Name);
            }
        }

        return null;
    }
}
