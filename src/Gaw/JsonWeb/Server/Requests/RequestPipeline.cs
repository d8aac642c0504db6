using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;
using Gaw.Serialization;
using Gaw.Serialization.Marking;
using Gaw.Shared;

namespace Gaw.JsonWeb.Server.Requests;

/// <summary>The way of a request from its document to a call that can run. Each step may reply instead, and then nothing runs.</summary>
/// <param name="server">Whose requests they are.</param>
/// <param name="routes">Where paths lead.</param>
/// <param name="kept">The kept replies; <see langword="null"/>: none are kept.</param>
/// <param name="replays">Refuses repeated requests, and those for other servers; <see langword="null"/> where that was not asked for.</param>
internal sealed class RequestPipeline(JsonWebServer server, RouteTable routes, CachedReplies? kept, ReplayGuard? replays)
{
    private readonly ControlRequests _control = new(server, kept);
    private readonly RequestChecks _checks = new(server, replays, new RequestRejections(server, routes));

    /// <summary>The short way, where nothing has to be asked of a request before its arguments are read.</summary>
    private readonly InPlaceRequests? _inPlace = kept is null && replays is null ? new InPlaceRequests(server, routes) : null;

    /// <inheritdoc cref="MessageHandler"/>
    public InboundMessage? Receive(ReadOnlyMemory<byte> document, ReplyChannel channel)
    {
        Request request = default;
        ArgumentLease lease = default;
        Exception? failure = null;
        try
        {
            if (_inPlace?.TryAccept(channel, document.Span, ref lease, out failure) is { } call)
            {
                return call;
            }

            ErrorInfo? fault = RequestReader.Read(document.Span, server.Serializer.Limits, out request);
            if (lease.WasTaken && request.Meta.IsEmpty)
            {
                // It seemed to have metadata, and others may have been answered meanwhile.
                request.Meta = "{}"u8;
            }

            if (fault is not null)
            {
                _checks.Rejections.RejectDocument(channel, request.Id, request.Meta.IsEmpty, fault);
                return null;
            }

            if (failure is null || !request.IsUsual)
            {
                return Accept(channel, ref request, ref lease);
            }

            RejectFailure(channel, request, failure);
        }
        catch (JsonFormatException e) when (e.Fault == JsonFault.Syntax)
        {
            _checks.Rejections.RejectUnreadable(channel);
        }
        catch (JsonFormatException e)
        {
            _checks.Rejections.RejectDocument(channel, RequestReader.FindId(document.Span), inOrder: true, new ErrorInfo("RecursionError", e.Message));
        }
        catch (Exception e)
        {
            RejectFailure(channel, request, e);
        }
        finally
        {
            lease.End();
        }

        return null;
    }

    private ServerCall? Accept(ReplyChannel channel, ref Request request, ref ArgumentLease lease)
    {
        RequestMeta? meta = null;
        ReplyCacheKey? keep = null;
        if (_control.TryTakeLimit(channel, request) || _control.TryTakeItems(channel, request, ref lease))
        {
            return null;
        }

        if (!_checks.IsForThisServer(channel, request)
            || (kept is not null && !_checks.TryReadKeep(kept, channel, ref request, out meta, out keep))
            || !_checks.IsFirstUse(channel, request)
            || _control.TryCancel(channel, request)
            || RequestChecks.IsTooLate(channel, request))
        {
            return null;
        }

        if (!TryFindRoute(request, out RouteTable.Route? route))
        {
            _checks.Rejections.RejectUnknownPath(channel, request);
            return null;
        }

        if (route.Handler.IsStream && keep is not null && (meta ?? RequestMeta.Read(request.Meta, server.Serializer.Limits)).Stream is not null)
        {
            // What goes out in parts is not kept.
            keep = null;
        }

        lease.Begin(channel, route.Handler, inOrder: request.Meta.IsEmpty);
        object bound = route.Handler.TryBind(new ArgumentSpans(request.Args, request.Kwargs))!;
        lease.End();
        if (keep is not null && route.Handler.TakesStreams && route.Handler.HasStreams(bound))
        {
            // What comes in parts is not there for a second run.
            keep = null;
        }

        CachedReply? place = null;
        if (keep is not null && !_checks.IsNew(kept!.TryBegin(channel, request, route.Path, out place), channel, request))
        {
            route.Handler.Release(bound);
            return null;
        }

        return ServerCall.Create(server, channel, request, meta, place, route, bound);
    }

    private void RejectFailure(ReplyChannel channel, in Request request, Exception failure)
    {
        ErrorInfo error = ErrorInfo.Of(failure, server.SendsTraceTo(channel.RemoteEndPoint), fallbackName: "TypeError");
        if (MayHaveStreams(request) && TryFindRoute(request, out RouteTable.Route? route) && route.Handler.RefusesStream(request.Args, request.Kwargs))
        {
            _checks.Rejections.RejectStream(channel, request, error);
        }
        else
        {
            _checks.Rejections.Reject(channel, request, error);
        }
    }

    private static bool MayHaveStreams(in Request request) => request.Args.IndexOf(Markers.StreamTag) >= 0 || request.Kwargs.IndexOf(Markers.StreamTag) >= 0;

    private bool TryFindRoute(in Request request, [NotNullWhen(true)] out RouteTable.Route? route) => request.UnescapedPath is null
        ? routes.TryFind(request.Path, out route)
        : routes.TryFind(Encoding.UTF8.GetBytes(request.UnescapedPath), out route);
}
