using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Gaw.Tool.Terminals;

/// <summary>How log messages are written to stderr.</summary>
/// <param name="Least">What is less than this stays unsaid.</param>
/// <param name="AsJson">An object on a line each, for machines.</param>
/// <param name="WithTraces">Exceptions with their stack traces, on lines of their own.</param>
internal readonly record struct LogStyle(LogLevel Least, bool AsJson = false, bool WithTraces = false);

/// <summary>Writes log messages as lines to stderr. What callers have sent stands in them, so no terminal's orders and no line ends pass.</summary>
internal sealed class TerminalLogs(TextWriter writer, LogStyle style) : ILoggerFactory
{
    private readonly Lock _gate = new();
    private readonly LogLevel _least = style.Least;
    private List<string>? _held;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <summary>Keeps messages to itself until it is known whether what they are about begins at all.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held = [];
        }
    }

    /// <summary>Says what was held, or forgets it.</summary>
    public void Release(bool forget = false)
    {
        lock (_gate)
        {
            (forget ? null : _held)?.ForEach(writer.WriteLine);
            _held = null;
        }
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private void Write(string category, LogLevel level, EventId id, string message, Exception? exception)
    {
        // The end that the client itself has chosen is no failure.
        exception = exception is ObjectDisposedException && level < LogLevel.Warning ? null : exception;
        string written = style.AsJson ? ToJson(category, level, id, message, exception) : ToLine(level, message, exception);
        lock (_gate)
        {
            if (_held is null)
            {
                writer.WriteLine(written);
            }
            else
            {
                _held.Add(written);
            }
        }
    }

    private string ToLine(LogLevel level, string message, Exception? exception)
    {
        string line = $"{level.ToString().ToLowerInvariant(),-11} {message}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}";
        return exception is not null && style.WithTraces ? $"{CleanText.OneLine(line)}\n{CleanText.Lines(exception.ToString().ReplaceLineEndings("\n"))}" : CleanText.OneLine(line);
    }

    private static string ToJson(string category, LogLevel level, EventId id, string message, Exception? exception)
    {
        Dictionary<string, object?> members = new()
        {
            ["time"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["level"] = level.ToString().ToLowerInvariant(),
            ["category"] = category,
            ["event"] = id.Id,
            ["message"] = message,
        };
        if (exception is not null)
        {
            members["exception"] = new Dictionary<string, object?> { ["type"] = exception.GetType().FullName, ["message"] = exception.Message, ["trace"] = exception.StackTrace };
        }

        return GawSerializer.ToJson(members);
    }

    private sealed class Category(TerminalLogs logs, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= logs._least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                logs.Write(name, logLevel, eventId, formatter(state, exception), exception);
            }
        }
    }
}
