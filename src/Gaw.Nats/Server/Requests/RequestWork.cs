using System.Buffers;
using Gaw.JsonWeb.Server;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Nats.Engine;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.Scheduling;
using Gaw.Serialization.Streams;
using Gaw.Shared;

namespace Gaw.Nats.Server.Requests;

/// <summary>What a request asks for: its bytes, copied off the loop that reads from the engine, are opened, bound and run. Used by one thread at a time.</summary>
/// <param name="worker">Where it came.</param>
/// <param name="route">The subject that it came on.</param>
/// <param name="request">Its place.</param>
internal sealed class RequestWork(Worker worker, RequestRoute route, NatsRequest request)
{
    private byte[] _buffer = [];

    /// <summary>Where the items of its arguments go; <see langword="null"/>: none of them is a stream. Written before the method runs, which asks for the items; pairs with the read in <see cref="TryTakeItems"/>.</summary>
    private PartQueue? _items;

    private InboundArguments? _arguments;

    /// <summary>Of the message.</summary>
    public int Length { get; private set; }

    /// <summary>What it came sealed with; <see langword="null"/>: it was not opened yet, so nobody knows whether it is a request at all.</summary>
    public IFrameProtector? Protector { get; private set; }

    /// <summary>Its replies are parts, which are of use in their order only: none is sent once more.</summary>
    public bool IsStream { get; private set; }

    /// <summary>The room of unread items of one call: as much as a caller that keeps to its limits may send ahead, for each argument.</summary>
    private long MaxUnreadBytes => StreamMark.MostOfCall * PartQueue.RoomFor(StreamTotals.DefaultWindow.Bytes, worker.Link.MaxPayloadBytes);

    /// <summary>Takes the bytes of a message that belong to the loop.</summary>
    public void Take(in ReadOnlySequence<byte> payload)
    {
        Length = (int)payload.Length;
        _buffer = ArrayPool<byte>.Shared.Rent(Length);
        payload.CopyTo(_buffer);
    }

    /// <summary>Takes items of its arguments, on the loop. Their caller wants the call, however long those take to be read that came before.</summary>
    /// <returns><see langword="false"/>: none of its arguments is a stream.</returns>
    public bool TryTakeItems(Memory<byte> document, byte[] rented)
    {
        if (Volatile.Read(ref _items) is not { } items)
        {
            return false;
        }

        _arguments!.OnHeard();
        items.Add(document, rented);
        return true;
    }

    /// <summary>Makes the request ready to run; <see langword="null"/>: it is answered already, or will not run.</summary>
    public InboundMessage? Read()
    {
        if (!TryOpen(out Memory<byte> document, out IFrameProtector protector))
        {
            Return();
            request.Leave();
            return null;
        }

        NatsChannel channel = new(worker, request, protector);
        InboundMessage? message = worker.IsBridge && !route.Takes(document.Span) ? Rejections.ReplyMisaddressed(route, channel, document.Span) : worker.PostOffice.Handler(document, channel);
        ForeignCode.Leave();
        Return();
        if (message is null)
        {
            request.Leave();
            return null;
        }

        request.GiveBackUnneeded(message);
        route.Predictor ??= message.Predictor;
        message.Place = request;
        if (Rejections.GetReasonNotToRun(worker, route, message, request.IsWithdrawn) is { } reason)
        {
            Abandon(message, reason);
            return null;
        }

        Look(message as ServerCall, protector);
        return message;
    }

    /// <summary>Runs what was read.</summary>
    /// <param name="message">What was read.</param>
    /// <param name="isLikelyToBlock">It was queued as one that keeps its thread.</param>
    public void Run(InboundMessage message, bool isLikelyToBlock)
    {
        long began = Environment.TickCount64;
        RequestRun.OfThread.Process(message, worker, request);
        if (isLikelyToBlock)
        {
            route.Predictor!.Took(Environment.TickCount64 - began);
        }
    }

    /// <summary>Ends what was read without running it.</summary>
    public void Abandon(InboundMessage message, ErrorInfo reason)
    {
        message.Abandon(reason);
        message.Place = null;
        message.EndAsync().Forget();
        request.Leave();
    }

    /// <summary>Answers that there is no place for it, on the loop that reads: so a flood is read no faster than it is answered.</summary>
    public void ReplyBusy()
    {
        if (TryOpen(out Memory<byte> document, out IFrameProtector protector))
        {
            Rejections.ReplyBusy(new NatsChannel(worker, request, protector), document.Span);
        }

        Return();
    }

    /// <summary>It has run, well or not; for the statistics of its method.</summary>
    public void CountRun(bool hasFailed) => route.Stats.Count(worker.PostOffice.Options.TimeProvider.GetElapsedTime(request.Arrived), hasFailed);

    /// <summary>Whose arguments are streams is told at once who has the call: the items that it asks for go there.</summary>
    private void Look(ServerCall? call, IFrameProtector protector)
    {
        IsStream = call is { Stream: not null };
        if (call is not { Arguments: not null })
        {
            return;
        }

        _arguments = call.Arguments;
        Volatile.Write(ref _items, new PartQueue(document => AboutCall.Handle(worker, document, protector), MaxUnreadBytes));
        if (request.Key >= 0 && request.TryMarkNoticed())
        {
            RunsNotice.PostTaken(worker, request.ReplyTo, request.Key, protector);
        }
    }

    private bool TryOpen(out Memory<byte> document, out IFrameProtector protector)
    {
        if (Opening.TryOpen(worker.PostOffice.Protectors, _buffer.AsMemory(0, Length), out document, out protector))
        {
            Protector = protector;
            return true;
        }

        Rejections.ReplyBadSeal(worker, route.Subject, new NatsChannel(worker, request, protector));
        return false;
    }

    /// <summary>Gives the bytes back to the pool; nothing may point into them any more.</summary>
    private void Return()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
