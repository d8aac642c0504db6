using System.Collections.Concurrent;
using Gaw.JsonWeb.Server;
using Gaw.PostOffice;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>The streams that a server sends or takes at this moment: how many there may be, and who has to be told of a stop. Thread-safe.</summary>
/// <param name="most">How many there may be.</param>
internal sealed class ServerStreams(int most)
{
    /// <summary>So many one peer may have: it shares the others' memory.</summary>
    private const int MostOfPeer = 1000;

    private readonly ConcurrentDictionary<StreamPulse, StreamPulse> _open = new();

    /// <summary>The increment pairs with itself and the decrement: of two that come last, one is refused.</summary>
    private int _count;

    /// <summary>Written before the open streams are told; pairs with the read behind the entry in <see cref="TryEnter"/>: a stream that begins meanwhile is told by one of the two.</summary>
    private volatile bool _isStopping;

    /// <summary>How many are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The server stops.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>A stream begins.</summary>
    /// <returns><see langword="false"/>: there are too many.</returns>
    public bool TryEnter(StreamPulse stream, ReplyChannel channel)
    {
        RunningCalls peer = RunningCalls.Of(channel);
        bool isOneTooMany = Interlocked.Increment(ref _count) > most;
        bool isPeersOneTooMany = peer.EnterStream() > MostOfPeer && channel.IsOfOnePeer;
        if (isOneTooMany || isPeersOneTooMany)
        {
            Interlocked.Decrement(ref _count);
            peer.LeaveStream();
            Instruments.Refused("streams");
            return false;
        }

        _open.TryAdd(stream, stream);
        Instruments.StreamsChanged(1);
        if (_isStopping)
        {
            stream.BeginStop();
        }

        return true;
    }

    /// <summary>A stream that had begun has ended.</summary>
    public void Leave(StreamPulse stream, ReplyChannel channel)
    {
        if (_open.TryRemove(stream, out _))
        {
            Interlocked.Decrement(ref _count);
            Instruments.StreamsChanged(-1);
            RunningCalls.Of(channel).LeaveStream();
        }
    }

    /// <summary>The server stops: streams that have nothing to send end.</summary>
    public void BeginStop()
    {
        _isStopping = true;
        Interlocked.MemoryBarrier();
        foreach (StreamPulse stream in _open.Values)
        {
            stream.BeginStop();
        }
    }
}
