using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gaw.Json;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server.Running;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.Testing.Carrier;

/// <summary>The server's end of a connection over memory. A request is a document, and each runs on a thread of the pool.</summary>
/// <param name="memory">The server.</param>
/// <param name="deliver">Takes a reply to the client: the frame as it would leave, unsealed.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Calls may ask for the token after the connection's end; it has no timer.")]
internal sealed class MemoryChannel(MemoryServer memory, Action<byte[]> deliver) : ReplyChannel
{
    private readonly CancellationTokenSource _lost = new();

    /// <summary>The exchange in <see cref="End"/> pairs with itself: one reply announces, whichever thread writes it.</summary>
    private int _hasAnnounced;

    public override EndPoint? RemoteEndPoint => MemoryEndPoint.Instance;

    public override X509Certificate2? ClientCertificate => null;

    public override bool RejectsNewCalls => memory.IsStopping;

    protected override ReadOnlySpan<byte> Head => ReplyEnvelope.Head;

    /// <summary>Makes the request ready, and runs it on this thread of the pool.</summary>
    public void Receive(byte[] document)
    {
        ForeignCode.BeginLoop();
        InboundMessage? message = memory.Server.Handler(document, this);
        ForeignCode.Leave();
        if (message is null)
        {
            return;
        }

        memory.Running.Enter(inOrder: false);
        if (memory.Slots is { } slots && message.TakesSlot)
        {
            RunInTurnAsync(message, slots).Forget();
        }
        else
        {
            RunAsync(message).Forget();
        }
    }

    /// <summary>The connection is lost: calls that run are told.</summary>
    public void Lose() => _lost.CancelAsync().Forget();

    public override CancellationToken GetLostToken(bool inOrder) => _lost.Token;

    public override JsonWriter Begin()
    {
        JsonWriter writer = MessageWriter.Rent(memory.Server.Options.MaxFrameBytes);
        writer.Append(ReplyEnvelope.Head);
        return writer;
    }

    public override void End(JsonWriter reply, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false)
    {
        // The exchange pairs with itself: one reply announces, whichever thread writes it.
        bool tells = Interlocked.Exchange(ref _hasAnnounced, 1) == 0 || again;
        reply.MaxLength = int.MaxValue;
        if (inOrder || (!tells && meta.IsEmpty))
        {
            reply.Append(ReplyEnvelope.Tail);
        }
        else
        {
            ReplyEnvelope.EndWithMeta(reply, tells ? memory.Server.Announce?.Invoke() : default, meta);
        }

        Deliver(reply);
    }

    public override int GetMetaRoom(JsonWriter reply) => Math.Max(0, memory.Server.Options.MaxFrameBytes - reply.Length - ReplyEnvelope.MaxTailBytes);

    public override void ReplyError(ErrorInfo error)
    {
        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        ErrorFrame.Write(writer, error);
        Deliver(writer);
    }

    public override void ReplyAfter(Task done, Action reply)
    {
        memory.Running.Enter(inOrder: false);
        ReplyAfterAsync().Forget();

        async Task ReplyAfterAsync()
        {
            await done.ConfigureAwait(false);
            reply();
            memory.Running.Leave();
        }
    }

    /// <summary>A call that waits for its turn here is told by its token once it runs.</summary>
    public override bool TryWithdraw(UInt128 number) => false;

    public override bool BelongsTo(object server) => ReferenceEquals(memory.Server, server);

    public override void AwaitStop() => memory.Running.AwaitStop();

    private void Deliver(JsonWriter writer)
    {
        byte[] frame = writer.Written.ToArray();
        MessageWriter.Return(writer);
        deliver(frame);
    }

    private async Task RunInTurnAsync(InboundMessage message, SemaphoreSlim slots)
    {
        await slots.WaitAsync().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            ForeignCode.BeginLoop();
            await RunAsync(message).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task RunAsync(InboundMessage message)
    {
        try
        {
            await Start(message).ConfigureAwait(false);
        }
        finally
        {
            ValueTask ending = EndWithWork(message, out RunningCall work);
            try
            {
                await ending.ConfigureAwait(false);
            }
            finally
            {
                if (work.End())
                {
                    memory.Running.StopAwaitingStop();
                }

                memory.Running.Leave();
            }
        }
    }

    /// <summary>Not in an asynchronous method: it would bring the context back that the thread has left.</summary>
    private static ValueTask Start(InboundMessage message)
    {
        ValueTask processing = MessageInvoker.Start(message);
        ForeignCode.Leave();
        return processing;
    }

    /// <inheritdoc cref="Start"/>
    private static ValueTask EndWithWork(InboundMessage message, out RunningCall work)
    {
        ValueTask ending = MessageInvoker.End(message, out work);
        ForeignCode.Leave();
        return ending;
    }
}
