using System.Diagnostics.CodeAnalysis;

// The tool knows no types of its callers: all values are texts, numbers, lists and dictionaries, which need nothing that a trimmer takes away. What loads the
// assemblies of users says so itself and is not in the native program (ManagedCopy).
[assembly: UnconditionalSuppressMessage("Trimming", "IL2026", Scope = "module", Justification = "Values of the tool are texts, numbers, lists and dictionaries.")]
