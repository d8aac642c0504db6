using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice;

/// <summary>A logger whose failures stay with it: what cannot be logged must not end a connection or change an answer.</summary>
internal sealed class SafeLogger(ILogger inner) : ILogger
{
    public static ILogger Create(ILoggerFactory factory, string category) => new SafeLogger(factory.CreateLogger(category));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is no better place to say it.
        }
    }
}
