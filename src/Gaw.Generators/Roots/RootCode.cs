namespace Gaw.Generators.Roots;

/// <summary>What keeps some types: attributes of a method that is kept itself, and statements for its body. A line each.</summary>
internal sealed record RootCode(string Attributes, string Statements)
{
    /// <summary>A module's initializer for all of them, with further statements behind.</summary>
    public string Initializer(string statements) =>
        $"""
                [global::System.Runtime.CompilerServices.ModuleInitializer]
        {Attributes}        internal static void Register()
                {"{"}
        {(Statements.Length == 0 ? "" : $"            if (global::Gaw.Proxies.GeneratedTypes.AreNeeded)\n            {{\n{Statements}            }}\n\n")}{statements}        {"}"}

        """;
}
