using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>Decides on the connection what a reply says of it, and reads the rest into its call. Used by the thread that reads.</summary>
/// <param name="context">The connection.</param>
/// <param name="matcher">Finds the calls.</param>
/// <param name="woken">Blocked callers, whose requests may leave together.</param>
/// <param name="sendHeldBack">Sends what they have left to each other.</param>
/// <param name="released">Is told that further calls have room, since the server multiplexes.</param>
internal sealed class ReplyIntake(ConnectionContext context, ReplyMatcher matcher, WokenCallers woken, Action sendHeldBack, Action<bool> released)
{
    /// <param name="frame">The document.</param>
    /// <param name="reads">Reads results under a lease.</param>
    /// <param name="loopIsOurs"><see langword="false"/> afterwards: reading the result took so long that another thread has the loop.</param>
    /// <param name="error">What the call fails with, where it does.</param>
    /// <param name="isPart">The reply is a part of a result, and the call goes on.</param>
    /// <returns>The call, ready to be completed, or to go on with a part of its result; <see langword="null"/>: nobody waits for the reply.</returns>
    public PendingCall? Take(ReadOnlySpan<byte> frame, LeasedReads reads, ref bool loopIsOurs, out Exception? error, out bool isPart)
    {
        isPart = false;
        Reply reply = ReplyReader.Read(frame, context.ReplyId);
        if (!reply.Meta.IsEmpty)
        {
            BecomeMultiplexed();
        }

        error = null;
        PendingCall? call;
        switch (reply.Kind)
        {
            case ReplyKind.Result or ReplyKind.Part when reads.LeaveToLate(reply, frame):
                return null;

            case ReplyKind.Result or ReplyKind.Part:
                isPart = reply.Kind == ReplyKind.Part;
                call = isPart ? matcher.Find(reply.Id) : matcher.Take(reply.Id);
                error = call is null ? null : ReadInto(call, reply, frame, reads, ref loopIsOurs);
                return call;

            case ReplyKind.Failure:
                return TakeFailed(reply.Failure!, out error);

            case ReplyKind.Stopping:
                context.State.Leave();
                return null;

            case ReplyKind.Rejected:
                context.State.Leave();
                call = matcher.Take(reply.Id);
                error = call is null ? null : CallLoss.Rejected(call, context.EndPoint);
                return call;

            case ReplyKind.Busy:
                call = matcher.Take(reply.Id);
                error = call is null ? null : CallLoss.Busy(call, context.EndPoint);
                return call;

            case ReplyKind.Protected when context.Protector is PlainFrameProtector:
                throw new GawAuthenticationException($"An answer from {context.EndPoint} is signed or encrypted, and this client has no Secret.");

            default:
                throw ReplyReader.NotReply(reply.Fault);
        }
    }

    /// <summary>Code of the program's is about to run, and may take long.</summary>
    public void SendHeldBack()
    {
        if (woken.AreExpected)
        {
            sendHeldBack();
        }
    }

    private Exception? ReadInto(PendingCall call, in Reply reply, ReadOnlySpan<byte> frame, LeasedReads reads, ref bool loopIsOurs)
    {
        if (call.ReadsForeignTypes)
        {
            SendHeldBack();
        }

        Exception? error = reads.Read(call, reply, frame, out loopIsOurs, out bool hasMeta);
        if (hasMeta)
        {
            BecomeMultiplexed();
        }

        return error;
    }

    private PendingCall? TakeFailed(ErrorInfo failure, out Exception? error)
    {
        if (failure.Name == ErrorFrame.TooManyConnections.Name)
        {
            throw new GawConnectionException(
                $"The server at {context.EndPoint} has as many connections as it may have, so nothing that was sent on this one has run. Close clients that are not needed, or raise MaxConnections there.",
                context.EndPoint,
                CallExecution.NotRun);
        }

        PendingCall? call = matcher.TakeFailed(failure);
        error = call is null ? null : CallLoss.Failed(call, context.EndPoint, failure);
        return call;
    }

    private void BecomeMultiplexed()
    {
        if (context.State.TryBecomeMultiplexed())
        {
            released(true);
        }
    }
}
