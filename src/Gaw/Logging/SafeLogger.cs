using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.Logging;

/// <summary>
/// The one door to the log. A logger's failures stay with it: what cannot be logged must not end a connection or change a reply. What a peer wrote into a message is
/// cleaned here (<see cref="LogText"/>), for loggers that write lines and for those that keep values.
/// </summary>
internal sealed class SafeLogger(ILogger inner) : ILogger
{
    public static ILogger Create(ILoggerFactory factory, string category) => new SafeLogger(factory.CreateLogger(category));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return inner.BeginScope(state);
        }
        catch (Exception)
        {
            return null;
        }
    }

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
            if (!inner.IsEnabled(logLevel))
            {
                return;
            }

            exception = ExceptionChain.Limit(exception);
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                string message = Format(values, formatter(state, exception));
                inner.Log(logLevel, eventId, new CleanLogState(values, message), exception, static (cleaned, _) => cleaned.ToString());
            }
            else
            {
                inner.Log(logLevel, eventId, state, exception, (s, e) => LogText.Clean(formatter(s, e), LogText.MaxLength));
            }
        }
        catch (Exception)
        {
            // There is no better place to say it.
        }
    }

    /// <summary>A long value is cut within the message, so that what stands behind it is still there.</summary>
    private static string Format(IReadOnlyList<KeyValuePair<string, object?>> values, string message)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] is { Value: string { Length: > LogText.MaxValueLength } text } pair && pair.Key != "{OriginalFormat}")
            {
                message = message.Replace(text, LogText.Clean(text, LogText.MaxValueLength), StringComparison.Ordinal);
            }
        }

        return LogText.Clean(message, LogText.MaxLength);
    }
}
