using Gaw.Json;
using Gaw.PostOffice.Framing;
using Gaw.Shared;

namespace Gaw.PostOffice;

/// <summary>
/// One message of a client that waits for its reply. It ends exactly once: with its reply, with the loss of its connection, or because its
/// caller has stopped waiting; who takes it out of the connection's table ends it.
/// </summary>
internal abstract class PendingCall
{
    private readonly object _done = new();
    private bool _mayRead;

    /// <summary>The digits of the id in front of <see cref="Key"/>; empty where replies come in order and carry no id.</summary>
    public byte[] IdPrefix { get; set; } = [];

    /// <summary>Unique among the open calls of a connection.</summary>
    public int Key { get; set; }

    /// <summary>The caller's thread waits. Otherwise a continuation does.</summary>
    public bool IsSynchronous { get; protected set; }

    /// <summary>Where the frame lies in its connection's outgoing stream.</summary>
    public FramePosition Position { get; } = new();

    /// <summary>When the caller made the call, as a time stamp of the client's clock: connects, pauses and earlier attempts lie between this and <see cref="SentAt"/>.</summary>
    public long Began { get; set; }

    /// <summary>When the call was sent, as a time stamp of the client's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>Where it was sent.</summary>
    public CallRoute? SentOn { get; set; }

    /// <summary>So many servers behind the address had no place for the call before (<see cref="GawConnectionException.WasFull"/>).</summary>
    public int Refusals { get; set; }

    /// <summary>How often the connection had received something when the call was sent.</summary>
    public int ReceivesBefore { get; set; }

    /// <summary>The time of the call has passed without a byte from the server, for this call or another.</summary>
    public bool MetSilence { get; set; }

    /// <summary>The deadline: how long the call may take, from <see cref="Began"/> on, however many attempts it needs.</summary>
    public TimeSpan Timeout { get; protected set; }

    /// <summary>The call has ended. A synchronous caller that reads for itself learns it from here.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What the call has ended with, where that is not a reply.</summary>
    public Exception? Error { get; private set; }

    /// <summary>What was called, for messages: <c>math_service/plus</c>.</summary>
    public abstract string Path { get; }

    /// <summary>The path whose servers are to get it; of a question about a call that is the call's.</summary>
    public virtual string Destination => Path;

    /// <summary>Parts of its arguments follow it, so that it goes only to a server that takes them.</summary>
    public virtual bool SendsParts => false;

    /// <summary>Its result may come in parts, in their order.</summary>
    public bool TakesParts { get; protected set; }

    /// <summary>A part of the result has come, so the call has run.</summary>
    public bool HasParts { get; set; }

    /// <summary>The type of its result runs code of the program while it is read.</summary>
    public virtual bool ReadsForeignTypes => false;

    /// <summary>How many items and bytes of its result its server may send ahead of what was taken.</summary>
    public virtual (long Items, long Bytes) Window => default;

    /// <summary>What is left of <see cref="Timeout"/>, never below zero; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> where there is no end.</summary>
    /// <param name="time">The client's clock.</param>
    /// <param name="now">A time stamp of it.</param>
    public TimeSpan GetRest(TimeProvider time, long now) => now == Began ? Timeout : Deadline.RestOf(Timeout, time.GetElapsedTime(Began, now));

    /// <summary>The id is this call's.</summary>
    public bool HasId(ReadOnlySpan<byte> id) =>
        id.Length == IdPrefix.Length + CallIds.KeyDigits && id.StartsWith(IdPrefix) && CallIds.GetKey(id) == Key;

    /// <summary>Reads the reply's document and keeps what is in it; runs on whichever thread has received it.</summary>
    /// <returns><see langword="false"/>: the document is no reply.</returns>
    /// <exception cref="GawException">The reply says that the call failed, or its result cannot be read.</exception>
    public abstract bool TryRead(ReadOnlySpan<byte> reply);

    /// <summary>Reads a part of the result, and keeps what is in it; the call stays open.</summary>
    /// <param name="reply">The document.</param>
    /// <param name="meta">What came beside it: an object.</param>
    /// <returns><see langword="false"/>: the document is no part of a result, or the call has not asked for parts.</returns>
    /// <exception cref="GawException">What is in it cannot be read, or other parts are missing before it.</exception>
    public virtual bool TryReadPart(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> meta) => false;

