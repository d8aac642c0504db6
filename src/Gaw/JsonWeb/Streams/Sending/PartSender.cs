using System.Diagnostics.CodeAnalysis;
using Gaw.Json;
using Gaw.JsonWeb.Server;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>Replies in parts, as far as the receiver's limits go: what is ready together leaves together, and nothing is made ahead of what the receiver takes.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Dispose is there, and is called when the call has ended.")]
internal sealed class PartSender : ServerStream
{
    private readonly PartOutlet _outlet;
    private readonly PartPump _pump;
    private readonly StreamPulse _pulse;

    public PartSender(JsonWebServer server, CallReply reply, StreamWish wish, RequestHandler handler, object bound)
        : base(server, reply, handler, bound)
    {
        _pulse = new StreamPulse(Clock, wish.Alive, hasLease: !reply.Channel.IsOfOnePeer, Beat);
        _outlet = new PartOutlet(server, reply, handler, bound, _pulse);
        _pump = new PartPump(_outlet, wish.Limit);
    }

    public override bool TakesSlot => false;

    public override long? SentItems => _pump.Sent.Items;

    public override bool TryEnter(bool isCounted)
    {
        if (isCounted)
        {
            Server.Streams.EnterBeside(_pulse);
        }
        else if (!Server.Streams.TryEnter(_pulse, ReplyTo.Channel))
        {
            return false;
        }

        _pulse.Start();
        return true;
    }

    public override void Raise(StreamTotals limit)
    {
        _pulse.OnHeard();
        _pump.Raise(limit);
    }

    public override Exception? End()
    {
        if (_pulse.HasEnded)
        {
            GawError stopped = StreamErrors.Stopping(ReplyTo.Path);
            Fail(stopped);
            return stopped;
        }

        JsonWriter last = _pump.TakeRest();
        try
        {
            _outlet.SendLast(last, _pump.Sent);
            return null;
        }
        catch (Exception e)
        {
            // What was written is worth more than what should have stood beside it.
            _outlet.Send(last, _pump.Sent);
            _outlet.Close();
            ReplyTo.Failure(e, Handler, Bound, _pump.Sent);
            return e;
        }
    }

    public override void Fail(Exception exception)
    {
        _pump.LeaveAll();
        _outlet.Close();
        ReplyTo.Failure(_pulse.HasEnded || (Server.Streams.IsStopping && exception is OperationCanceledException) ? StreamErrors.Stopping(ReplyTo.Path) : exception, Handler, Bound, _pump.Sent);
    }

    public override void Dispose()
    {
        _outlet.Close();
        _pulse.Dispose();
        _pump.Dispose();
        Server.Streams.Leave(_pulse, ReplyTo.Channel);
    }

    protected override ValueTask TakeAsync(ItemSource source) => _pump.TakeAsync(source, Token);

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
}
