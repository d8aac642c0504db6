using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>Something that is not supported.</summary>
internal sealed record Problem(DiagnosticDescriptor Rule, ISymbol Symbol, params string[] Arguments);
