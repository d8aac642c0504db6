using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Server;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>Replies with all items in one list: to an original client, and to one that calls the method as one with a list.</summary>
internal sealed class ListSender(JsonWebServer server, CallReply reply, RequestHandler handler, object bound) : ServerStream(server, reply, handler, bound)
{
    /// <summary>An original client has no time-out of its own, and its connection is blocked meanwhile.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(100);

    private JsonWriter? _writer;
    private ITimer? _timer;

    /// <summary>Written before the token fires; pairs with the read where the call ends.</summary>
    private volatile bool _isOverdue;

    public override bool TakesSlot => true;

    public override bool TryEnter(bool isCounted)
    {
        _timer = Background.CreateTimer(
            Clock,
            static self =>
            {
                ListSender sender = (ListSender)self!;
                sender._isOverdue = true;
                sender.Cancellation.CancelSafely();
            },
            this,
            Timeout.InfiniteTimeSpan);
        _timer.Change(MostTime, Timeout.InfiniteTimeSpan);
        return true;
    }

    public override Exception? End()
    {
        if (_isOverdue)
        {
            GawError overdue = StreamErrors.Overdue(ReplyTo.Path, MostTime);
            ReplyTo.Failure(overdue, Handler, Bound);
            return overdue;
        }

        JsonWriter writer = _writer ??= Begin();
        _writer = null;
        byte[] meta;
        try
        {
            writer.EndArray();
            ResponseWriter.End(writer);
            meta = ReplyTo.WriteHeaders(writer, Handler, Bound);
        }
        catch (Exception e)
        {
            writer.Dispose();
            ReplyTo.Failure(e, Handler, Bound);
            return e;
        }

        ReplyTo.Send(writer, meta);
        return null;
    }

    public override void Fail(Exception exception) => ReplyTo.Failure(_isOverdue ? StreamErrors.Overdue(ReplyTo.Path, MostTime) : exception, Handler, Bound);

    public override void Dispose()
    {
        _timer?.Dispose();
        _writer?.Dispose();
    }

    protected override async ValueTask TakeAsync(ItemSource source)
    {
        JsonWriter writer = _writer = Begin();
        while (await source.MoveNextAsync().ConfigureAwait(false))
        {
            Token.ThrowIfCancellationRequested();
            try
            {
                source.Write(writer);
            }
            catch (GawSerializationException e) when (writer.Length > writer.MaxLength)
            {
                throw StreamErrors.TooLong(ReplyTo.Path, writer.MaxLength, e);
            }
        }
    }

    private JsonWriter Begin()
    {
        JsonWriter writer = ReplyTo.Channel.Begin();
        ResponseWriter.BeginResult(writer, ReplyTo.Id.Text);
        writer.BeginArray();
        return writer;
    }
}
