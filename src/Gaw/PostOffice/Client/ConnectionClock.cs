using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Client.Pooling;
using Gaw.PostOffice.Client.Reading;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client;

/// <summary>Looks at a connection from time to time: ends calls whose time is over, and connections that nobody uses, or that nobody may use any more.</summary>
internal sealed class ConnectionClock : IDisposable
{
    /// <summary>Replies that may still come for calls nobody waits for any more; beyond this no further call is sent here.</summary>
    private const int MaxAbandoned = 10_000;

    private readonly ConnectionContext _context;
    private readonly ReplyStream _stream;
    private readonly ReplyMatcher _matcher;
    private readonly Action<Exception> _fail;
    private readonly Action<PendingCall> _expired;
    private readonly ConnectionAge _age;
    private readonly ITimer _timer;
    private bool _isSlow;

    /// <param name="context">The connection.</param>
    /// <param name="stream">Its replies.</param>
    /// <param name="matcher">Knows whether a reply has come twice.</param>
    /// <param name="fail">Ends the connection.</param>
    /// <param name="expired">Is told of each call that was ended since its time is over.</param>
    public ConnectionClock(ConnectionContext context, ReplyStream stream, ReplyMatcher matcher, Action<Exception> fail, Action<PendingCall> expired)
    {
        _context = context;
        _stream = stream;
        _matcher = matcher;
        _fail = fail;
        _expired = expired;
        _age = new ConnectionAge(context.Options);
        _timer = Background.CreateTimer(context.Options.TimeProvider, static self => ((ConnectionClock)self!).OnTick(), this, PendingCalls.Tick);
    }

    /// <summary>Under the gate: nothing was open here for too long.</summary>
    public bool IsIdle(long now) => _age.IsIdleOrSlept(now);

    /// <summary>Under the gate: the last call was sent a moment ago.</summary>
    public bool IsBusy(long now) => _age.IsBusy(now);

    /// <summary>Under the gate: callers may have the connection.</summary>
    public void TakeIntoUse() => _age.TakeIntoUse();

    /// <summary>Under the gate: a call was sent.</summary>
    public void OnSend(long now)
    {
        _age.Use(now);
        if (_isSlow)
        {
            _isSlow = false;
            _timer.Change(PendingCalls.Tick, PendingCalls.Tick);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTick()
    {
        try
        {
            Look(_context.Options.TimeProvider.GetTimestamp());
        }
        catch (Exception e)
        {
            // On a thread of the clock nobody else would take it.
            _fail(e);
        }
    }

    private void Look(long now)
    {
        PendingCalls calls = _context.Calls;
        ConnectionState state = _context.State;
        List<PendingCall> expired;
        bool finished;
        bool isIdle;
        bool isOutOfStep;
        lock (_context.Gate)
        {
            _age.AddSleep(now);
            if (calls.OpenCount > 0)
            {
                _age.Use(now);
            }

            expired = calls.TakeExpired(_context.Options.TimeProvider, now);
            expired.ForEach(call => call.MetSilence = call.ReceivesBefore == _stream.Receives);
            if (_age.IsOld(now))
            {
                state.GrowOld();
            }

            isIdle = _age.IsIdle(now) && calls.OpenCount == 0;

            // A server that lets a call's time pass may be gone without a word: no further call is sent here, those that are open may still end.
            if (isIdle || expired.Count > 0 || calls.AbandonedCount > MaxAbandoned)
            {
                state.Retire();
            }

            isOutOfStep = _matcher.IsOutOfStep(now);

            // Decided here, so that no call comes in between.
            finished = state.IsRetired && calls.OpenCount == 0;
            if (!finished && !_isSlow && calls.OpenCount == 0 && _age.IsQuiet(now))
            {
                _isSlow = true;
                _timer.Change(_age.GetPause(now), ConnectionAge.IdleTick);
            }
        }

        foreach (PendingCall call in expired)
        {
            call.Complete(CallLoss.TimedOut(call, _context.EndPoint), inline: false);
            _expired(call);
        }

        if (isOutOfStep)
        {
            _fail(new GawProtocolException(CallLoss.RepliedTwice));
        }
        else if (finished)
        {
            _fail(new IOException(isIdle ? "The connection was idle for ConnectionLifetime." : state.IsLeaving ? "The connection was left, since the server stops, is none of its name's any more, or it was open for ConnectionMaxAge." : "Calls on the connection got no answer."));
        }
    }
}
