using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gaw.Generators;

/// <summary>
/// Finds calls through <c>dynamic</c> that are awaited without the suffix <c>Async</c>. At run time nothing tells such a call from one that is not
/// awaited: it is made, and its result is no task. Only what certainly leads to a <c>GawClient</c> is looked at.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DynamicCallAnalyzer : DiagnosticAnalyzer
{
    private const string Client = "Gaw.GawClient";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NotAwaitable];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Await);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        IOperation awaited = Bare(((IAwaitOperation)context.Operation).Operation);
        if (awaited is IDynamicInvocationOperation { Operation: IDynamicMemberReferenceOperation { MemberName: "ConfigureAwait", Instance: { } configured } })
        {
            awaited = Bare(configured);
        }

        if (awaited is not IDynamicInvocationOperation { Operation: var called })
        {
            return;
        }

        (IOperation? service, string? method) = called switch
        {
            IDynamicMemberReferenceOperation member when !IsAsync(member.MemberName) => (member.Instance, member.MemberName),
            IDynamicIndexerAccessOperation indexer => (indexer.Operation, "(...)"),
            _ => default,
        };
        if (method is not null && LeadsToClient(service))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotAwaitable, awaited.Syntax.GetLocation(), called.Syntax.ToString(), called is IDynamicMemberReferenceOperation ? $"write {method}Async(...)" : "use CallAsync or a member with the suffix Async"));
        }
    }

    private static bool IsAsync(string name) => name.Length > 5 && name.EndsWith("Async", StringComparison.Ordinal);

    private static bool LeadsToClient(IOperation? operation)
    {
        while (operation is not null)
        {
            operation = Bare(operation);
            if (Known.Is(operation.Type, Client))
            {
                return true;
            }

            operation = operation switch
            {
                IDynamicMemberReferenceOperation member => member.Instance,
                IDynamicIndexerAccessOperation indexer => indexer.Operation,
                ILocalReferenceOperation { Type.TypeKind: TypeKind.Dynamic } local => Initial(local),
                _ => null,
            };
        }

        return false;
    }

    /// <summary>What a variable was declared with, where nothing else is given to it.</summary>
    private static IOperation? Initial(ILocalReferenceOperation reference)
    {
        if (reference.SemanticModel is not { } model || reference.Local.DeclaringSyntaxReferences.Length != 1
            || reference.Local.DeclaringSyntaxReferences[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: { } value } declarator)
        {
            return null;
        }

        bool isAssigned = declarator.FirstAncestorOrSelf<MemberDeclarationSyntax>(static node => node is not GlobalStatementSyntax) is not { } member
            ? IsAssigned(declarator.SyntaxTree.GetRoot(), reference.Local.Name)
            : IsAssigned(member, reference.Local.Name);
        return isAssigned ? null : model.GetOperation(value);
    }

    private static bool IsAssigned(SyntaxNode scope, string name) => scope.DescendantNodes().Any(node => node switch
    {
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax left } => left.Identifier.ValueText == name,
        ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: IdentifierNameSyntax given } => given.Identifier.ValueText == name,
        _ => false,
    });

    private static IOperation Bare(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }
}
