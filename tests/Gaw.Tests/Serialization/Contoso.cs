namespace System.Contoso;

/// <summary>A type whose namespace looks like the framework's.</summary>
public sealed record Dto(int A);

/// <summary>A collection of a package.</summary>
public sealed class Bag<T> : List<T>;
