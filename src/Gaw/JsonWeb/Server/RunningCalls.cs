using System.Collections.Concurrent;
using Gaw.PostOffice;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.Server;

/// <summary>The calls of one channel that run and can be cancelled by their id. Thread-safe.</summary>
internal sealed class RunningCalls
{
    private readonly ConcurrentDictionary<UInt128, CallCancellation> _byId = new();

    public static RunningCalls Of(ReplyChannel channel) => channel.GetState<RunningCalls>();

    /// <summary>Cancels the call with this id, if it has not begun on this channel, or runs there and can be told.</summary>
    public static bool TryCancel(ReplyChannel channel, UInt128 id) =>
        channel.TryWithdraw(id) || (Of(channel)._byId.TryRemove(id, out CallCancellation? cancellation) && cancellation.CancelSafely());

    public void Add(UInt128 id, CallCancellation cancellation) => _byId.TryAdd(id, cancellation);

    /// <summary>The call has ended.</summary>
    public void Remove(UInt128 id) => _byId.TryRemove(id, out _);
}
