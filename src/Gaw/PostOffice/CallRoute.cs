using Gaw.Json;

namespace Gaw.PostOffice;

/// <summary>Where a call was sent, or can be sent: a TCP connection, or another thing that carries calls. A call reaches it through <see cref="PendingCall"/>.</summary>
internal abstract class CallRoute
{
    /// <summary>What the layer above has learned of the server on this route, and wants to know again.</summary>
    /// <remarks>Written where a reply is read; pairs with the reads of senders, which name the server by it. An old one costs one refused attempt.</remarks>
    public virtual object? Server
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>The server answers one call after the other, as the original does.</summary>
    public abstract bool IsSequential { get; }

    /// <summary>Nobody tells the server that a client is gone: a stream is said to be wanted again and again, and ends without that.</summary>
    public virtual bool NeedsLease => false;

    /// <summary>The most bytes that the document of a message may have which <see cref="Tell"/> sends.</summary>
    public virtual int MaxMessageBytes => int.MaxValue;

    /// <summary>So much waits to be sent that a stream has to pause: <see cref="WhenRoomAsync"/>.</summary>
    public virtual bool IsFull => false;

    /// <summary>Completes when <see cref="IsFull"/> is over, or nothing is sent any more.</summary>
    public virtual Task WhenRoomAsync() => Task.CompletedTask;

    /// <summary>What is known of those whom the calls of a path reach from here: of the route's one server, unless each call may reach another.</summary>
    public virtual object? GetServer(string path) => Server;

    /// <summary>Keeps what was learned of those whom the calls of a path reach.</summary>
    public virtual void SetServer(string path, object? server) => Server = server;

    /// <summary>Sends a call. Afterwards a synchronous one is waited for with <see cref="PendingCall.Wait"/>; another continues by itself.</summary>
    /// <param name="call">The call.</param>
    /// <param name="message">Its document.</param>
    /// <returns><see langword="false"/>: the route is closed or has no room, nothing was sent, the writer is still the caller's.</returns>
    public abstract bool TrySend(PendingCall call, JsonWriter message);

    /// <summary>Blocks until a synchronous call is done that was sent here.</summary>
    /// <param name="call">The call.</param>
    /// <param name="mayRead">This thread may block in a receive: nothing but the reply and the time-out has to end its waiting.</param>
    public abstract void Wait(PendingCall call, bool mayRead);

    /// <summary>Ends a call whose caller does not want to wait any longer. Its reply, should it come, is dropped; the other calls go on.</summary>
    public abstract void Abandon(PendingCall call, Exception reason);

    /// <summary>Sends a message that nobody answers, about a call that was sent here. It is lost where the route has ended, as the call is.</summary>
    /// <param name="call">The call.</param>
    /// <param name="message">Its document; the writer is taken back.</param>
    public abstract void Tell(PendingCall call, JsonWriter message);

    /// <summary>A continuation, or the <see cref="SynchronizationContext"/> that it is posted to, has thrown.</summary>
    public abstract void ContinuationFailed(Exception e);
}
