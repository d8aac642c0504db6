using System.Runtime.InteropServices;

namespace Gaw;

/// <summary>A server from its start until a signal of the system, a token or somebody's call has stopped it.</summary>
/// <param name="server">Not started.</param>
/// <param name="stopAsked">Completes when somebody has the server stop.</param>
internal sealed class ServerRun(GawServer server, Task stopAsked)
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StopSignals _signals = new();

    /// <inheritdoc cref="GawServer.RunAsync"/>
    public async Task RunAsync(Action? afterStart, CancellationToken cancellationToken)
    {
        PosixSignalRegistration[] registrations = [.. StopSignals.All.Where(static signal => !StopSignals.IsIgnored(signal)).Select(signal => PosixSignalRegistration.Create(signal, Stop))];
        try
        {
            using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(_ => _stop.TrySetResult(), null);
            if (!await TryStartAsync().ConfigureAwait(false))
            {
                return;
            }

            try
            {
                afterStart?.Invoke();
                await Task.WhenAny(_stop.Task, stopAsked).ConfigureAwait(false);
            }
            finally
            {
                await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            Array.ForEach(registrations, static registration => registration.Dispose());
        }
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = _signals.Take(context.Signal);
        _stop.TrySetResult();
    }

    /// <summary>Starts, unless the server is to stop before it listens: looking up its name, for example, may take long.</summary>
    private async Task<bool> TryStartAsync()
    {
        using CancellationTokenSource starting = new();
        Task started = server.StartAsync(starting.Token);
        if (await Task.WhenAny(started, _stop.Task).ConfigureAwait(false) != started)
        {
            await starting.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await started.ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (starting.IsCancellationRequested)
        {
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
            return false;
        }
    }
}
