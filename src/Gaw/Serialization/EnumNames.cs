using System.Reflection;
using System.Text.Json.Serialization;

namespace Gaw.Serialization;

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
            var value = (T)field.GetValue(null)!;
            string name = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name;
            ByWireName.TryAdd(name, value);
            ByValue.TryAdd(value, name);
        }
    }

    /// <summary>The names, for a message.</summary>
    public static string All => string.Join(", ", ByWireName.Keys);

    /// <summary>The text of a value.</summary>
    /// <exception cref="GawSerializationException">The value has no name.</exception>
    public static string ToText(T value)
    {
        if (ByValue.TryGetValue(value, out string? name))
        {
            return name;
        }

        // .NET itself takes a combination of flags apart; what stays a number has no name.
        string[] parts = value.ToString().Split(", ");
        return IsFlags && Array.TrueForAll(parts, part => Enum.TryParse(part, out T flag) && ByValue.ContainsKey(flag))
            ? string.Join(", ", parts.Select(part => ByValue[Enum.Parse<T>(part)]))
            : throw new GawSerializationException($"{TypeNames.Friendly(typeof(T))} has no name for the value {value:D}.");
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

        var flags = new List<T>();
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
}
