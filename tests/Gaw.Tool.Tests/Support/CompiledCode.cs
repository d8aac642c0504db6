using System.Reflection;
using Gaw.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gaw.Tool.Tests.Support;

/// <summary>C# that is compiled and loaded within this process, as somebody who references the package would have it.</summary>
public static class CompiledCode
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) is { } name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Gaw.dll" or "Microsoft.CSharp.dll" or "Microsoft.Extensions.Logging.Abstractions.dll"))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What the compiler objects to in a library.</summary>
    public static IReadOnlyList<Diagnostic> ErrorsIn(params string[] sources) =>
        [.. Parse(sources).GetDiagnostics(TestContext.Current.CancellationToken).Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    /// <summary>Compiles a library and loads it.</summary>
    /// <inheritdoc cref="CompileAsync"/>
    public static async Task<Assembly> LoadAsync(bool generatesProxies, params string[] sources) => Assembly.Load(await CompileAsync(generatesProxies, sources));

    /// <summary>Compiles a library. Errors, warnings and what the package's analyzer says fail the test.</summary>
    /// <param name="generatesProxies">Whether the package's generator takes part; without it <c>For&lt;T&gt;()</c> makes its classes at run time.</param>
    /// <param name="sources">The files.</param>
    public static async Task<byte[]> CompileAsync(bool generatesProxies, params string[] sources)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Compilation compilation = Parse(sources);
        if (generatesProxies)
        {
            CSharpGeneratorDriver.Create(new ServiceProxyGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _, cancellationToken);
            compilation.SyntaxTrees.Should().HaveCountGreaterThan(sources.Length, "a proxy is written");
        }

        IEnumerable<Diagnostic> said = await compilation.WithAnalyzers([new ServiceAnalyzer()]).GetAllDiagnosticsAsync(cancellationToken);
        said.Where(static diagnostic => diagnostic.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning).Should().BeEmpty();
        using MemoryStream image = new();
        compilation.Emit(image, cancellationToken: cancellationToken).Success.Should().BeTrue();
        return image.ToArray();
    }

    /// <summary>Writes a library into a folder, under a name and with references of its own.</summary>
    /// <param name="file">The file; its name is the assembly's.</param>
    /// <param name="source">The code.</param>
    /// <param name="references">Assemblies beside those that every library has.</param>
    public static void Write(string file, string source, params string[] references)
    {
        CSharpCompilation compilation = Parse([source]).WithAssemblyName(Path.GetFileNameWithoutExtension(file)).AddReferences(references.Select(static path => MetadataReference.CreateFromFile(path)));
        Microsoft.CodeAnalysis.Emit.EmitResult emitted = compilation.Emit(file);
        emitted.Success.Should().BeTrue("{0}", string.Join('\n', emitted.Diagnostics));
    }

    private static CSharpCompilation Parse(string[] sources) => CSharpCompilation.Create(
        $"Compiled{Guid.NewGuid():n}",
        sources.Select(static source => CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
