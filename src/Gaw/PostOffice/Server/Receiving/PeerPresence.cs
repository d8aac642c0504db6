using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Server.Receiving;

/// <summary>Whether the peer of a connection can still be answered, and the tokens that fire when it cannot. Only goes from present to left to lost. Thread-safe.</summary>
internal sealed class PeerPresence(ILogger log)
{
    private readonly LazyCancellation _left = new(log);
    private readonly LazyCancellation _lost = new(log);

    /// <summary>Written in <see cref="Leave"/>, before the tokens fire; pairs with the read in <c>AdmissionQueue.Begin</c>, before a queued call runs.</summary>
    private volatile bool _hasLeft;

    /// <summary>Written in <see cref="Lose"/>, before the tokens fire; pairs with the read in <c>AdmissionQueue.Enqueue</c>, after the call is in the queue.</summary>
    private volatile bool _isLost;

    /// <summary>The peer sends nothing more. One that awaits its replies in order may still read them; any other is gone.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>The connection is cut off: nobody can be answered.</summary>
    public bool IsLost => _isLost;

    /// <summary>Fires when the peer is known to be gone.</summary>
    /// <param name="inOrder">The end of its stream is no loss, as a peer of in-order messages may still wait for replies.</param>
    public CancellationToken GetLostToken(bool inOrder) => (inOrder ? _lost : _left).Token;

    /// <summary>The stream of the peer has ended.</summary>
    public void Leave()
    {
        _hasLeft = true;
        _left.Cancel();
    }

    /// <summary>The connection is cut off.</summary>
    public void Lose()
    {
        _isLost = true;
        _lost.Cancel();
        _left.Cancel();
    }
}
