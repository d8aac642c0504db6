using System.Globalization;

namespace Gaw.Tool.Values;

/// <summary>Makes values of a described type, for calls ready to paste.</summary>
internal static class Examples
{
    private const int MaxDepth = 4;

    /// <summary>A value that a parameter of the type takes.</summary>
    public static object? Make(string type, Dictionary<string, TypeShape> types, int depth = 0)
    {
        if (type.EndsWith('?') || depth > MaxDepth)
        {
            return null;
        }

        if (types.TryGetValue(type, out TypeShape? shape))
        {
            return shape.Kind == "enum" ? shape.Members.FirstOrDefault()?.Name : MakeObject(shape, types, depth);
        }

        return type switch
        {
            "string" => "text",
            "char" => "c",
            "bool" => true,
            "double" or "float" or "decimal" or "Half" or "TimeSpan" => 1.5,
            "Guid" => "06335e84-2872-4914-8c5d-3ed07d2a2f16",
            "DateTime" => "2016-07-29 11:18:20",
            "DateTimeOffset" => "2016-07-29 11:18:20+00:00",
            "DateOnly" => "2016-07-29",
            "TimeOnly" => "11:18:20",
            "byte[]" => "AAEC",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => new List<object?> { Make(type[..^2], types, depth + 1) },
            _ when type.Contains("Dictionary<", StringComparison.Ordinal) => new Dictionary<string, object?>(),
            _ when type.Contains('<', StringComparison.Ordinal) => new List<object?>(),
            _ when type.StartsWith('(') => type[1..^1].Split(", ").Select(item => Make(item, types, depth + 1)).ToList(),
            _ => 1,
        };
    }

    /// <summary>A value as a word of a shell's command line.</summary>
    public static string ToWord(object? value)
    {
        string word = value is string text && CallArguments.ParseValue(text) is string ? text : GawSerializer.Serialize(value);
        bool isPlain = word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || "_./:+,@%-".Contains(c, StringComparison.Ordinal));
        return isPlain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>A value as a Python literal.</summary>
    public static string ToPython(object? value) => value switch
    {
        null => "None",
        true => "True",
        false => "False",
        string text => QuotePython(text),
        List<object?> list => $"[{string.Join(", ", list.Select(ToPython))}]",
        Dictionary<string, object?> dict => $"{{{string.Join(", ", dict.Select(static e => $"{QuotePython(e.Key)}: {ToPython(e.Value)}"))}}}",
        GawObject made => $"{made.TypeName}({string.Join(", ", made.Members.Select(static m => $"{m.Key}={ToPython(m.Value)}"))})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>A text as a Python literal in double quotes.</summary>
    public static string QuotePython(string text) => GawSerializer.Serialize(text);

    private static object MakeObject(TypeShape shape, Dictionary<string, TypeShape> types, int depth)
    {
        Dictionary<string, object?> members = shape.Members.Where(static m => m.Required).ToDictionary(static m => m.Name, m => Make(m.Type!, types, depth + 1));
        return shape.WireName is null ? members : new GawObject(shape.WireName, members);
    }
}
