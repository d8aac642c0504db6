namespace System.Runtime.CompilerServices;

/// <summary>Lets an assembly use the internal members of another one. The runtime knows it by its name; it stands in no reference assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