    /// <summary>A part says the newest state of something, so that those of its kind before it are of no use any more.</summary>
    /// <param name="meta">What came beside the part: an object.</param>
    public virtual bool IsState(ReadOnlySpan<byte> meta) => false;

    /// <summary>Runs what waits for the part that was read.</summary>
    /// <param name="inline">Here and now; otherwise on a thread of the pool.</param>
    public void ContinueWithPart(bool inline)
    {
        try
        {
            WakeForPart(inline);
        }
        catch (Exception e)
        {
            SentOn?.ContinuationFailed(e);
        }
    }

    /// <summary>Nobody took it where calls go whose parts follow, though somebody who serves it says that he takes them.</summary>
    /// <returns>It goes out again in one piece.</returns>
    public virtual bool MeetNobody() => false;

    /// <summary>Reads what came beside the reply, before the call ends: an object.</summary>
    public virtual void TakeMeta(ReadOnlySpan<byte> meta)
    {
    }

    /// <summary>Writes a message that asks the server to stop this call.</summary>
    /// <param name="writer">Empty.</param>
    /// <param name="key">The key of the message's own id; whatever is answered to it is dropped.</param>
    /// <returns><see langword="false"/>: there is no such message.</returns>
    public virtual bool TryWriteCancellation(JsonWriter writer, out int key)
    {
        key = 0;
        return false;
    }

    /// <summary>Blocks until the call is done: a synchronous one that was sent.</summary>
    /// <param name="mayRead">This thread may block in a receive: nothing but the reply and the time-out has to end its waiting.</param>
    public void Wait(bool mayRead) => SentOn!.Wait(this, mayRead);

    /// <summary>Ends the call, whose caller does not want to wait any longer, unless it has ended. Its reply, should it come, is dropped.</summary>
    public void Abandon(Exception reason) => SentOn!.Abandon(this, reason);

    /// <summary>Ends the call. <paramref name="inline"/>: a continuation may run here and now.</summary>
    public void Complete(Exception? error, bool inline)
    {
        if (!HasParts || !DefersEnd(error))
        {
            End(error, inline);
        }
    }

    /// <summary>Lets a waiting thread take the reading over.</summary>
    public void OfferReading()
    {
        lock (_done)
        {
            _mayRead = true;
            Monitor.PulseAll(_done);
        }
    }

    /// <summary>Blocks until the call is done or the reading is offered to it.</summary>
    public void WaitForDoneOrOffer()
    {
        lock (_done)
        {
            while (!IsDone && !_mayRead)
            {
                Monitor.Wait(_done);
            }

            _mayRead = false;
        }
    }

    /// <summary>A call of which parts have come is about to end.</summary>
    /// <param name="error">What it ends with.</param>
    /// <returns><see langword="true"/>: <see cref="End"/> is called later, once what has come is through.</returns>
    protected virtual bool DefersEnd(Exception? error) => false;

    /// <summary>Ends the call at once.</summary>
    protected void End(Exception? error, bool inline)
    {
        if (IsSynchronous)
        {
            lock (_done)
            {
                Error = error;
                IsDone = true;
                Monitor.PulseAll(_done);
            }
        }
        else
        {
            Error = error;
            IsDone = true;
            if (inline)
            {
                ContinueGuarded();
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(static call => call.ContinueGuarded(), this, preferLocal: true);
            }
        }
    }

    /// <summary>Runs what waits for a part.</summary>
    protected virtual void WakeForPart(bool inline)
    {
    }

    /// <summary>Runs what waits for the call.</summary>
    protected abstract void Continue();

    protected void ResetForReuse()
    {
        IsDone = false;
        Error = null;
        SentOn = null;
        MetSilence = false;
        HasParts = false;
        _mayRead = false;
    }

    /// <summary>
    /// What waits is foreign code, and the <see cref="SynchronizationContext"/> that it is posted to as well: what they throw ends neither a reading
    /// loop nor the process.
    /// </summary>
    private void ContinueGuarded()
    {
        // Once it goes on, the call may be in use for another already.
        CallRoute? sentOn = SentOn;
        try
        {
            Continue();
        }
        catch (Exception e)
        {
            sentOn?.ContinuationFailed(e);
        }
    }
}
