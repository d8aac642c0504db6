using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server;
using Gaw.PostOffice.Sockets;
using Gaw.Telemetry;

namespace Gaw.PostOffice.Client;

/// <content>How a connection ends, and what each open call learns of it.</content>
internal sealed partial class ClientConnection
{
    private const string AnsweredTwice = "The server has answered a call twice; the connection cannot be trusted any more.";

    /// <summary>From this position in the stream on the server has read nothing: it has refused the frame that ends here.</summary>
    private long _unreadFrom = long.MaxValue;

    /// <summary>How long a call on a connection that is out of step waits for its answer, where answers come in order: it may have been lost in place of the one that came twice.</summary>
    private static readonly TimeSpan OutOfStepTime = TimeSpan.FromSeconds(1);

    private long? _outOfStepSince;

    /// <summary>Takes the call that an answer belongs to out of the table.</summary>
    /// <param name="id">The id in the answer; empty where answers carry none.</param>
    /// <returns><see langword="null"/>: nobody waits for it any more.</returns>
    /// <exception cref="GawProtocolException">No such call was made.</exception>
    public PendingCall? TakeCall(ReadOnlySpan<byte> id)
    {
        PendingCall? call;
        ReplyOf answered;
        lock (_gate)
        {
            answered = _answerId is null ? _calls.TakeOldest(out call) : _calls.Take(id, out call);
        }

        if (answered == ReplyOf.AnsweredCall && LeaveAfterSecondAnswer())
        {
            return null;
        }

        State.Answered();
        _pool.Record.IsKnown = true;
        if (answered is ReplyOf.Nobody or ReplyOf.AnsweredCall)
        {
            throw new GawProtocolException($"An answer from {_endPoint} belongs to no open call of this client; the connection cannot be trusted any more.");
        }

        MakeRoom();
        return call;
    }

    /// <summary>Takes out the call that a failure without an id belongs to, where that can be proved.</summary>
    /// <returns><see langword="null"/>: nobody waits for it any more.</returns>
    /// <exception cref="GawProtocolException">It may belong to any of several.</exception>
    public PendingCall? TakeFailedCall(ErrorFrame failure)
    {
        _pool.Record.IsKnown = true;
        bool isSequential = IsSequential;
        PendingCall? call = null;
        lock (_gate)
        {
            if (_answerId is null)
            {
                if (_calls.TakeOldest(out call) == ReplyOf.Nobody)
                {
                    throw NobodysFailure(failure);
                }
            }
            else if (RequestOwner.Find(_calls.GetUnanswered(_requests.AttemptedBytes), isSequential, failure) is { } owner)
            {
                call = _calls.TakeKey(owner.Key);
                if (failure.EndsReading)
                {
                    _unreadFrom = owner.End;
                    State.Retire();
                }
            }
            else
            {
                throw NobodysFailure(failure);
            }
        }

        State.Answered();
        MakeRoom();
        return call;
    }

    private void MakeRoom()
    {
        if (State.Mode != ServerMode.Multiplexed && _calls.Count == 0)
        {
            _pool.ReleaseWaiters(this, forAll: false);
        }
    }

    private GawProtocolException NobodysFailure(ErrorFrame failure) => failure.Name == ErrorFrame.BadSignature.Name
        ? new GawAuthenticationException($"{_endPoint} refused what came on the connection: {failure.Message}.")
        : new GawProtocolException($"{_endPoint} reports a failure that cannot be told to belong to one call ({failure.Name}: {failure.Message}); the connection cannot be trusted any more.");

    /// <summary>
    /// The server has answered a call twice. Calls that have left may still get their answers, which bear their ids; no other leaves here.
    /// <see langword="false"/>: nothing is left to wait for.
    /// </summary>
    private bool LeaveAfterSecondAnswer()
    {
        List<PendingCall> withdrawn = [];
        bool goesOn;
        lock (_gate)
        {
            if (_outOfStepSince is null)
            {
                State.Retire();
                withdrawn = _calls.TakeBehind(_requests.Close());
            }

            goesOn = _calls.OpenCount > 0;
            _outOfStepSince ??= _options.TimeProvider.GetTimestamp();
        }

        IOException cause = new(AnsweredTwice);
        withdrawn.ForEach(call => call.Complete(Lost(call, CallExecution.NotRun, cause), inline: false));
        return goesOn;
    }

