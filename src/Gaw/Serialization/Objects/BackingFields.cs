using System.Reflection;

namespace Gaw.Serialization.Objects;

/// <summary>
/// Finds the field in which a property keeps its value. A property with such a field is state, one without is computed: an auto-property of C# or
/// F#, or a getter that does nothing but return a field.
/// </summary>
internal static class BackingFields
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private const byte Nop = 0x00;
    private const byte LoadThis = 0x02;
    private const byte LoadField = 0x7B;
    private const int LoadFieldLength = 5;

    /// <summary>What follows the loading of the field: a plain return, or that of a build without optimization.</summary>
    private static readonly byte[][] Returns = [[0x2A], [0x0A, 0x2B, 0x00, 0x06, 0x2A]];

    /// <summary>The field of a property; <see langword="null"/> for a computed one.</summary>
    /// <param name="property">The property, as its class declares it.</param>
    /// <param name="getter">Its getter.</param>
    public static FieldInfo? Of(PropertyInfo property, MethodInfo getter)
    {
        Type owner = getter.DeclaringType!;
        if ((owner.GetField($"<{property.Name}>k__BackingField", Declared) ?? owner.GetField($"{property.Name}@", Declared)) is { } automatic)
        {
            return automatic;
        }

        // Code that is compiled ahead of time has no body to look into; there the name of the field has to do.
        return getter.IsAbstract ? null
            : TryGetCode(getter) is { } code ? ReturnedField(code, getter)
            : ByConvention(property, owner) is { } named && named.FieldType == property.PropertyType ? named : null;
    }

    /// <summary>
    /// The field that by its name belongs to a property: <c>_lines</c>, <c>lines</c>, <c>_Lines</c>, <c>m_lines</c> or <c>m_Lines</c> for
    /// <c>Lines</c>, as Entity Framework looks for them.
    /// </summary>
    public static FieldInfo? ByConvention(PropertyInfo property, Type owner)
    {
        string name = property.Name;
        string camel = char.ToLowerInvariant(name[0]) + name[1..];
        return new[] { "_" + camel, camel, "_" + name, "m_" + camel, "m_" + name }
            .Select(candidate => owner.GetField(candidate, Declared))
            .FirstOrDefault(static field => field is { IsPublic: false });
    }

    private static byte[]? TryGetCode(MethodInfo getter)
    {
        try
        {
            return getter.GetMethodBody()?.GetILAsByteArray();
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static FieldInfo? ReturnedField(ReadOnlySpan<byte> code, MethodInfo getter)
    {
        code = code.TrimStart(Nop);
        if (code.Length < 1 + LoadFieldLength + 1 || code[0] != LoadThis || code[1] != LoadField)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = code[(1 + LoadFieldLength)..];
        foreach (byte[] ending in Returns)
        {
            if (rest.SequenceEqual(ending))
            {
                Type owner = getter.DeclaringType!;
                int token = BitConverter.ToInt32(code[2..]);
                return getter.Module.ResolveField(token, owner.IsGenericType ? owner.GetGenericArguments() : null, null);
            }
        }

        return null;
    }
}
