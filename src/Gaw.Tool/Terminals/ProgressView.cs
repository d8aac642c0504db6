using Gaw.Tool.Values;

namespace Gaw.Tool.Terminals;

/// <summary>What a method says of its progress, on the line of the terminal where the cursor stands. It is gone when something else is written, and at the end. Thread-safe.</summary>
/// <param name="writer">The terminal, past the door that takes no orders.</param>
/// <param name="getWidth">Its columns, as they are now.</param>
internal sealed class ProgressView(TextWriter writer, Func<int> getWidth) : IProgress<object?>, IDisposable
{
    private const string Erase = "\r\u001b[K";

    private readonly Lock _gate = new();
    private bool _isShown;
    private bool _isOver;

    /// <summary>Only a person looks at it: not where stderr is no terminal, nor where a program reads complaints.</summary>
    public static ProgressView? For(Terminal terminal) =>
        terminal is { ErrorIsTerminal: true, ComplainsInJson: false } ? new ProgressView(terminal.RawError, () => terminal.GetSize().Width) : null;

    /// <summary>Reports that come late are not shown.</summary>
    public void Report(object? value)
    {
        string line = ProgressLine.Of(value).Render(getWidth());
        lock (_gate)
        {
            if (!_isOver)
            {
                _isShown = true;
                writer.Write($"\r{line}\u001b[K");
            }
        }
    }

    /// <summary>Writes what stays, above the progress.</summary>
    public void WriteBeside(Action write)
    {
        lock (_gate)
        {
            Hide();
            write();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Hide();
            _isOver = true;
        }
    }

    private void Hide()
    {
        if (_isShown)
        {
            _isShown = false;
            writer.Write(Erase);
        }
    }
}
