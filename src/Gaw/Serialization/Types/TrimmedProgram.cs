using System.Runtime.CompilerServices;

namespace Gaw.Serialization.Types;

/// <summary>
/// Whether this program was trimmed. Its types lack the members that nothing asked for, and reflection cannot tell such a type from one that never had them; so a type that
/// nothing has kept is refused by name.
/// </summary>
internal static class TrimmedProgram
{
    /// <summary>The warning of the publish of a trimmed program for a method that takes values of any type.</summary>
    public const string Warning = "Types of values that stand in no signature of an interface with [Service] or of an entrypoint, and have no [GawSerializable], are not kept, and are refused by name.";

    /// <summary>What to do about a type that nothing has kept.</summary>
    public const string Remedy = "this program is trimmed or compiled ahead of time, and nothing has kept the type: mark it with [GawSerializable], or name it in the signature of an interface with [Service] or of an entrypoint";

    /// <summary>Why reflection is no error of a trimmed or native program.</summary>
    public const string Kept = "Kept by the generated roots, or refused by name: trimmed and native programs.";

    /// <summary>Why code that is made at run time is no error of a native program.</summary>
    public const string Entered = "Entered by the generated roots, or refused by name: native programs.";

    /// <summary>False as it is compiled; the trimmer puts true in its place (ILLink.Substitutions.xml).</summary>
    public static bool IsTrimmed => false;

    /// <summary>Runs the initializer of the module that a type stands in, which says what was kept: to name a type does not run it. Native programs run all of them at their start.</summary>
    public static void EnterTypesOf(Type type)
    {
        if (IsTrimmed && RuntimeFeature.IsDynamicCodeSupported)
        {
            RuntimeHelpers.RunModuleConstructor(type.Module.ModuleHandle);
        }
    }
}
