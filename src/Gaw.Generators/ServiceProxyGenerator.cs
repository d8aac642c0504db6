using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gaw.Generators;

/// <summary>Writes the class behind each interface that is marked <c>[Service]</c>, so that <c>GawClient.For</c> needs none at run time.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ServiceProxyGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ProxySource> sources = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Known.ServiceAttribute,
                static (node, _) => node is InterfaceDeclarationSyntax,
                static (attributed, _) => Write((INamedTypeSymbol)attributed.TargetSymbol, (CSharpCompilation)attributed.SemanticModel.Compilation))
            .Where(static source => source is not null)!;
        IncrementalValueProvider<CaseClashes> clashes = sources.Select(static (source, _) => source.HintName).Collect().Select(static (names, _) => CaseClashes.Among(names));
        context.RegisterSourceOutput(sources.Combine(clashes), static (output, found) => output.AddSource(found.Right.FileNameOf(found.Left.HintName), found.Left.Text));
    }

    private static ProxySource? Write(INamedTypeSymbol type, CSharpCompilation compilation)
    {
        // Where something is wrong the analyzer says so, and a proxy would only add errors.
        ServiceContract contract = ServiceContract.Of(type);
        return contract.Problems.Count == 0 && contract.CannotBeWritten is null && compilation.GetTypeByMetadataName(ProxyWriter.BindingType) is not null
            ? ProxyWriter.Write(type, contract.Methods, compilation)
            : null;
    }
}

/// <summary>A file that is written: compared by its text, so that nothing is compiled anew while the interface stays as it is.</summary>
internal sealed record ProxySource(string HintName, string Text);
