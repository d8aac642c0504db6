using System.Collections.Concurrent;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.PostOffice;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.Server;

/// <summary>The calls of one channel that run and can be cancelled by their id. Thread-safe.</summary>
internal sealed class RunningCalls
{
    private readonly ConcurrentDictionary<UInt128, CallCancellation> _byId = new();

    /// <summary>The increment pairs with the decrement: how many of them send a stream.</summary>
    private int _streams;

    public static RunningCalls Of(ReplyChannel channel) => channel.GetState<RunningCalls>();

    /// <summary>Cancels the call with this id, if it has not begun on this channel, or runs there and can be told.</summary>
    public static bool TryCancel(ReplyChannel channel, UInt128 id) =>
        channel.TryWithdraw(id) || (Of(channel)._byId.TryRemove(id, out CallCancellation? cancellation) && cancellation.CancelSafely());

    /// <summary>The receiver of a stream has named a limit. One that has ended meanwhile needs none.</summary>
    public static void Raise(ReplyChannel channel, UInt128 id, StreamTotals limit)
    {
        if (Of(channel)._byId.TryGetValue(id, out CallCancellation? call) && call is StreamCancellation { Stream: { } stream })
        {
            stream.Raise(limit);
        }
    }

    /// <summary>The arguments of a call that are streams; <see langword="null"/>: it has none, or has ended.</summary>
    public static InboundArguments? FindArguments(ReplyChannel channel, UInt128 id) =>
        Of(channel)._byId.TryGetValue(id, out CallCancellation? call) && call is StreamCancellation { Arguments: { } arguments } ? arguments : null;

    /// <summary>A stream begins.</summary>
    /// <returns>How many there are with it.</returns>
    public int EnterStream() => Interlocked.Increment(ref _streams);

    /// <summary>A stream has ended.</summary>
    public void LeaveStream() => Interlocked.Decrement(ref _streams);

    public void Add(UInt128 id, CallCancellation cancellation) => _byId.TryAdd(id, cancellation);

    /// <summary>The call has ended.</summary>
    public void Remove(UInt128 id) => _byId.TryRemove(id, out _);
}
