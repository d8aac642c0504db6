namespace Gaw.PostOffice.Replies;

/// <summary>Reads a reply into the call that it belongs to. Every carrier ends its calls with this, so that a reply means the same on each.</summary>
internal static class ResultReader
{
    /// <summary>Reads a part of the result of a call, which stays open.</summary>
    /// <param name="call">The call; nobody else reads into it at the same time.</param>
    /// <param name="part">A reply of the kind <see cref="ReplyKind.Part"/>.</param>
    /// <returns>What the call fails with; <see langword="null"/>: it goes on.</returns>
    public static Exception? ReadPart(PendingCall call, in Reply part)
    {
        try
        {
            return call.TryReadPart(part.Document, part.Meta) ? null : ReplyReader.NotReply(null);
        }
        catch (GawException e)
        {
            return e;
        }
        catch (Exception e)
        {
            return new GawSerializationException($"The result of {call.Path} could not be read: {e.Message}", e);
        }
    }

    /// <param name="call">The call, which nobody else can end any more.</param>
    /// <param name="reply">Its reply, of the kind <see cref="ReplyKind.Result"/>.</param>
    /// <param name="frame">The whole frame that <paramref name="reply"/> lies in.</param>
    /// <param name="replyId">As for <see cref="ReplyReader.Read"/>.</param>
    /// <param name="hasMeta">The reply has metadata, so it comes from a multiplexing server. More is known now than <see cref="Reply.Meta"/> says of the usual form.</param>
    /// <returns>What the call fails with; <see langword="null"/>: it has its result. After a <see cref="GawProtocolException"/> its route cannot be trusted any more.</returns>
    public static Exception? Read(PendingCall call, in Reply reply, ReadOnlySpan<byte> frame, ReplyIdReader? replyId, out bool hasMeta)
    {
        hasMeta = !reply.Meta.IsEmpty;
        try
        {
            if (hasMeta)
            {
                call.TakeMeta(reply.Meta);
            }

            if (call.TryRead(reply.Document))
            {
                return null;
            }

            if (!reply.IsUsual)
            {
                return ReplyReader.NotReply(null);
            }

            // The bytes behind the document are in the way of the usual form.
            Reply other = ReplyReader.ReadAnyForm(frame, replyId);
            hasMeta = !other.Meta.IsEmpty;
            return !other.Document.IsEmpty && call.TryRead(other.Document) ? null : ReplyReader.NotReply(other.Fault);
        }
        catch (GawException e)
        {
            return e;
        }
        catch (Exception e)
        {
            return new GawSerializationException($"The result of {call.Path} could not be read: {e.Message}", e);
        }
    }
}
