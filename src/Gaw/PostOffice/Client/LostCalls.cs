namespace Gaw.PostOffice.Client;

/// <summary>The calls of a connection that has ended: each fails with what is known of it.</summary>
/// <param name="context">The connection.</param>
/// <param name="cause">Why it has ended.</param>
/// <param name="isOnly">One reply could have come, and no other.</param>
/// <param name="onlyHasBegun">It has begun to come.</param>
/// <param name="begunId">The id of the reply that has begun to come; empty where it cannot be told.</param>
internal readonly struct LostCalls(ConnectionContext context, Exception cause, bool isOnly, bool onlyHasBegun, byte[] begunId)
{
    /// <param name="calls">All that were open.</param>
    /// <param name="attemptedBytes">What may have left, as a position in the stream.</param>
    /// <param name="unreadFrom">What the server has read nothing behind.</param>
    public void End(PendingCall[] calls, long attemptedBytes, long unreadFrom)
    {
        foreach (PendingCall call in calls)
        {
            CallExecution execution = call.HasParts ? CallExecution.Ran : CallLoss.Judge(call.Position, attemptedBytes, unreadFrom, onlyHasBegun || call.HasId(begunId), cause);
            call.Complete(CallLoss.Explain(call, context.EndPoint, execution, cause, isOnly, context.State.HasReplied), inline: false);
        }
    }
}
