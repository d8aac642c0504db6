using System.Net;
using Gaw.Json;

namespace Gaw.PostOffice;

/// <summary>
/// Carries the calls of a client to one server: the whole of what the layer above sees of connections. TCP is one carrier (<see cref="Client.TcpCarrier"/>); another has to provide no more than this.
/// </summary>
/// <param name="endPoint">The server's address as it was given.</param>
/// <param name="maxDocumentBytes">The limit of a request.</param>
internal abstract class RequestCarrier(EndPoint endPoint, int maxDocumentBytes) : IDisposable
{
    /// <summary>The server's address as it was given.</summary>
    public EndPoint EndPoint => endPoint;

    /// <summary>What the layer above has learned last of a server at this address, on whichever route; <see langword="null"/>: nothing.</summary>
    public abstract object? Server { get; }

    /// <summary>The route that a call would be sent on now; <see langword="null"/>: none has room.</summary>
    public abstract CallRoute? Next { get; }

    /// <summary>Calls that are open, and callers that wait for a route.</summary>
    public abstract int Load { get; }

    /// <summary>A route is there to which calls may be sent.</summary>
    public abstract bool TakesCalls { get; }

    /// <summary>A route is being opened.</summary>
    public abstract bool IsOpening { get; }

    /// <summary>Is told of each route that was opened, and of each that could not be.</summary>
    public abstract Action<bool>? OnOpened { get; set; }

    /// <summary>Opens a route where there is none and none is being opened, for nobody who waits for it.</summary>
    public abstract void Prepare();

    /// <summary>The route that a call would be sent on now, and that is known to be alive.</summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    /// <exception cref="GawException">The peer has spoken before it was asked anything: it is no Gaw server, or one that says why it takes no calls.</exception>
    public virtual CallRoute? FindUsable(long now) => Next;

    /// <summary>Sends a call on a route that has room for it.</summary>
    /// <returns>The route, or <see langword="null"/>: nothing was sent, the writer is still the caller's; <see cref="WaitForCapacityAsync"/> says when to try again.</returns>
    public abstract CallRoute? TrySend(PendingCall call, JsonWriter message);

    /// <summary>Sends a call on the very route that <see cref="FindUsable"/> gave.</summary>
    /// <returns><see langword="false"/>: the route is closed or has no room any more, nothing was sent, the writer is still the caller's.</returns>
    public virtual bool TrySend(CallRoute route, PendingCall call, JsonWriter message) => route.TrySend(call, message);

    /// <summary>After a call could not be sent: completes when it is worth trying again.</summary>
    /// <param name="call">The call.</param>
    /// <param name="wasOpened">What this method returned the time before: a route was opened for the call.</param>
    /// <param name="connectTime">How long the call may wait for a route to be opened.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A route was opened for the call.</returns>
    /// <exception cref="GawConnectionException">No connection could be made, or the server closes each at once; nothing was sent.</exception>
    /// <exception cref="TimeoutException">None was opened, or all were busy, until the call's deadline.</exception>
    public abstract Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken);

    /// <summary>An empty writer for a request. It belongs to the caller until <see cref="ReturnWriter"/>, or until the request is sent.</summary>
    public JsonWriter RentWriter() => MessageWriter.Rent(maxDocumentBytes);

    /// <summary>An empty writer for a message of the client's own, whose size needs no limit.</summary>
    public static JsonWriter RentUnlimitedWriter() => MessageWriter.Rent(int.MaxValue);

    /// <summary>Takes back a writer whose request was not sent.</summary>
    public static void ReturnWriter(JsonWriter writer) => MessageWriter.Return(writer);

    /// <summary>Closes all routes; calls that are open fail with a <see cref="GawConnectionException"/>.</summary>
    public abstract void Dispose();
}
