using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>The frames that wait for the late thread of one call, in their order, within what its server may have sent. Of those that only say the newest state one waits. Not thread-safe.</summary>
/// <param name="room">How much may wait.</param>
internal sealed class LateFrames(LateRoom room)
{
    private readonly Queue<byte[]> _frames = new();
    private byte[]? _state;
    private bool _tookState;

    /// <summary>Has a frame wait.</summary>
    /// <param name="frame">All of it.</param>
    /// <param name="isState">It says the newest state: those before it that wait are of no use any more.</param>
    /// <param name="isLast">The call ends with it.</param>
    /// <returns><see langword="false"/>: it is more than the server may send.</returns>
    public bool TryAdd(ReadOnlySpan<byte> frame, bool isState, bool isLast)
    {
        if (isState)
        {
            _state = frame.ToArray();
            return true;
        }

        if (isLast && _state is not null)
        {
            Enqueue(_state);
            _state = null;
        }

        return Enqueue(frame.ToArray());
    }

    /// <summary>Takes the next frame, a state and another in turn, so that neither waits for ever.</summary>
    /// <returns><see langword="null"/>: there is none.</returns>
    public byte[]? TakeNext()
    {
        _tookState = _state is not null && (!_tookState || _frames.Count == 0);
        if (_tookState)
        {
            (byte[]? state, _state) = (_state, null);
            return state;
        }

        if (!_frames.TryDequeue(out byte[]? frame))
        {
            return null;
        }

        room.Leave(frame.Length);
        return frame;
    }

    /// <summary>Nobody wants them any more.</summary>
    public void Clear()
    {
        while (_frames.TryDequeue(out byte[]? frame))
        {
            room.Leave(frame.Length);
        }

        _state = null;
    }

    private bool Enqueue(byte[] frame)
    {
        _frames.Enqueue(frame);
        return room.TryEnter(frame.Length);
    }
}
