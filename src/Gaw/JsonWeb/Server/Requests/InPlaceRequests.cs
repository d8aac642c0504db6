using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.Serialization;

namespace Gaw.JsonWeb.Server.Requests;

/// <summary>
/// The short way of a request: its arguments are read where they stand, without a look at the whole document before.
/// Whatever is unusual about the request, or wrong with it, is left to the long way, which decides as if nothing had been read: so there is one place for each error.
/// </summary>
internal sealed class InPlaceRequests(JsonWebServer server, RouteTable routes)
{
    /// <summary>Reads the arguments and makes the call.</summary>
    /// <param name="channel">Where the request came from.</param>
    /// <param name="document">The request.</param>
    /// <param name="lease">Not taken yet.</param>
    /// <param name="failure">What a type said of its values: the reply, should the document be in order.</param>
    /// <returns><see langword="null"/>: the request has to go the long way.</returns>
    public ServerCall? TryAccept(ReplyChannel channel, ReadOnlySpan<byte> document, ref ArgumentLease lease, out Exception? failure)
    {
        failure = null;
        if (channel.RejectsNewCalls || !RequestReader.TryReadAround(document, server.Serializer.Limits, out Request request, out ArgumentSpans arguments)
            || request.Path.StartsWith(CallTarget.ReservedPaths) || !routes.TryFind(request.Path, out RouteTable.Route? route))
        {
            return null;
        }

        object? bound;
        try
        {
            lease.Begin(channel, route.Handler, inOrder: request.Meta.IsEmpty);
            bound = route.Handler.TryBind(arguments);
        }
        catch (JsonFormatException)
        {
            return null;
        }
        catch (Exception e)
        {
            failure = e;
            return null;
        }

        if (bound is null)
        {
            return null;
        }

        lease.End();
        return ServerCall.Create(server, channel, request, meta: null, kept: null, route, bound);
    }
}
