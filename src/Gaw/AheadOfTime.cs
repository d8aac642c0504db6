using System.Diagnostics.CodeAnalysis;

// Converters and calls are made by reflection where a program can be compiled while it runs. Where it cannot, or where it is trimmed, they come
// from what the source generator entered for the signatures of [Service] interfaces (Gaw.Proxies.GeneratedTypes); any other type is refused by name,
// when a service is added or a client asked for, and not at some later call. The analysis sees only that reflection is there.
[assembly: UnconditionalSuppressMessage("Trimming", "IL2026", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2055", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2060", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2067", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2070", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2071", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2072", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2075", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2090", Scope = "module", Justification = "Refused by name where it was not kept.")]
[assembly: UnconditionalSuppressMessage("AOT", "IL3050", Scope = "module", Justification = "Refused by name where it was not compiled.")]
