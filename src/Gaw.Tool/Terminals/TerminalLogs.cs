using Microsoft.Extensions.Logging;

namespace Gaw.Tool;

/// <summary>Writes log messages as lines to stderr, for <c>-v</c>.</summary>
internal sealed class TerminalLogs(TextWriter writer) : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            writer.WriteLine($"{logLevel.ToString().ToLowerInvariant(),-11} {formatter(state, exception)}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")})")}");
        }
    }

    public void Dispose()
    {
    }
}
