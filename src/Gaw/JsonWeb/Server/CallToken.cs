using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.Server;

/// <summary>The token of one call that can be cancelled by its caller, from when its method asks for it until the call has ended.</summary>
internal struct CallToken
{
    private CallCancellation? _cancellation;
    private CancellationTokenRegistration _lost;
    private UInt128? _number;

    /// <summary>Makes the source, and enters it where a cancellation looks for it.</summary>
    /// <param name="number">The call's id; <see langword="null"/>: its caller cannot cancel it.</param>
    /// <param name="cancellation">The source: it ends with the caller's time.</param>
    /// <param name="reply">Where the reply goes and is kept.</param>
    /// <param name="call">The call, which may have been withdrawn already.</param>
    /// <param name="lost">Fires when the caller is known to be gone.</param>
    public CancellationToken Open(UInt128? number, CallCancellation cancellation, CallReply reply, InboundMessage call, CancellationToken lost)
    {
        _number = number;
        _cancellation = cancellation;
        _lost = lost.UnsafeRegister(static source => ((CallCancellation)source!).CancelSafely(), cancellation);
        reply.Kept?.Cancellation = cancellation;
        if (number is { } known)
        {
            RunningCalls.Of(reply.Channel).Add(known, cancellation);
        }

        // Pairs with the order in RunningCalls.TryCancel: either it finds the source there, or its mark is seen here.
        if (call.IsWithdrawn)
        {
            cancellation.CancelSafely();
        }

        return cancellation.Token;
    }

    /// <summary>The call has ended: nobody finds its source any more.</summary>
    public void Close(ReplyChannel channel, CachedReply? kept)
    {
        if (_cancellation is null)
        {
            return;
        }

        if (_number is { } known)
        {
            RunningCalls.Of(channel).Remove(known);
        }

        _lost.Dispose();
        kept?.Cancellation = null;
        _cancellation.Dispose();
        _cancellation = null;
    }
}
