using Microsoft.Extensions.Logging;

namespace Gaw.Hosting;

/// <summary>The log messages of the package, ids from 400.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(400, LogLevel.Warning, "{Problem}")]
    public static partial void UnknownSetting(this ILogger logger, string problem);

    [LoggerMessage(401, LogLevel.Warning, "The settings in {Section} have changed. Restart the process to apply them.")]
    public static partial void SettingsChanged(this ILogger logger, string section);
}
