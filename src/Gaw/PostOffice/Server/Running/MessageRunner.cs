using System.Net;
using Gaw.PostOffice.Server.Admission;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Server.Running;

/// <summary>
/// Runs the messages of one connection: on the loop's own thread, under its lease, or queued for a thread of the pool. A message that keeps the loop's thread loses the
/// lease, and another thread goes on with the loop.
/// </summary>
internal sealed class MessageRunner
{
    private readonly ReplyQueue _replies;
    private readonly RunningMessages _running;
    private readonly MessageEnding _ending;
    private readonly MessageWork _work;
    private readonly Action _startLoop;
    private readonly LoopLease _lease;
    private BlockingPredictor? _predictor;

    /// <param name="server">The limits.</param>
    /// <param name="remoteEndPoint">The peer, for the log.</param>
    /// <param name="replies">Where replies go.</param>
    /// <param name="running">Counts the messages.</param>
    /// <param name="drain">Is told when a message ends.</param>
    /// <param name="peer">Whether queued messages are still wanted.</param>
    /// <param name="startLoop">Another thread goes on with the loop.</param>
    public MessageRunner(PostOfficeServer server, EndPoint? remoteEndPoint, ReplyQueue replies, RunningMessages running, ConnectionDrain drain, PeerPresence peer, Action startLoop)
    {
        _replies = replies;
        _running = running;
        _startLoop = startLoop;
        _lease = new LoopLease(TakeOver, onPool: true, server.Options.WatchesStalls);
        Queued = new AdmissionQueue(server, this, peer);
        _ending = new MessageEnding(replies, running, drain, Queued);
        _work = new MessageWork(server.Logger, remoteEndPoint, replies, _ending);
    }

    /// <summary>The messages that have not begun.</summary>
    public AdmissionQueue Queued { get; }

    /// <summary>Runs a message, or queues it.</summary>
    /// <param name="message">Ready to run.</param>
    /// <param name="bytes">Memory that it takes while it is queued.</param>
    /// <returns><see langword="false"/>: it took so long that another thread has the loop.</returns>
    public bool Run(InboundMessage message, int bytes)
    {
        _running.Enter(message.InOrder);
        BlockingPredictor? predictor = message.Predictor;
        bool isAdmitted = Queued.TryAdmit(message);
        if (!isAdmitted || predictor is { IsLikely: true })
        {
            // The arguments' own code may have changed the thread's context.
            ForeignCode.Leave();
            Queued.Enqueue(message, bytes, isAdmitted);
            return true;
        }

        _predictor = predictor;
        long token = _lease.Enter();
        _work.Begin(message);
        if (_lease.TryLeave(token))
        {
            return true;
        }

        _replies.FlushAsync().Forget();
        return false;
    }

    /// <summary>Runs a message that was queued, on this thread of the pool.</summary>
    public void RunQueued(InboundMessage message)
    {
        BlockingPredictor? predictor = message.Predictor;
        long began = Environment.TickCount64;
        _work.Begin(message);
        predictor?.Took(Environment.TickCount64 - began);
        _replies.FlushAsync().Forget();
    }

    /// <inheritdoc cref="MessageEnding.Leave()"/>
    public void Leave() => _ending.Leave();

    /// <summary>Answers a queued message that is not run, and ends it.</summary>
    public void Abandon(InboundMessage message, ErrorInfo reason)
    {
        message.Abandon(reason);
        _ending.LeaveOrder(message);
        message.EndAsync().Forget();
        _ending.Leave();
        _replies.FlushAsync().Forget();
    }

    /// <summary>Replies as soon as something else is done. Counts as a message to be finished, not as a running call of the server.</summary>
    /// <param name="done">Never fails.</param>
    /// <param name="reply">Queues the reply.</param>
    public void ReplyAfter(Task done, Action reply)
    {
        _running.Enter(inOrder: false);
        ReplyAfterAsync().Forget();

        async Task ReplyAfterAsync()
        {
            await done.ConfigureAwait(false);
            reply();
            _ending.Leave();
            await _replies.FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The message under the lease takes long.</summary>
    private void TakeOver()
    {
        _predictor?.HasBlocked();
        _startLoop();
    }
}
