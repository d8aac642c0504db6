using System.Runtime.InteropServices;

namespace Gaw.Benchmarks.Reports;

/// <summary>What the figures belong to.</summary>
internal static class Machine
{
    public static string Description { get; } = $"{RuntimeInformation.FrameworkDescription} on {Environment.ProcessorCount} CPUs ({Processor()}), {RuntimeInformation.OSDescription}";

    private static string Processor()
    {
        const string Name = "model name";
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
