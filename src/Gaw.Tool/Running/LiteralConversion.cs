using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Types;
using Gaw.Shared;
using Gaw.Tool.Values;

namespace Gaw.Tool.Running;

/// <summary>Literals of a command line as values of any type that a call's argument can have, by the conversion of calls.</summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal static class LiteralConversion
{
    private const int MaxDepth = 4;

    /// <summary>Types that no call carries, and that people write as texts.</summary>
    private static readonly Dictionary<Type, (Func<string, object> Parse, string Example)> FromText = new()
    {
        [typeof(Uri)] = (static text => new Uri(text, UriKind.RelativeOrAbsolute), "https://example.org/"),
        [typeof(FileInfo)] = (static text => new FileInfo(text), "file.txt"),
        [typeof(DirectoryInfo)] = (static text => new DirectoryInfo(text), "folder"),
        [typeof(IPAddress)] = (IPAddress.Parse, "127.0.0.1"),
        [typeof(IPEndPoint)] = (IPEndPoint.Parse, "127.0.0.1:80"),
        [typeof(Version)] = (Version.Parse, "1.0"),
        [typeof(CultureInfo)] = (CultureInfo.GetCultureInfo, "en"),
    };

    /// <summary>What is tried, in this order, as an example of a type.</summary>
    private static readonly object?[] Candidates =
    [
        "...", 1, 1.5, true, "c", "2016-07-29", "2016-07-29 11:18:20", "2016-07-29 11:18:20+00:00", "11:18:20", "06335e84-2872-4914-8c5d-3ed07d2a2f16", "AAEC",
        new List<object?> { "..." }, new List<object?> { 1 },
        Entry("key", "..."), Entry("key", 1), Entry(1, "..."), Entry(1, 1),
    ];

    private static readonly System.Reflection.MethodInfo Reader = typeof(GawSerializer).GetMethods().Single(static m => m.Name == nameof(GawSerializer.Deserialize) && m.GetParameters()[0].ParameterType == typeof(string));

    /// <summary>Converts a literal.</summary>
    /// <param name="value">What was written.</param>
    /// <param name="type">What is wanted.</param>
    /// <param name="converted">The value.</param>
    /// <param name="problem">Why it does not fit, as a sentence.</param>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = ManagedCopy.Reason)]
    public static bool TryConvert(object? value, Type type, out object? converted, out string problem)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        (converted, problem) = (value, "");
        if (value is null ? !type.IsValueType || bare != type : bare.IsInstanceOfType(value))
        {
            return true;
        }

        try
        {
            converted = value switch
            {
                string text when FromText.TryGetValue(bare, out (Func<string, object> Parse, string Example) known) => known.Parse(text),
                string text when bare.IsEnum && Enum.TryParse(bare, text, ignoreCase: true, out object? member) => member,
                IConvertible plain when bare == typeof(string) => plain.ToString(CultureInfo.InvariantCulture),
                _ => Reader.MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [GawSerializer.Serialize(value), null], null),
            };
            return true;
        }
        catch (Exception e) when (e is GawSerializationException or FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <summary>A literal that the type takes, as it is written; <see langword="null"/> if there is none.</summary>
    public static string? Suggest(Type type, int depth = 0)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        if (depth > MaxDepth)
        {
            return null;
        }

        if (FromText.TryGetValue(bare, out (Func<string, object> Parse, string Example) known))
        {
            return Show(known.Example);
        }

        if (bare.IsEnum)
        {
            return Enum.GetNames(bare) is [{ } first, ..] ? Show(first) : null;
        }

        if (bare.IsAssignableTo(typeof(ITuple)) && bare.IsGenericType)
        {
            string?[] items = [.. bare.GetGenericArguments().Select(item => Suggest(item, depth + 1))];
            return items.Contains(null) ? null : items.Length == 1 ? $"({items[0]},)" : $"({string.Join(", ", items)})";
        }

        object? fitting = Array.Find(Candidates, candidate => (candidate is not "..." || bare == typeof(string) || bare == typeof(object)) && TryConvert(candidate, type, out _, out _));
        return fitting is null ? SuggestObject(bare, depth) : Show(fitting);
    }

    public static string Show(Type type) => TypeNames.Friendly(type);

    /// <summary>A literal in single quotes, since it stands in a shell's double ones.</summary>
    public static string Show(object? value) => value switch
    {
        string text => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'",
        List<object?> list => $"[{string.Join(", ", list.Select(Show))}]",
        object?[] tuple => $"({string.Join(", ", tuple.Select(Show))}{(tuple.Length == 1 ? "," : "")})",
        HashSet<object?> set => $"{{{string.Join(", ", set.Select(Show))}}}",
        Dictionary<object, object?> entries => $"{{{string.Join(", ", entries.Select(static e => $"{Show(e.Key)}: {Show(e.Value)}"))}}}",
        _ => Examples.ToPython(value),
    };

    /// <summary>A list of what is no plain value, or an object by the parameters of its constructor.</summary>
    private static string? SuggestObject(Type type, int depth)
    {
        Type? list = type.GetInterfaces().Append(type).FirstOrDefault(static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        Type? item = list?.GetGenericArguments()[0];
        bool isEntry = item is { IsGenericType: true } && item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
        string? shown = item is null ? null
            : isEntry ? item.GetGenericArguments().Select(part => Suggest(part, depth + 1)).ToArray() is [{ } key, { } value] ? $"{{{key}: {value}}}" : null
            : Suggest(item, depth + 1) is { } one ? $"[{one}]" : null;
        if (shown is not null && TryConvert(PythonLiteral.Parse(shown), type, out _, out _))
        {
            return shown;
        }

        if (type.IsInterface || type.IsAbstract || type.GetConstructors() is not [{ } constructor, ..])
        {
            return null;
        }

        string?[] members = [.. constructor.GetParameters().Where(p => !p.HasDefaultValue && p.ParameterType != type).Select(p => Suggest(p.ParameterType, depth + 1) is { } member ? $"'{WireNames.ToSnakeCase(p.Name!)}': {member}" : null)];
        string suggested = $"{{{string.Join(", ", members)}}}";
        return !members.Contains(null) && TryConvert(PythonLiteral.Parse(suggested), type, out _, out _) ? suggested : null;
    }

    private static Dictionary<object, object?> Entry(object key, object? value) => new() { [key] = value };
}
