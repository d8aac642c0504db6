using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Gaw.Tool.Tests.Support;

/// <summary>
/// Compares texts with files that somebody has read and found good. With GAW_APPROVE=1 in the environment the files are written instead; read the
/// difference before it is committed.
/// </summary>
public static partial class Approved
{
    public static void Check(string text, string name, int port = 0, [CallerFilePath] string file = "")
    {
        string shown = Normalise(text, port);
        if (Environment.GetEnvironmentVariable("GAW_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, "Approved", name), shown);
            return;
        }

        string approved = Path.Combine(AppContext.BaseDirectory, "Approved", name);
        (File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "").Should().Be(shown, "Approved/{0} says so; set GAW_APPROVE=1 to write it anew", name);
    }

    /// <summary>The same with a file of the sources that is of use by itself.</summary>
    public static void CheckFile(string text, string file)
    {
        if (Environment.GetEnvironmentVariable("GAW_APPROVE") == "1")
        {
            File.WriteAllText(file, text);
        }

        (File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "").Should().Be(text, "{0} says so; set GAW_APPROVE=1 to write it anew", file);
    }

    private static string Normalise(string text, int port)
    {
        string shown = text.ReplaceLineEndings("\n");
        shown = port > 0 ? shown.Replace($":{port}", ":PORT", StringComparison.Ordinal).Replace($", {port})", ", PORT)", StringComparison.Ordinal) : shown;
        shown = Times().Replace(shown, "TIME");
        return Seconds().Replace(shown, "\"uptime\": SECONDS");
    }

    [GeneratedRegex(@"\d+(\.\d+)? (µs|ms|s)\b")]
    private static partial Regex Times();

    [GeneratedRegex(@"""uptime"": [\d.]+")]
    private static partial Regex Seconds();
}
