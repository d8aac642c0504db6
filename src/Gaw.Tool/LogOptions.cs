using System.CommandLine;
using Gaw.Tool.Terminals;
using Microsoft.Extensions.Logging;

namespace Gaw.Tool;

/// <summary>What <c>gaw run</c> says of its calls, and how. By default warnings and what methods throw, a line each.</summary>
internal sealed class LogOptions
{
    private static readonly string[] Formats = ["text", "json"];

    private readonly Setting _level = new("--log-level", "GAW_LOG_LEVEL") { HelpName = "level", Description = "What is said on stderr: debug, information, warning, error or none. Default: warning, with -v debug." };
    private readonly Setting _format = new("--log-format", "GAW_LOG_FORMAT") { HelpName = "format", Description = "How: text, a line each, or json, an object a line. Default: text." };
    private Option<bool>? _watch;

    /// <param name="command">The command that takes them.</param>
    /// <param name="watch">With this option somebody is at work on the services, and sees stack traces.</param>
    public void AddTo(Command command, Option<bool> watch)
    {
        _watch = watch;
        command.Add(_level);
        command.Add(_format);
    }

    /// <exception cref="ToolException">There is no such level or format.</exception>
    public LogStyle Read(ParseResult parsed, Terminal terminal)
    {
        bool isVerbose = parsed.GetValue(GlobalOptions.Verbose);
        LogLevel least = _level.Read(parsed, terminal) is { } level ? ParseLevel(level, _level.SourceIn(parsed)) : isVerbose ? LogLevel.Debug : LogLevel.Warning;
        string format = _format.Read(parsed, terminal) ?? Formats[0];
        return Formats.Contains(format)
            ? new LogStyle(least, AsJson: format == "json", WithTraces: isVerbose || parsed.GetValue(_watch!) || parsed.GetValue(GlobalOptions.Trace))
            : throw ToolException.Usage($"{_format.SourceIn(parsed)} {format} is no format. Give text or json.");
    }

    private static LogLevel ParseLevel(string text, string source) => text.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" or "information" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "critical" => LogLevel.Critical,
        "none" or "off" => LogLevel.None,
        _ => throw ToolException.Usage($"{source} {text} is no level. Give debug, information, warning, error or none."),
    };
}
