using System.Globalization;

namespace Gaw.Tool.Values;

/// <summary>Makes values of described types, for calls ready to paste. A description that goes round in circles, or into great breadth, ends in nulls.</summary>
/// <param name="types">The server's own types by their names.</param>
internal sealed class Examples(Dictionary<string, TypeShape> types)
{
    private const int MaxDepth = 4;

    /// <summary>Of one call; more than anybody reads.</summary>
    private const int MaxValues = 200;

    private int _made;

    /// <summary>A value that a parameter of the type takes.</summary>
    public object? Make(string type, int depth = 0)
    {
        if (++_made > MaxValues || depth > MaxDepth || type.EndsWith('?'))
        {
            return null;
        }

        if (types.TryGetValue(type, out TypeShape? shape))
        {
            return shape.Kind == "enum" ? shape.Members.FirstOrDefault()?.Name : MakeObject(shape, depth);
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
            "Uri" => "https://example.org/",
            "byte[]" => "AAEC",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => new List<object?> { Make(type[..^2], depth + 1) },
            _ when type.Contains("Dictionary<", StringComparison.Ordinal) => new Dictionary<string, object?>(),
            _ when type.Contains('<', StringComparison.Ordinal) => new List<object?>(),
            _ when type.StartsWith('(') && type.EndsWith(')') => type[1..^1].Split(", ").Select(item => Make(item.Split(' ')[0], depth + 1)).ToList(),
            _ => 1,
        };
    }

    /// <summary>A value as a word of <c>gaw call</c>, before a shell's own quoting: the tool reads the value back from it.</summary>
    public static string ToWord(object? value)
    {
        // What would be taken for a number, an argument by name or an option is written as JSON.
        bool isMistaken = value is string text && (text.StartsWith('-') || CallArguments.NameLength(text) > 0 || CallArguments.ParseValue(text) is not string);
        return value is string plain && !isMistaken ? plain : GawSerializer.Serialize(value);
    }

    /// <summary>A value as a Python literal.</summary>
    public static string ToPython(object? value) => value switch
    {
        null => "None",
        true => "True",
        false => "False",
        string text => QuotePython(text),
        double number when !double.IsFinite(number) => $"float(\"{(double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf")}\")",
        double number => GawSerializer.Serialize(number),
        List<object?> list => $"[{string.Join(", ", list.Select(ToPython))}]",
        Dictionary<string, object?> dict => $"{{{string.Join(", ", dict.Select(static e => $"{QuotePython(e.Key)}: {ToPython(e.Value)}"))}}}",
        GawObject made => $"{made.TypeName}({string.Join(", ", made.Members.Select(static m => $"{m.Key}={ToPython(m.Value)}"))})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>A text as a Python literal in double quotes.</summary>
    public static string QuotePython(string text) => GawSerializer.Serialize(text);

    private object? MakeObject(TypeShape shape, int depth)
    {
        if (_made + shape.Members.Count > MaxValues)
        {
            return null;
        }

        Dictionary<string, object?> members = shape.Members.Where(static m => m.Required).ToDictionary(static m => m.Name, m => Make(m.Type!, depth + 1));
        return shape.WireName is null ? members : new GawObject(shape.WireName, members);
    }
}
