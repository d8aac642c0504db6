namespace Gaw.PostOffice.Server.Running;

/// <summary>Begins and ends the work of a message on the current thread, where its code finds the <see cref="RunningCall"/> that it belongs to.</summary>
internal static class MessageInvoker
{
    /// <summary>Begins the work. It may end on another thread.</summary>
    public static ValueTask Start(InboundMessage message) => message.StaysOnThread ? StartHere(message) : StartAnywhere(message);

    /// <summary>
    /// Ends what the message holds, on this thread. That is code of the service, which belongs to its work: a stop that
    /// it asks for must not wait for it. Whoever calls ends the work when the task has completed.
    /// </summary>
    public static ValueTask End(InboundMessage message, out RunningCall work)
    {
        work = message.TakeWork();
        if (ForeignCode.Call != work)
        {
            ForeignCode.Enter(work);
        }

        return message.EndAsync();
    }

    private static ValueTask StartHere(InboundMessage message)
    {
        RunningCall? outer = ForeignCode.EnterThread(message.Begin());
        ValueTask processing = Process(message);
        ForeignCode.LeaveThread(outer);
        return processing;
    }

    private static ValueTask StartAnywhere(InboundMessage message)
    {
        ForeignCode.Enter(message.Begin());
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        ValueTask processing = Process(message);
        if (!processing.IsCompletedSuccessfully || message.HoldsResources || GC.GetAllocatedBytesForCurrentThread() != allocated)
        {
            message.MayBeOutlived();
        }

        return processing;
    }

    private static ValueTask Process(InboundMessage message)
    {
        try
        {
            return message.ProcessAsync();
        }
        catch (Exception e)
        {
            // Against its promise; but the count of what runs has to come back to zero, or the connection never ends.
            return ValueTask.FromException(e);
        }
    }
}
