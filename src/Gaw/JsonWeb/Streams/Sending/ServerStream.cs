using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Server;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>The result of a call that is made item by item: takes the items and replies with them. One that makes them is under way at a time.</summary>
internal abstract class ServerStream(JsonWebServer server, CallReply reply, RequestHandler handler, object bound) : ItemSink
{
    /// <summary>The exchange pairs with itself: a second source is refused.</summary>
    private int _hasSource;

    private Task _sending = Task.CompletedTask;

    /// <summary>Ends the making of items; set before the call begins.</summary>
    public CallCancellation Cancellation { get; set; } = null!;

    /// <summary>It waits for its peer, mostly, so it takes no place among the calls that run.</summary>
    public abstract bool TakesSlot { get; }

    /// <summary>Items are being made. Asked when the filters have ended, which have begun it.</summary>
    public bool IsSending => !_sending.IsCompleted;

    /// <summary>How many items were sent; <see langword="null"/>: they go out as one list.</summary>
    public virtual long? SentItems => null;

    protected JsonWebServer Server => server;

    protected CallReply ReplyTo => reply;

    protected RequestHandler Handler => handler;

    protected object Bound => bound;

    protected CancellationToken Token => Cancellation.Token;

    protected TimeProvider Clock => server.PostOffice.Options.TimeProvider;

    /// <summary>What sends the result of a call as its caller takes it.</summary>
    public static ServerStream Create(JsonWebServer server, CallReply reply, RequestMeta meta, RequestHandler handler, object bound) =>
        meta.Stream is { } wish ? new PartSender(server, reply, wish, handler, bound) : new ListSender(server, reply, handler, bound);

    /// <summary>The call begins.</summary>
    /// <param name="isCounted">It counts among the open streams already, by its arguments.</param>
    /// <returns><see langword="false"/>: too many streams are open, and it must not run.</returns>
    public abstract bool TryEnter(bool isCounted);

    /// <summary>Replies with what is left, after all items were taken.</summary>
    /// <returns>What it was replied with instead.</returns>
    public abstract Exception? End();

    /// <summary>Replies with what the call has failed with, after the items that were whole.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>The call has ended, and its objects serve another.</summary>
    public abstract void Dispose();

    /// <summary>The receiver has named a limit.</summary>
    public virtual void Raise(StreamTotals limit)
    {
    }

    /// <summary>No further item is wanted: completes when the making of items has ended.</summary>
    public async ValueTask CancelAsync()
    {
        Cancellation.CancelSafely();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public sealed override ValueTask SendAsync(ItemSource source)
    {
        if (Interlocked.Exchange(ref _hasSource, 1) != 0)
        {
            throw new InvalidOperationException($"A filter of {reply.Path} went on a second time, when items may have been sent already. A stream is made once.");
        }

        Task sending = SendOnceAsync(source);
        _sending = sending;
        return new ValueTask(sending);
    }

    /// <summary>Writes the items as they come.</summary>
    protected abstract ValueTask TakeAsync(ItemSource source);

    private async Task SendOnceAsync(ItemSource source)
    {
        // Off the loop of the connection: nobody knows how long the items take.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        source.Begin(Token);
        try
        {
            await TakeAsync(source).ConfigureAwait(false);
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
