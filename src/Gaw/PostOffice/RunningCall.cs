namespace Gaw.PostOffice;

/// <summary>
/// The work of one message as the code that belongs to it finds it: in its execution context, on whichever thread. Code that outlives its message finds it ended, for good:
/// it is used again only where nothing of the message's code can have kept it (<see cref="InboundMessage.Leave"/>).
/// </summary>
internal sealed class RunningCall
{
    private const int Ended = 0;
    private const int Running = 1;
    private const int AwaitingStop = 2;

    /// <summary>Written before <see cref="_state"/> becomes Running and cleared after it has ended; pairs with the read in <see cref="TryAwaitStop"/>, which then asks the state.</summary>
    private volatile ReplyChannel? _channel;

    /// <summary>The write in <see cref="Begin"/> pairs with the exchange in <see cref="TryAwaitStop"/>, and that with the one in <see cref="End"/>.</summary>
    private int _state;

    /// <summary>The context that holds nothing but this.</summary>
    public ExecutionContext? Context { get; set; }

    /// <summary>The work begins.</summary>
    public void Begin(ReplyChannel channel)
    {
        _channel = channel;
        Volatile.Write(ref _state, Running);
    }

    /// <summary>The work waits for this server to stop, which therefore must not wait for it.</summary>
    /// <returns><see langword="false"/>: it has ended, or belongs to another server.</returns>
    public bool TryAwaitStop(object server)
    {
        if (_channel is not { } channel || !channel.BelongsTo(server))
        {
            return false;
        }

        // Pairs with the exchange in End: who is counted here is taken back there.
        int state = Interlocked.CompareExchange(ref _state, AwaitingStop, Running);
        if (state == Running)
        {
            channel.AwaitStop();
        }

        return state != Ended;
    }

    /// <summary>The work is done.</summary>
    /// <returns>It has waited for the server to stop.</returns>
    public bool End()
    {
        bool hasWaited = Interlocked.Exchange(ref _state, Ended) == AwaitingStop;
        _channel = null;
        return hasWaited;
    }
}
