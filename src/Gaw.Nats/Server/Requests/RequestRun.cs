using Gaw.PostOffice;
using Gaw.PostOffice.Server.Running;
using Gaw.Scheduling;

namespace Gaw.Nats.Server.Requests;

/// <summary>The thread of the pool that runs a request: while a method keeps it, the pool has one thread more, so that what else is to be done in the process goes on.</summary>
internal sealed class RequestRun
{
    private readonly LoopLease _lease;
    [ThreadStatic]
    private static RequestRun? _ofThread;

    /// <summary>Written before the lease is entered; pairs with the read of the watchdog that takes the run over.</summary>
    private volatile BlockingPredictor? _predictor;

    private RequestRun() => _lease = new LoopLease(() => _predictor?.HasBlocked(), onPool: true);

    public static RequestRun OfThread => _ofThread ??= new RequestRun();

    /// <summary>Runs a request on this thread; it may end on another.</summary>
    public void Process(InboundMessage message, Worker worker, NatsRequest request)
    {
        _predictor = message.Predictor;
        long token = _lease.Enter();
        ValueTask processing = MessageInvoker.Start(message);
        if (processing.IsCompletedSuccessfully)
        {
            Complete(message, worker, request);
        }
        else
        {
            CompleteLaterAsync(processing, message, worker, request).Forget();
        }

        ForeignCode.Leave();
        _lease.TryLeave(token);
    }

    private static async Task CompleteLaterAsync(ValueTask processing, InboundMessage message, Worker worker, NatsRequest request)
    {
        try
        {
            await processing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            worker.Log.RequestFailed(e);
        }

        Complete(message, worker, request);
    }

    private static void Complete(InboundMessage message, Worker worker, NatsRequest request)
    {
        message.Place = null;
        request.Work.CountRun(message.HasFailed);
        RunningCall? work = null;
        ValueTask ending;
        if (message.HoldsResources)
        {
            ending = MessageInvoker.End(message, out work);
        }
        else
        {
            LeaveWork(message.Leave(), worker);
            ending = message.EndAsync();
        }

        if (ending.IsCompletedSuccessfully)
        {
            LeaveWork(work?.End() == true, worker);
            request.Leave();
        }
        else
        {
            LeaveAfterAsync(ending, work, worker, request).Forget();
        }
    }

    private static async Task LeaveAfterAsync(ValueTask ending, RunningCall? work, Worker worker, NatsRequest request)
    {
        try
        {
            await ending.ConfigureAwait(false);
        }
        finally
        {
            LeaveWork(work?.End() == true, worker);
            request.Leave();
        }
    }

    private static void LeaveWork(bool hasAwaitedStop, Worker worker)
    {
        if (hasAwaitedStop)
        {
            worker.Requests.Running.StopAwaitingStop();
        }
    }
}
