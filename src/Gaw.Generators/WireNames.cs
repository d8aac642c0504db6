using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>The names that methods get on the wire, as the library gives them at run time.</summary>
internal static class WireNames
{
    private const string AsyncSuffix = "Async";

    private enum Before
    {
        Start,
        Upper,
        LowerOrDigit,
        Space,
    }

    public static string Of(IMethodSymbol method) => Given(method) ?? ToSnakeCase(WithoutAsync(method.Name));

    /// <summary>The name that the attribute gives; <see langword="null"/> for none.</summary>
    public static string? Given(IMethodSymbol method) =>
        Known.EntrypointOf(method)?.ConstructorArguments is { Length: 1 } arguments && arguments[0].Value is string { Length: > 0 } name ? name : null;

    /// <summary><c>JsonNamingPolicy.SnakeCaseLower</c>, which is not to be had inside a compiler.</summary>
    public static string ToSnakeCase(string name)
    {
        StringBuilder text = new StringBuilder(name.Length + 8);
        Before before = Before.Start;
        for (int i = 0; i < name.Length; i++)
        {
            char current = name[i];
            switch (char.GetUnicodeCategory(current))
            {
                case UnicodeCategory.UppercaseLetter:
                    bool endsCapitals = before is Before.Upper && i + 1 < name.Length && char.IsLower(name[i + 1]);
                    if (before is Before.LowerOrDigit or Before.Space || endsCapitals)
                    {
                        text.Append('_');
                    }

                    text.Append(char.ToLowerInvariant(current));
                    before = Before.Upper;
                    break;
                case UnicodeCategory.LowercaseLetter or UnicodeCategory.DecimalDigitNumber:
                    if (before is Before.Space)
                    {
                        text.Append('_');
                    }

                    text.Append(current);
                    before = Before.LowerOrDigit;
                    break;
                case UnicodeCategory.SpaceSeparator:
                    before = before is Before.Start ? Before.Start : Before.Space;
                    break;
                default:
                    text.Append(current);
                    before = Before.Start;
                    break;
            }
        }

        return text.ToString();
    }

    private static string WithoutAsync(string name) =>
        name.Length > AsyncSuffix.Length && name.EndsWith(AsyncSuffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - AsyncSuffix.Length) : name;
}
