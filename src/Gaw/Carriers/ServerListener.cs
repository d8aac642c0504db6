namespace Gaw.Carriers;

/// <summary>
/// Where a server gets requests from beside its TCP port. A server may have several. Each request goes to <c>GawServer.PostOffice.Handler</c> with a <see cref="PostOffice.ReplyChannel"/> whose
/// <see cref="PostOffice.ReplyChannel.BelongsTo"/> names that post office.
/// </summary>
internal abstract class ServerListener : IAsyncDisposable
{
    /// <summary>Where it listens, for messages and logs: without user and password.</summary>
    public abstract string Address { get; }

    /// <summary>Requests that have come.</summary>
    public abstract long ReceivedCount { get; }

    /// <summary>Calls that run.</summary>
    public abstract int RunningCount { get; }

    /// <summary>Calls that wait for a place.</summary>
    public abstract int QueuedCount { get; }

    /// <summary>Begins to take requests. Called once. An engine that is away is no failure: it is waited for.</summary>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes no further requests, lets the calls in flight finish and their replies leave, for at most
    /// <c>DrainTimeout</c>, then cuts off what is left. May be called often, also before the start: all wait
    /// for the same stop. A call of this listener may be what stops the server: its channel has been told before (<see cref="PostOffice.ReplyChannel.AwaitStop"/>), and the stop does not wait for it.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting: what is left is cut off at once.</param>
    public abstract Task StopAsync(CancellationToken cancellationToken);

    /// <summary>After the stop: gives everything back. The keys of the post office are cleared afterwards.</summary>
    public abstract ValueTask DisposeAsync();
}
