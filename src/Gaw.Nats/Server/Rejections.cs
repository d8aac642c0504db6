using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Server;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;

namespace Gaw.Nats.Server;

/// <summary>What is replied to requests that do not run here.</summary>
internal static class Rejections
{
    /// <summary>No place is free: the caller tries again, and another worker may get it.</summary>
    public static void ReplyBusy(ReplyChannel channel, ReadOnlySpan<byte> document)
    {
        ReadOnlySpan<byte> id = RequestReader.FindId(document);
        if (id.IsEmpty)
        {
            channel.ReplyError(ErrorFrame.Busy);
        }
        else
        {
            ResponseWriter.ReplyError(channel, id, ErrorFrame.Busy, inOrder: false, ReplyEnvelope.Busy);
        }
    }

    public static void ReplyBadSeal(Worker worker, ReplyChannel channel)
    {
        if (worker.PostOffice.CountRejection("seal"))
        {
            worker.Log.BadSeal();
        }

        channel.ReplyError(ErrorFrame.BadSignature);
    }

    public static ErrorInfo Misaddressed(RequestRoute route, InboundMessage message) =>
        new("MisaddressedError", $"The request says {(message as ServerCall)?.Path}, and came on the subject {route.Subject}, which is for another method. It has not run.");
}
