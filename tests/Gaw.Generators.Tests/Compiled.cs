using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gaw.Generators.Tests;

/// <summary>A program as the compiler sees it with the generator and the analyzer of the package.</summary>
internal sealed class Compiled
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "Gaw.dll" or "netstandard.dll" or "mscorlib.dll")
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    private Compiled(GeneratorDriverRunResult generated, IReadOnlyList<Diagnostic> errors, IReadOnlyList<Diagnostic> said)
    {
        Files = generated.GeneratedTrees.ToDictionary(static tree => Path.GetFileName(tree.FilePath), static tree => tree.ToString());
        Errors = errors;
        Said = said;
    }

    /// <summary>What was generated, by file name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>What the compiler itself objects to, in the program or in what was generated.</summary>
    public IReadOnlyList<Diagnostic> Errors { get; }

    /// <summary>What the analyzer says, in the order of the lines.</summary>
    public IReadOnlyList<Diagnostic> Said { get; }

    public static CSharpCompilation Parse(string source) => CSharpCompilation.Create(
        "Program",
        [CSharpSyntaxTree.ParseText("using System; using System.Collections.Generic; using System.IO; using System.Threading; using System.Threading.Tasks; using Gaw;\n" + source)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));

    /// <summary>An assembly that a program can reference.</summary>
    public static MetadataReference Reference(string name, string source)
    {
        using MemoryStream image = new();
        Parse(source).WithAssemblyName(name).Emit(image).Diagnostics.Where(static diagnostic => diagnostic.Severity is DiagnosticSeverity.Error).Should().BeEmpty();
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    /// <summary>The program itself, to look at it at run time: what the library's own twins of the generator's rules say of it is compared with these.</summary>
    public static Assembly Load(string source)
    {
        using MemoryStream image = new();
        Parse(source).Emit(image).Diagnostics.Where(static diagnostic => diagnostic.Severity is DiagnosticSeverity.Error).Should().BeEmpty();
        return Assembly.Load(image.ToArray());
    }

    /// <param name="source">The program.</param>
    /// <param name="references">Further assemblies that the program references.</param>
    public static async Task<Compiled> FromAsync(string source, params MetadataReference[] references)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(new ServiceProxyGenerator(), new CarrierGenerator());
        driver = driver.RunGeneratorsAndUpdateCompilation(Parse(source).AddReferences(references), out Compilation output, out ImmutableArray<Diagnostic> ofGenerator, TestContext.Current.CancellationToken);
        ofGenerator.Should().BeEmpty();
        ImmutableArray<Diagnostic> said = await output.WithAnalyzers([new ServiceAnalyzer(), new DynamicCallAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return new Compiled(
            driver.GetRunResult(),
            [.. output.GetDiagnostics(TestContext.Current.CancellationToken).Where(static diagnostic => diagnostic.Severity is DiagnosticSeverity.Error)],
            [.. said.OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start)]);
    }
}
