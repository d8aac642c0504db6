namespace Gaw.Description;

/// <summary>A type as a C# and as a Python program writes it.</summary>
internal readonly record struct TypeText(string CSharp, string Python)
{
    /// <summary>The same, where <c>null</c> may stand in its place.</summary>
    public TypeText OrNull() => new(CSharp + "?", Python == "Any" ? "Any" : Python + " | None");
}
