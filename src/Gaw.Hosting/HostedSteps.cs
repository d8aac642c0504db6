using Microsoft.Extensions.Hosting;

namespace Gaw.Hosting;

/// <summary>A part of the host's life that takes some of its steps; the others do nothing.</summary>
internal abstract class HostedSteps : IHostedLifecycleService
{
    /// <inheritdoc/>
    public abstract Task StartingAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public virtual Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
