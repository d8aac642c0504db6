using System.Collections.Concurrent;
using Gaw.Nats.Wire;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Server.Running;
using Gaw.Shared;

namespace Gaw.Nats.Server.Requests;

/// <summary>The requests that a worker has, from their arrival until their reply has left: by the subject of the reply, which names a call among all clients. Thread-safe.</summary>
internal sealed class RequestTable(TimeProvider time)
{
    /// <summary>A worker that still has a call after so long tells its caller, who then asks nobody else.</summary>
    public static readonly TimeSpan NoticeAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, NatsRequest> _byReply = new(StringComparer.Ordinal);

    /// <summary>A counter: the increment pairs with the read in <see cref="ReceivedCount"/>, which is a figure only.</summary>
    private long _received;

    /// <summary>Requests, and replies that wait for something else.</summary>
    public RunningMessages Running { get; } = new();

    public long ReceivedCount => Interlocked.Read(ref _received);

    public void Count() => Interlocked.Increment(ref _received);

    /// <summary>A request has come. <see langword="false"/>: it is here already, so this is a copy.</summary>
    public bool TryAdd(NatsRequest request)
    {
        if (!_byReply.TryAdd(request.ReplyTo, request))
        {
            return false;
        }

        Running.Enter(inOrder: false);
        return true;
    }

    /// <summary>The request is done, and its reply has left.</summary>
    public void Remove(NatsRequest request)
    {
        _byReply.TryRemove(request.ReplyTo, out _);
        Running.Leave();
    }

    /// <summary>The request whose reply goes to this subject; <see langword="null"/>: it is not here.</summary>
    public NatsRequest? Find(string replyTo) => _byReply.GetValueOrDefault(replyTo);

    /// <summary>Ends requests that wait for a place, without running them.</summary>
    /// <param name="reason">Is told to their callers.</param>
    /// <param name="which">Chooses them.</param>
    public void DropWaiting(ErrorInfo reason, Func<NatsRequest, bool> which)
    {
        foreach (NatsRequest request in _byReply.Values.Where(which))
        {
            request.TryDrop(reason);
        }
    }

    /// <summary>The calls whose callers are to be told that they are here, by the callers' inboxes; each is told once.</summary>
    public Dictionary<string, List<(int Key, IFrameProtector Protector)>> TakeDueNotices()
    {
        Dictionary<string, List<(int Key, IFrameProtector Protector)>> due = new(StringComparer.Ordinal);
        foreach (NatsRequest request in _byReply.Values)
        {
            if (time.GetElapsedTime(request.Arrived) < NoticeAfter || request.Key < 0 || request.Work.Protector is not { } protector || !request.TryMarkNoticed())
            {
                continue;
            }

            string inbox = NatsSubjects.InboxOf(request.ReplyTo);
            if (!due.TryGetValue(inbox, out List<(int, IFrameProtector)>? keys))
            {
                due.Add(inbox, keys = []);
            }

            keys.Add((request.Key, protector));
        }

        return due;
    }
}
