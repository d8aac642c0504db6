using System.Diagnostics.CodeAnalysis;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>
/// Sends the items of one argument of a call that was sent (PROTOCOL section 12.11). Nothing is asked of the source before the method begins to read: the first limit that it names above zero begins the stream.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The one who sends disposes it; where nobody does, it holds nothing.")]
internal sealed class ArgumentSender : PartTarget
{
    /// <summary>Bytes behind the items of a message: totals, the end, the envelope.</summary>
    private const int TailBytes = 160;

    private readonly ArgumentStreams _streams;
    private readonly ArgumentRoute _call;
    private readonly int _number;
    private readonly ItemSource _source;
    private readonly PartPump _pump;

    /// <summary>Messages leave in the order of their totals.</summary>
    private readonly Lock _gate = new();
    private StreamTotals _said;
    private bool _hasSaidEnd;
    private ErrorInfo? _saidFailure;

    /// <summary>The exchange pairs with itself: of two limits, one begins the stream.</summary>
    private int _hasBegun;

    /// <param name="streams">The streams of the call.</param>
    /// <param name="call">The attempt.</param>
    /// <param name="number">The number of the stream.</param>
    /// <param name="source">The caller's own code.</param>
    public ArgumentSender(ArgumentStreams streams, ArgumentRoute call, int number, ItemSource source)
    {
        _streams = streams;
        _call = call;
        _number = number;
        _source = source;
        _pump = new PartPump(this, default);
    }

    public override string Path => _call.Call.Path;

    public override bool IsFull => _call.Route.IsFull;

    public override Task WhenRoomAsync() => _call.Route.WhenRoomAsync();

    /// <summary>The method has named a limit. On any thread.</summary>
    public void Raise(StreamTotals limit)
    {
        _pump.Raise(limit);
        if (limit is { Items: > 0, Bytes: > 0 } && Interlocked.Exchange(ref _hasBegun, 1) == 0)
        {
            _streams.Begin(this);
        }
    }

    public override JsonWriter Begin()
    {
        JsonWriter writer = _call.Carrier.RentWriter();
        _call.BeginItems(writer, _number);
        writer.MaxLength = Math.Max(writer.Length, Math.Min(writer.MaxLength, _call.Route.MaxMessageBytes) - TailBytes);
        return writer;
    }

    public override void Send(JsonWriter part, StreamTotals sent)
    {
        lock (_gate)
        {
            _said = sent;
            Post(part, sent, isLast: false, failure: null);
        }
    }

    /// <summary>Says again what was said last, without items.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            Post(Begin(), _said, _hasSaidEnd, _saidFailure);
        }
    }

    /// <summary>Sends all items, to the end of the stream or of the call.</summary>
    public async Task SendAsync()
    {
        CancellationToken cancellationToken = _streams.Token;

        // Off the thread that reads: nobody knows how long the items take.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using PartPump pump = _pump;
        Exception? failure = null;
        try
        {
            _source.Begin(cancellationToken);
            try
            {
                await pump.TakeAsync(_source, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await _source.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // The call has ended: nobody waits for items, nor for what has become of them.
            return;
        }

        if (failure is not null)
        {
            _streams.OnFailed(failure);

            // Its text may be long: it does not share a message with items.
            pump.LeaveAll();
        }

        SendLast(pump.TakeRest(), pump.Sent, failure is null ? null : ErrorInfo.Of(failure, withTrace: false));
    }

    private void SendLast(JsonWriter part, StreamTotals sent, ErrorInfo? failure)
    {
        lock (_gate)
        {
            (_said, _hasSaidEnd, _saidFailure) = (sent, true, failure);
            Post(part, sent, isLast: true, failure);
        }
    }

    private void Post(JsonWriter part, StreamTotals sent, bool isLast, ErrorInfo? failure)
    {
        JsonWriter.Mark items = part.GetMark();
        if (failure is null)
        {
            part.MaxLength = int.MaxValue;
        }

        try
        {
            ControlRequestWriter.EndItems(part, sent, isLast, failure);
        }
        catch (GawSerializationException) when (failure is not null)
        {
            part.Rollback(items);
            part.MaxLength = int.MaxValue;
            ControlRequestWriter.EndItems(part, sent, isLast, failure.Shorten());
        }

        _call.Tell(part);
    }
}
