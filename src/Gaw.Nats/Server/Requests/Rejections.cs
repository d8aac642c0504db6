using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.Nats.Server.Requests;

/// <summary>What is replied to requests that do not run here.</summary>
internal static class Rejections
{
    /// <summary>No place is free: the caller tries again, and another worker may get it.</summary>
    public static void ReplyBusy(ReplyChannel channel, ReadOnlySpan<byte> document) => Reply(channel, document, ErrorFrame.Busy, inOrder: false, ReplyEnvelope.Busy);

    public static void ReplyBadSeal(Worker worker, string subject, ReplyChannel channel)
    {
        if (worker.PostOffice.CountRejection("seal"))
        {
            worker.Log.BadSeal(subject);
        }

        channel.ReplyError(ErrorFrame.BadSignature);
    }

    /// <summary>Why a request that was read does not run; <see langword="null"/>: it does.</summary>
    /// <param name="worker">Where it would.</param>
    /// <param name="route">The subject that it came on.</param>
    /// <param name="message">The request.</param>
    /// <param name="isWithdrawn">Its caller wants it no more.</param>
    public static ErrorInfo? GetReasonNotToRun(Worker worker, RequestRoute route, InboundMessage message, bool isWithdrawn) =>
        !route.Takes(message) ? Misaddressed(route)
        : isWithdrawn ? ErrorFrame.CancelledBefore
        : worker.IsCutOff ? ErrorFrame.StoppedBefore
        : worker.PostOffice.Options.TimeProvider.GetTimestamp() >= message.Deadline ? ErrorFrame.OverdueBefore
        : null;

    public static ErrorInfo Misaddressed(RequestRoute route) => new("MisaddressedError", $"The request came on the subject {route.Subject}, and its path is not the one of the subject. It has not run.");

    /// <summary>The same for a document that nobody here takes apart.</summary>
    /// <returns>Nothing that could run.</returns>
    public static InboundMessage? ReplyMisaddressed(RequestRoute route, ReplyChannel channel, ReadOnlySpan<byte> document)
    {
        Reply(channel, document, Misaddressed(route), inOrder: true);
        return null;
    }

    private static void Reply(ReplyChannel channel, ReadOnlySpan<byte> document, ErrorInfo error, bool inOrder, ReadOnlySpan<byte> meta = default)
    {
        ReadOnlySpan<byte> id = RequestReader.FindId(document);
        if (id.IsEmpty)
        {
            channel.ReplyError(error);
        }
        else
        {
            ResponseWriter.ReplyError(channel, id, error, inOrder, meta);
        }
    }
}
