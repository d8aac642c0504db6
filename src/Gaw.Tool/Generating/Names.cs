using System.Text;

namespace Gaw.Tool.Generating;

/// <summary>Turns names from the wire into names that a language takes.</summary>
internal static class Names
{
    private static readonly HashSet<string> CSharpKeywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do",
        "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int",
        "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected",
        "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw",
        "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    private static readonly HashSet<string> PythonKeywords =
    [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for",
        "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "self", "try", "while", "with", "yield",
    ];

    /// <summary><c>math_service</c> becomes <c>MathService</c>.</summary>
    public static string Pascal(string name)
    {
        StringBuilder made = new();
        bool startsWord = true;
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                startsWord = true;
                continue;
            }

            made.Append(startsWord ? char.ToUpperInvariant(c) : c);
            startsWord = false;
        }

        return made.Length == 0 || char.IsDigit(made[0]) ? "_" + made : made.ToString();
    }

    /// <summary>A name with an <c>@</c> where it is a keyword.</summary>
    public static string CSharp(string name) => CSharpKeywords.Contains(name) ? "@" + name : name;

    public static string Python(string name)
    {
        string made = string.Concat(name.Select(static c => char.IsLetterOrDigit(c) ? c : '_'));
        return PythonKeywords.Contains(made) ? made + "_" : made.Length == 0 || char.IsDigit(made[0]) ? "_" + made : made;
    }
}
