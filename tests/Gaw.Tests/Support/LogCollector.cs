using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.Support;

/// <summary>Keeps everything that is logged at any level: the message, the values in it and the exception.</summary>
/// <param name="least">What is below this level is made all the same, but not kept.</param>
public sealed class LogCollector(LogLevel least = LogLevel.Trace) : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>All of it in one text.</summary>
    public string Text => string.Join('\n', _entries);

    public IEnumerable<Entry> Errors => _entries.Where(entry => entry.Level >= LogLevel.Error);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _entries.Enqueue(new Entry(LogLevel.Trace, default, $"scope {state}"));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string values = state is IEnumerable<KeyValuePair<string, object?>> pairs
            ? string.Join(", ", pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")))
            : "";
        Entry entry = new(logLevel, eventId, $"{formatter(state, exception)} [{values}] {exception}");
        if (logLevel >= least)
        {
            _entries.Enqueue(entry);
        }
    }

    public void Dispose()
    {
    }

    public sealed record Entry(LogLevel Level, EventId Id, string Text);
}

/// <summary>Finds a secret in a text, in whichever way it is written.</summary>
public static class Leaks
{
    public static bool In(string text, Secret secret)
    {
        string base64 = secret.Reveal();
        byte[] key = Convert.FromBase64String(base64);
        string[] forms =
        [
            base64.TrimEnd('='),
            base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            Convert.ToHexString(key),
            BitConverter.ToString(key),
            string.Join(", ", key),
            string.Join(',', key),
            System.Text.Encoding.Latin1.GetString(key),
        ];
        return forms.Any(form => text.Contains(form, StringComparison.OrdinalIgnoreCase));
    }
}
