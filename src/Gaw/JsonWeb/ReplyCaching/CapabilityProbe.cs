using System.Net;
using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>
/// The first call on each connection of a client that may ask for replies again, or that has several servers: it learns from the reply, whichever it is,
/// whether the server keeps replies, which identity it wants to be named by (<see cref="Audience"/>), and that it answers
/// at all. So no call is sent before that is known. It goes to a reserved path, and asks for nothing:
/// <see cref="CallTarget.Repeat"/>, or, where no reply will be asked for, <see cref="CallTarget.Cancel"/>.
/// </summary>
internal sealed class CapabilityProbe : ProbeCall
{
    private readonly TimeProvider _time;

    private CapabilityProbe(CallTarget target, TimeProvider clock, TimeSpan time, CallIds ids)
        : base(target, clock, time, ids)
    {
        _time = clock;
        IsSynchronous = true;
    }

    private ReplyCachePeer? Peer { get; set; }

    private long Identity { get; set; }

    /// <summary>Makes the call; afterwards the connection knows its server.</summary>
    /// <exception cref="GawConnectionException">No reply came; no other call has been sent.</exception>
    /// <param name="route">The connection.</param>
    /// <param name="endPoint">The server, for messages.</param>
    /// <param name="rest">What is left of the time for connecting.</param>
    /// <param name="asksForReplies">The client may ask for replies again.</param>
    /// <param name="ids">Gives the call its id.</param>
    /// <param name="clock">The client's.</param>
    public static void Make(CallRoute route, EndPoint endPoint, TimeSpan rest, bool asksForReplies, CallIds ids, TimeProvider clock)
    {
        CapabilityProbe call = new(asksForReplies ? CallTarget.Repeat : CallTarget.Cancel, clock, rest, ids);
        if (call.TrySend(writer => route.TrySend(call, writer)))
        {
            call.Wait(mayRead: true);
        }

        if (call.Error is GawProtocolException error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        if (!call.IsDone || call.Error is GawConnectionException or TimeoutException)
        {
            string reason = call.Error?.Message ?? "it closed the connection.";
            throw new GawConnectionException($"The server at {endPoint} did not answer the first question on a connection, so no call was sent: {reason}", endPoint, CallExecution.NotRun, call.Error);
        }

        route.Server = new KnownServer(call.Identity, call.Peer);
    }

    protected override bool TryTakeMember(JsonText name, ref JsonReader reader)
    {
        if (name.Equals(ReplyCacheInfo.Name) && reader.Peek() == JsonKind.Object)
        {
            Peer = ReplyCacheInfo.Read(ref reader) is { } server ? new ReplyCachePeer(server, _time) : null;
            return true;
        }

        if (name.Equals(Audience.Name))
        {
            Identity = ServerIdentity.Read(ref reader);
            return true;
        }

        return false;
    }

    protected override void Continue()
    {
    }
}
