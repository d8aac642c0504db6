using System.Reflection;

namespace Gaw.Serialization.Shapes;

/// <summary>
/// Finds the field in which a property keeps its value. A property with such a field is state, one without is computed: an auto-property of C# or
/// F#, or a getter that does nothing but return a field, as it is or converted without loss.
/// </summary>
internal static class BackingFields
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private const byte Nop = 0x00;
    private const byte LoadThis = 0x02;
    private const byte LoadField = 0x7B;
    private const byte Call = 0x28;
    private const byte NewObject = 0x73;
    private const byte Box = 0x8C;
    private const int WithToken = 5;

    /// <summary>The code behind the loading of the field: a plain return, or the return of a build without optimization.</summary>
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
        if (code.Length < 1 + WithToken + 1 || code[0] != LoadThis || code[1] != LoadField)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = code[(1 + WithToken)..];
        rest = rest[ConversionLength(rest, getter)..];
        foreach (byte[] ending in Returns)
        {
            if (rest.SequenceEqual(ending))
            {
                return getter.Module.ResolveField(BitConverter.ToInt32(code[2..]), TypeArguments(getter), null);
            }
        }

        return null;
    }

    /// <summary>The length of the code that converts the field's value to the property's type: an int to a long, a nullable or an object, for example.</summary>
    private static int ConversionLength(ReadOnlySpan<byte> code, MethodInfo getter) => code switch
    {
        [(>= 0x67 and <= 0x6E) or 0x76 or (>= 0xD1 and <= 0xD3), ..] => 1,
        [Box, ..] => WithToken,
        [NewObject or Call, ..] when code.Length > WithToken && IsConversion(getter.Module.ResolveMethod(BitConverter.ToInt32(code[1..]), TypeArguments(getter), null)) => WithToken,
        _ => 0,
    };

    private static bool IsConversion(MethodBase? method) =>
        method is { IsSpecialName: true, IsStatic: true, Name: "op_Implicit" } || (method is ConstructorInfo && Nullable.GetUnderlyingType(method.DeclaringType!) is not null);

    private static Type[]? TypeArguments(MethodInfo getter) => getter.DeclaringType!.IsGenericType ? getter.DeclaringType.GetGenericArguments() : null;
}
