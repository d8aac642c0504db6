using Gaw.PostOffice.Replies;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>
/// Calls into which a thread reads that has lost the loop: it is inside the code of an item's type. What comes meanwhile for one of them waits for that thread, so that parts are read in their order. A server
/// that keeps to its credit cannot send much of it; one that does not is cut off. Thread-safe.
/// </summary>
/// <param name="largestFrame">The most that one frame can have, in bytes.</param>
internal sealed class LateReads(int largestFrame)
{
    /// <summary>What stands around the items of a frame, but for metadata of the program's own.</summary>
    private const int EnvelopeBytes = 512;

    private readonly Lock _gate = new();

    /// <summary>By call; <see langword="null"/>: its late thread has come before the one that takes over, and is through.</summary>
    private readonly Dictionary<PendingCall, LateFrames?> _waiting = [];

    /// <summary>Written under the gate: raised before another thread takes the next frame, lowered after the late thread has read its last one. Pairs with the read in <see cref="Add"/>: who finds none may read into any call.</summary>
    private volatile int _count;

    /// <summary>The thread that reads into a call has lost the loop; no other has it yet.</summary>
    public void Begin(PendingCall call)
    {
        lock (_gate)
        {
            (long items, long bytes) = call.Window;
            if (!_waiting.TryAdd(call, new LateFrames(new LateRoom(items, bytes, largestFrame, EnvelopeBytes))))
            {
                _waiting.Remove(call);
            }

            _count = _waiting.Count;
        }
    }

    /// <summary>Has a frame wait, if a late thread reads into the call that it belongs to.</summary>
    /// <param name="reply">The parts of the frame.</param>
    /// <param name="frame">All of it.</param>
    public LateReply Add(in Reply reply, ReadOnlySpan<byte> frame)
    {
        if (_count == 0)
        {
            return LateReply.NotLate;
        }

        lock (_gate)
        {
            foreach ((PendingCall call, LateFrames? frames) in _waiting)
            {
                if (frames is null || !call.HasId(reply.Id))
                {
                    continue;
                }

                bool isPart = reply.Kind == ReplyKind.Part;
                if (call.IsDone)
                {
                    // Left meanwhile: its parts are dropped, and its last reply forgets it.
                    frames.Clear();
                    return isPart ? LateReply.Waits : LateReply.NotLate;
                }

                if (frames.TryAdd(frame, isState: isPart && call.IsState(reply.Meta), isLast: !isPart))
                {
                    return LateReply.Waits;
                }

                frames.Clear();
                return LateReply.Overrun;
            }
        }

        return LateReply.NotLate;
    }

    /// <summary>For the late thread, which has read what it had.</summary>
    /// <returns>What has come since; <see langword="null"/>: nothing, and other threads read into the call again.</returns>
    public byte[]? TakeNext(PendingCall call)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(call, out LateFrames? frames))
            {
                _waiting.Add(call, null);
            }
            else if (frames!.TakeNext() is { } frame)
            {
                return frame;
            }
            else
            {
                _waiting.Remove(call);
            }

            _count = _waiting.Count;
            return null;
        }
    }
}
