using System.Text.RegularExpressions;
using Gaw.Tool.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gaw.Tool.Tests;

/// <summary>What the README shows is what runs. A block is compared by its paragraphs, without its comments; <c>{ ... }</c> stands for any body, and for the members after it.</summary>
public sealed partial class ReadmeTests
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Net.Security;
        global using System.Security.Cryptography.X509Certificates;
        global using System.Text.Json.Serialization;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Gaw;
        """;

    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");

    private static readonly (string Folder, string Text)[] Samples =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.cs", SearchOption.AllDirectories)
            .Select(static file => (Parts: Path.GetRelativePath(Path.Combine(Repository.Root, "samples"), file).Split(Path.DirectorySeparatorChar), File: file))
            .Where(static sample => !sample.Parts.Any(static part => part is "bin" or "obj"))
            .Select(static sample => (sample.Parts[0], File.ReadAllText(sample.File).ReplaceLineEndings("\n"))),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Gaw.Tool.Tests", "Docs"), "*.cs").Select(static file => ("Docs", File.ReadAllText(file).ReplaceLineEndings("\n"))),
    ];

    [Theory]
    [InlineData("Services", 2)]
    [InlineData("Calling", 3)]
    [InlineData("Typed clients", 3)]
    public void The_server_the_dynamic_and_the_typed_client_of_the_readme_are_the_sample_program(string section, int paragraphs)
    {
        string text = Readme.Split($"\n## {section}\n")[1].Split("\n## ")[0];

        string[] shown = [.. BlocksIn(text).SelectMany(ParagraphsOf)];

        shown.Should().HaveCount(paragraphs);
        shown.Should().OnlyContain(paragraph => IsIn("MathProgram", paragraph) || IsIn("MathService", paragraph));
    }

    [Fact]
    public void Every_other_paragraph_of_csharp_in_the_readme_and_the_pages_stands_in_a_sample_or_compiles()
    {
        string[] paragraphs = [.. DocumentTests.All.Values.SelectMany(BlocksIn).SelectMany(ParagraphsOf)];
        string[] folders = [.. Samples.Select(static sample => sample.Folder).Distinct()];

        paragraphs.Should().HaveCountGreaterThan(10);
        foreach (string paragraph in paragraphs.Where(paragraph => !folders.Any(folder => IsIn(folder, paragraph))))
        {
            folders.Any(folder => Compiles(paragraph, folder)).Should().BeTrue("this should be C#:\n{0}\n{1}", paragraph, string.Join('\n', CompiledCode.ErrorsIn(Usings, AsStatements(paragraph))));
        }
    }

    private static string[] BlocksIn(string text) => [.. text.Split("```csharp\n").Skip(1).Select(static block => block.Split("```")[0])];

    /// <summary>The parts of a block between blank lines; a part that ends within braces goes on.</summary>
    private static IEnumerable<string> ParagraphsOf(string block)
    {
        string paragraph = "";
        foreach (string part in block.Split("\n\n"))
        {
            paragraph += part + "\n";
            if (paragraph.Count(static c => c == '{') == paragraph.Count(static c => c == '}'))
            {
                yield return paragraph;
                paragraph = "";
            }
        }
    }

    private static bool IsIn(string folder, string paragraph)
    {
        string elided = Regex.Escape(Normalise(paragraph)).Replace(@"\{\ \.\.\.\ }\ }", @"\{.*}", StringComparison.Ordinal).Replace(@"\{\ \.\.\.\ }", @"\{.*?}", StringComparison.Ordinal);
        Regex pattern = new(elided, RegexOptions.None, TimeSpan.FromSeconds(10));
        return Samples.Any(sample => sample.Folder == folder && pattern.IsMatch(Normalise(sample.Text)));
    }

    /// <summary>Whether a paragraph compiles as statements or as members, beside the types of a sample.</summary>
    private static bool Compiles(string paragraph, string folder)
    {
        string types = string.Concat(Samples.Where(sample => sample.Folder == folder)
            .SelectMany(static sample => CSharpSyntaxTree.ParseText(sample.Text).GetCompilationUnitRoot().Members.OfType<BaseTypeDeclarationSyntax>())
            .Select(static type => type.ToFullString()));
        return CompiledCode.ErrorsIn(Usings, types, AsStatements(paragraph)).Count == 0
            || CompiledCode.ErrorsIn(Usings, types, $"public sealed class Shown(string helloMsg) {{ {paragraph}\n private string Used => helloMsg; }}").Count == 0;
    }

    /// <summary>In a place where the usual things are known; names that the paragraph declares itself hide them.</summary>
    private static string AsStatements(string paragraph) => $$"""
        public static class Shown
        {
            private static readonly GawClient client = null!;
            private static readonly dynamic rpc = null!;
            private static readonly GawClientOptions options = new();
            private static readonly CancellationToken token;
            private const int port = 5555;

            public static async Task RunAsync()
            {
                {{paragraph}}
            }
        }
        """;

    private static string Normalise(string code) => Space().Replace(Comment().Replace(code, ""), " ").Trim();

    [GeneratedRegex(@"(?<=^|\s)//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
