using System.Reflection;
using System.Text.Json.Serialization;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Text;

/// <summary>The names of an enum on the wire: those of C#, unless <see cref="JsonStringEnumMemberNameAttribute"/> says otherwise. Flags are joined by <c>", "</c>.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByWireName = new(StringComparer.Ordinal);
    private static readonly Dictionary<T, string> ByValue = [];
    private static readonly bool IsFlags = typeof(T).IsDefined(typeof(FlagsAttribute), inherit: false);

    static EnumNames()
    {
        foreach (FieldInfo field in typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            T value = (T)field.GetValue(null)!;
            string name = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name;
            ByWireName.TryAdd(name, value);
            ByValue.TryAdd(value, name);
            Problem ??= IsFlags && name.Contains(',', StringComparison.Ordinal)
                ? $"{TypeNames.Friendly(typeof(T))} cannot cross: its flag {field.Name} has the name \"{name}\" on the wire, and commas part the flags of one value. Give it a name without a comma."
                : null;
        }
    }

    /// <summary>Why no value can cross; <see langword="null"/> when all can.</summary>
    public static string? Problem { get; }

    /// <summary>The names, for a message.</summary>
    public static string All => string.Join(", ", ByWireName.Keys);

    /// <summary>The text of a value; <see langword="null"/> for one that has no name, nor is a combination of flags that have.</summary>
    public static string? TryText(T value)
    {
        if (ByValue.TryGetValue(value, out string? name))
        {
            return name;
        }

        if (!IsFlags)
        {
            return null;
        }

        // .NET itself takes a combination of flags apart; what stays a number has no name.
        string[] parts = value.ToString().Split(", ");
        return Array.TrueForAll(parts, static part => Enum.TryParse(part, out T flag) && ByValue.ContainsKey(flag))
            ? string.Join(", ", parts.Select(static part => ByValue[Enum.Parse<T>(part)]))
            : null;
    }

    /// <summary>The value of a text: exactly one of the names, or several joined by commas for flags.</summary>
    public static bool TryParse(string text, out T value)
    {
        if (ByWireName.TryGetValue(text, out value))
        {
            return true;
        }

        if (!IsFlags)
        {
            return false;
        }

        List<T> flags = new List<T>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!ByWireName.TryGetValue(part, out T flag))
            {
                return false;
            }

            flags.Add(flag);
        }

        value = Enum.Parse<T>(string.Join(',', flags));
        return true;
    }

    /// <summary>The value of a number that has no name, so that <see cref="TryText"/> gives no text for it.</summary>
    public static bool TryParseNumber(string digits, out T value) =>
        Enum.TryParse(digits, out value) && TryText(value) is null;
}
