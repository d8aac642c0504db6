namespace Gaw.PostOffice.Server;

/// <summary>Begins the work of a message on the current thread, where its code finds the <see cref="RunningCall"/> that it belongs to.</summary>
internal static class MessageInvoker
{
    /// <summary>Begins the work. It may end on another thread.</summary>
    public static ValueTask Start(InboundMessage message) => message.StaysOnThread ? StartHere(message) : StartAnywhere(message);

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
