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

    /// <summary>Who is told of a stop, and whether it counts.</summary>
    private readonly ConcurrentDictionary<StreamPulse, bool> _open = new();

    /// <summary>The increment pairs with itself and the decrement: of two that come last, one is refused.</summary>
    private int _count;

    /// <summary>Written before the open streams are told; pairs with the read behind the entry in <see cref="Add"/>: a stream that begins meanwhile is told by one of the two.</summary>
    private volatile bool _isStopping;

    /// <summary>How many calls with streams are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The server stops.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>A call with streams begins.</summary>
    /// <returns><see langword="false"/>: there are too many.</returns>
    public bool TryEnter(StreamPulse stream, ReplyChannel channel)
    {
        if (!TryCount(channel))
        {
            return false;
        }

        Add(stream, isCounted: true);
        return true;
    }

    /// <summary>The result of a call begins whose arguments count already: a call counts once, whatever of it is a stream.</summary>
    public void EnterBeside(StreamPulse stream) => Add(stream, isCounted: false);

    /// <summary>A stream that had begun has ended.</summary>
    public void Leave(StreamPulse stream, ReplyChannel channel)
    {
        if (_open.TryRemove(stream, out bool isCounted) && isCounted)
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
        foreach (StreamPulse stream in _open.Keys)
        {
            stream.BeginStop();
        }
    }

    private bool TryCount(ReplyChannel channel)
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

        Instruments.StreamsChanged(1);
        return true;
    }

    private void Add(StreamPulse stream, bool isCounted)
    {
        _open.TryAdd(stream, isCounted);
        if (_isStopping)
        {
            stream.BeginStop();
        }
    }
}
