namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>How far a stream may go: its receiver names limits on any thread, and the one who sends waits for them.</summary>
/// <param name="limit">The first limit.</param>
internal sealed class SendCredit(StreamTotals limit)
{
    private readonly Lock _gate = new();

    /// <summary>Of the one who sends.</summary>
    private readonly SendWindow _window = new(limit);

    private StreamTotals _named;
    private TaskCompletionSource? _waiter;

    /// <inheritdoc cref="SendWindow.Sent"/>
    public StreamTotals Sent => _window.Sent;

    /// <inheritdoc cref="SendWindow.CanBegin"/>
    public bool CanBegin => _window.CanBegin;

    /// <inheritdoc cref="SendWindow.Add"/>
    public void Add(int bytes) => _window.Add(bytes);

    /// <summary>The receiver has named a limit.</summary>
    public void Raise(StreamTotals named)
    {
        lock (_gate)
        {
            _named = StreamTotals.Max(_named, named);
            _waiter?.TrySetResult();
            _waiter = null;
        }
    }

    /// <summary>Completes when a further item may be begun.</summary>
    /// <exception cref="OperationCanceledException">The token has fired.</exception>
    public async ValueTask WhenCanBeginAsync(CancellationToken cancellationToken)
    {
        while (!_window.CanBegin)
        {
            Task named;
            lock (_gate)
            {
                _window.Raise(_named);
                if (_window.CanBegin)
                {
                    return;
                }

                named = (_waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await named.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
