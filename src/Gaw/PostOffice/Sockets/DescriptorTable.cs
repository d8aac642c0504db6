using System.Globalization;

namespace Gaw.PostOffice.Sockets;

/// <summary>What the system says of this process's descriptors: on Linux by <c>/proc/self</c> (proc(5)).</summary>
internal static class DescriptorTable
{
    private const string Folder = "/proc/self";

    /// <summary>More numbers take too long to count before each connection: a millisecond for a thousand.</summary>
    private const int MostCounted = 4096;

    /// <summary>How many descriptors are free, or more; <see langword="null"/> where the system does not say. Windows limits no handles that matter here.</summary>
    public static int? CountFree()
    {
        if (OperatingSystem.IsWindows())
        {
            return int.MaxValue;
        }

        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return LimitIn(File.ReadAllText($"{Folder}/limits")) is not { } limit ? null : FreeBelow(limit, SlotsIn(File.ReadAllText($"{Folder}/status")), NumbersInUse);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Each descriptor in use has a slot of the process's table, so all numbers from its end to the limit are free. The table grows in powers of two and never shrinks;
    /// where it ends near the limit, the numbers in use are counted one by one, unless they may be too many.
    /// </summary>
    public static int? FreeBelow(int limit, int? slots, Func<IEnumerable<int>> numbersInUse) => slots switch
    {
        { } size when limit - size >= DescriptorPolicy.Near => limit - size,
        > MostCounted => null,
        _ => limit - numbersInUse().Count(number => number < limit),
    };

    /// <summary>The limit in the text of <c>limits</c>: numbers from it on are not given out.</summary>
    public static int? LimitIn(string limits) => ValueOf(limits, "Max open files") switch
    {
        null => null,
        "unlimited" => int.MaxValue,
        { } text => Parse(text),
    };

    /// <summary>The size of the table in the text of <c>status</c>.</summary>
    public static int? SlotsIn(string status) => ValueOf(status, "FDSize:") is { } text ? Parse(text) : null;

    private static IEnumerable<int> NumbersInUse() => Directory.EnumerateFileSystemEntries($"{Folder}/fd").Select(static entry => Parse(Path.GetFileName(entry)) ?? 0);

    private static string? ValueOf(string text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                ReadOnlySpan<char> rest = line[name.Length..].Trim();
                int end = rest.IndexOfAny(' ', '\t');
                return (end < 0 ? rest : rest[..end]).ToString();
            }
        }

        return null;
    }

    private static int? Parse(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? (int)Math.Min(value, int.MaxValue) : null;
}
