using System.Globalization;
using System.Runtime.InteropServices;

namespace Gaw;

/// <summary>What a server that runs does with the signals of its process. Pure: a signal in, a decision out.</summary>
internal sealed class StopSignals
{
    private bool _stops;

    /// <summary>Those that stop a server: Ctrl+C, the service manager, the terminal that is closed.</summary>
    public static IReadOnlyList<PosixSignal> All { get; } = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    /// <summary>A signal has come.</summary>
    /// <returns><see langword="true"/>: the server stops, and the process goes on until it has. <see langword="false"/>:
    /// Ctrl+C once more, so the system ends the process, as it does without a handler.</returns>
    public bool Take(PosixSignal signal)
    {
        bool again = _stops && signal == PosixSignal.SIGINT;
        _stops = true;
        return !again;
    }

    /// <summary>Whether whoever started the process has it ignore the signal, as <c>nohup</c> does with SIGHUP: then it stays ignored.</summary>
    public static bool IsIgnored(PosixSignal signal)
    {
        if (signal != PosixSignal.SIGHUP || !OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return Ignores(File.ReadLines("/proc/self/status"), signal: 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the mask of ignored signals (proc(5)): <c>SigIgn:</c> and a hexadecimal number, the lowest bit for signal 1.</summary>
    public static bool Ignores(IEnumerable<string> status, int signal) =>
        status.FirstOrDefault(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && ulong.TryParse(line.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong mask)
        && (mask >> (signal - 1) & 1) == 1;
}
