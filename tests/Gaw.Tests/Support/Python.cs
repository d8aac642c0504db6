using System.Diagnostics;
using System.Text;

namespace Gaw.Tests.Support;

/// <summary>Runs a script in the machine's own Python, the judge of what Python's <c>json</c> does.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Missing = new(WhyMissing);

    /// <summary>Gives the script lines and takes lines back. Skips the test where there is no Python.</summary>
    public static string[] Run(string script, IEnumerable<string> lines)
    {
        Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
        using Process process = Process.Start(new ProcessStartInfo("python3", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        foreach (string line in lines)
        {
            process.StandardInput.Write(line + "\n");
        }

        process.StandardInput.Close();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, errors.Result);
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? WhyMissing()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("python3", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "python3 is not on the path; what Python's json does is not compared.";
        }
    }
}
