using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Gaw.Json;
using Gaw.JsonWeb.Server;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>Replies in parts, as far as the receiver's limits go: what is ready together leaves together, and nothing is made ahead of what the receiver takes.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Dispose is there, and is called when the call has ended.")]
internal sealed class PartSender : ServerStream
{
    private readonly OpenPart _part;
    private readonly PartOutlet _outlet;
    private readonly SendCredit _credit;
    private readonly StreamPulse _pulse;

    public PartSender(JsonWebServer server, CallReply reply, StreamWish wish, RequestHandler handler, object bound)
        : base(server, reply, handler, bound)
    {
        _part = new OpenPart(reply);
        _credit = new SendCredit(wish.Limit);
        _pulse = new StreamPulse(Clock, wish.Alive, hasLease: !reply.Channel.IsOfOnePeer, Beat);
        _outlet = new PartOutlet(server, reply, handler, bound, _pulse.OnSent);
    }

    public override bool TakesSlot => false;

    public override bool TryEnter()
    {
        if (!Server.Streams.TryEnter(this, ReplyTo.Channel))
        {
            return false;
        }

        _pulse.Start();
        return true;
    }

    /// <summary>The server stops: the stream ends as soon as it had nothing to send for a while.</summary>
    public void BeginStop() => _pulse.BeginStop();

    public override void Raise(StreamTotals limit)
    {
        _pulse.OnHeard();
        _credit.Raise(limit);
    }

    public override Exception? End()
    {
        if (_pulse.HasEnded)
        {
            GawError stopped = StreamErrors.Stopping(ReplyTo.Path);
            Fail(stopped);
            return stopped;
        }

        JsonWriter last = _part.Take();
        try
        {
            _outlet.SendLast(last, _credit.Sent);
            return null;
        }
        catch (Exception e)
        {
            // What was written is worth more than what should have stood beside it.
            _outlet.Send(last, _credit.Sent);
            _outlet.Close();
            ReplyTo.Failure(e, Handler, Bound, _credit.Sent);
            return e;
        }
    }

    public override void Fail(Exception exception)
    {
        LeaveAll();
        _outlet.Close();
        ReplyTo.Failure(_pulse.HasEnded || (Server.Streams.IsStopping && exception is OperationCanceledException) ? StreamErrors.Stopping(ReplyTo.Path) : exception, Handler, Bound, _credit.Sent);
    }

    public override void Dispose()
    {
        _outlet.Close();
        _pulse.Dispose();
        _part.Dispose();
        Server.Streams.Leave(this, ReplyTo.Channel);
    }

    protected override async ValueTask TakeAsync(ItemSource source)
    {
        long before = Stopwatch.GetTimestamp();
        while (true)
        {
            if (!_credit.CanBegin || ReplyTo.Channel.IsFull)
            {
                await WaitForReceiverAsync().ConfigureAwait(false);
                before = Stopwatch.GetTimestamp();
            }

            ValueTask<bool> next = source.MoveNextAsync();
            if (!next.IsCompleted)
            {
                LeaveAll();
                _pulse.IsQuiet = true;
            }

            bool hasNext = await next.ConfigureAwait(false);
            _pulse.IsQuiet = false;
            Token.ThrowIfCancellationRequested();
            if (!hasNext)
            {
                return;
            }

            Write(source, ref before);
        }
    }

    /// <summary>What was written leaves first: the receiver may wait for it before it names a limit.</summary>
    private async ValueTask WaitForReceiverAsync()
    {
        LeaveAll();
        await _credit.WhenCanBeginAsync(Token).ConfigureAwait(false);
        while (ReplyTo.Channel.IsFull)
        {
            await ReplyTo.Channel.WhenRoomAsync().WaitAsync(Token).ConfigureAwait(false);
        }
    }

    private void Write(ItemSource source, ref long before)
    {
        if (!_part.TryWrite(source, out int bytes))
        {
            LeaveAll();
            _part.TryWrite(source, out bytes);
        }

        long now = Stopwatch.GetTimestamp();
        _part.Batch.Add(bytes, ToMilliseconds(now), ToMilliseconds(now - before));
        before = now;
        _credit.Add(bytes);
        if (_part.Batch.ShouldLeave(NextItem.Ready, _credit.CanBegin, ToMilliseconds(now)))
        {
            LeaveAll();
        }
    }

    /// <summary>Sends what was written whole, as a part.</summary>
    private void LeaveAll()
    {
        if (_part.Batch.Items > 0)
        {
            _outlet.Send(_part.Take(), _credit.Sent);
        }
    }

    /// <summary>On a thread of the clock.</summary>
    private void Beat(bool isOver)
    {
        if (isOver)
        {
            Cancellation.CancelSafely();
        }
        else
        {
            _outlet.SendSignOfLife();
        }
    }

    private static double ToMilliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