    private void OnSendFailed(Exception e)
    {
        if (Transport.IsPeerGone(e))
        {
            // Answers may have come before the peer went: whoever reads takes them, meets the end behind them and fails what is left.
            State.Retire();
        }
        else
        {
            Fail(e);
        }
    }

    /// <summary>Ends the connection. Each open call fails with what is known of it.</summary>
    private void Fail(Exception cause)
    {
        PendingCall[] calls;
        bool isOnly;
        lock (_gate)
        {
            if (State.IsClosed)
            {
                return;
            }

            State.Close();
            isOnly = _calls.Count == 1;
            calls = _calls.TakeAll();
        }

        bool mayHaveBegun = cause is not GawProtocolException;
        bool somethingBegun = mayHaveBegun && HasBegunAnswer;
        byte[] begun = mayHaveBegun ? GetBegunId() : [];
        _pool.Remove(this);
        Instruments.ClientConnectionsChanged(-1);
        _logger.ClientEnded(_endPoint, cause);
        _clock.Dispose();

        // Whatever is not posted by now is not sent any more.
        _requests.Dispose();
        _transport.Shutdown();
        _transport.Dispose();
        _threadWanted.Release();
        foreach (PendingCall call in calls)
        {
            bool ran = call.HasId(begun) || (somethingBegun && isOnly);
            CallExecution execution = HasNotRun(call, cause) ? CallExecution.NotRun : ran ? CallExecution.Ran : CallExecution.Unknown;
            call.Complete(Explain(call, execution, cause, isOnly), inline: false);
        }
    }

    /// <summary>The frame never left whole, the server has stopped reading before it, or says that nothing on this connection has run.</summary>
    private bool HasNotRun(PendingCall call, Exception cause) =>
        call.Position.End == 0
        || call.Position.End > _requests.AttemptedBytes
        || call.Position.Start >= _unreadFrom
        || cause is GawConnectionException { Execution: CallExecution.NotRun };

    /// <summary>
    /// What came is not Gaw: where one call alone can be meant, or nothing else was ever said here, that is what the call fails with. Beside others,
    /// nobody knows whose it was; each of them has lost its connection.
    /// </summary>
    private GawException Explain(PendingCall call, CallExecution execution, Exception cause, bool isOnly) => cause switch
    {
        GawProtocolException e when !State.HasAnswered || (isOnly && execution != CallExecution.NotRun) => e,
        GawConnectionException e when e.Execution == execution => new GawConnectionException(e.Message, _endPoint, execution, e.InnerException),
        _ => Lost(call, execution, cause),
    };

    private GawConnectionException Lost(PendingCall call, CallExecution execution, Exception cause)
    {
        string known = execution switch
        {
            CallExecution.NotRun => "it was not sent whole, or not read there, so it has not run",
            CallExecution.Ran => "its answer had begun, so it has run",
            _ => "it was sent, so it may have run",
        };
        return new GawConnectionException($"The connection to {_endPoint} was lost during {call.Path}: {known}. {cause.Message}", _endPoint, execution, cause)
        {
            // One that has served before has grown stale, which says nothing of the server.
            WasStale = execution == CallExecution.NotRun && State.HasAnswered && cause is not ObjectDisposedException,
        };
    }

    /// <summary>The beginning of an answer has come, and not its end.</summary>
    private bool HasBegunAnswer => IsReader ? _reader.BufferedBytes > 0 : _waitsWithBegunAnswer;

    /// <summary>The id of the answer of which only the beginning has come; empty where it cannot be told.</summary>
    private byte[] GetBegunId()
    {
        try
        {
            return ReplyReader.GetBegunId(_reader.PeekPartialPayload(), _answerId).ToArray();
        }
        catch (Exception)
        {
            // The reading thread is at it at this moment. The calls are out of the table and have to learn of the end whatever is met there; an id has so
            // many digits that only the right one is taken for one.
            return [];
        }
    }
}
