using Gaw.PostOffice.Client.Sending;

namespace Gaw.PostOffice.Client.Matching;

/// <summary>
/// What follows when a server has answered a call twice: the connection is out of step. Calls that have left may still get their replies, which bear their ids; no other
/// leaves here.
/// </summary>
/// <param name="context">The connection.</param>
/// <param name="requests">Sends no more from then on.</param>
internal sealed class SecondReply(ConnectionContext context, RequestQueue requests)
{
    /// <summary>An open call waits this long for its reply. The reply may have been lost: another came twice in its place.</summary>
    private static readonly TimeSpan OutOfStepTime = TimeSpan.FromSeconds(1);

    private long? _since;

    /// <summary>Under the gate: a reply has come twice, and for too long no other in its place.</summary>
    public bool IsOverdue(long now) =>
        context.State.Mode != ServerMode.Multiplexed && _since is { } since && context.Options.TimeProvider.GetElapsedTime(since, now) >= OutOfStepTime;

    /// <summary>A second reply has come. What has not left yet goes elsewhere.</summary>
    /// <returns><see langword="false"/>: nothing is left to wait for.</returns>
    public bool TryGoOn()
    {
        List<PendingCall> withdrawn = [];
        bool goesOn;
        lock (context.Gate)
        {
            if (_since is null)
            {
                context.State.Retire();
                withdrawn = context.Calls.TakeBehind(requests.Close());
            }

            goesOn = context.Calls.OpenCount > 0;
            _since ??= context.Options.TimeProvider.GetTimestamp();
        }

        IOException cause = new(CallLoss.RepliedTwice);
        withdrawn.ForEach(call => call.Complete(CallLoss.Lost(call, context.EndPoint, CallExecution.NotRun, cause, context.State.HasReplied), inline: false));
        return goesOn;
    }
}
