using System.Runtime.InteropServices;

namespace Gaw.Tool.Terminals;

/// <summary>Ctrl+C while it lives: the first cancels what is under way, so that it ends in order; a second one ends the process.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration _interrupt;

    public Interruption(CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = !_source.IsCancellationRequested;
            _source.Cancel();
        });
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Waits for a signal that is being handled, so that none meets what is disposed.</summary>
    public void Dispose()
    {
        _interrupt.Dispose();
        _source.Dispose();
    }
}
