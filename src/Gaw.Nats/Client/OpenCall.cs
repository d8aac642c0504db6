using Gaw.Nats.Engine;
using Gaw.PostOffice;

namespace Gaw.Nats.Client;

/// <summary>
/// A call that waits for its reply, as the route sees it. Under the gate of <see cref="RouteCalls"/>, but for <see cref="Deadline"/>, which the reader of its parts moves,
/// and a sender's look at <see cref="Worker"/>: a value that is a moment old is as good for both.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="target">Where it went.</param>
/// <param name="now">When it was sent, on the route's clock.</param>
/// <param name="deadline">When its time is over.</param>
internal sealed class OpenCall(PendingCall call, CallSubject target, TimeSpan now, TimeSpan deadline)
{
    /// <summary>Asks all workers who has the call, until one has said so.</summary>
    public Suspicion Suspicion = Suspicion.AfterSending(now);

    public PendingCall Call => call;

    public int Key { get; } = call.Key;

    public CallSubject Target => target;

    public TimeSpan Sent => now;

    /// <summary>A stream has none from its first part on: it watches its own time.</summary>
    public TimeSpan Deadline { get; set; } = deadline;

    /// <summary>The parts of its result that have come and were not read; <see langword="null"/>: it has one reply.</summary>
    public PartQueue? Parts { get; set; }

    /// <summary>Something of it has come that was not read yet.</summary>
    public bool HasUnread => Parts is { HasUnread: true };

    /// <summary>A worker without a place was to keep it.</summary>
    public bool MayWait { get; init; }

    /// <summary>Who has it; <see langword="null"/>: nobody has said so.</summary>
    public KnownWorker? Worker { get; set; }

    /// <summary>So often its worker did not name it among the calls that it has.</summary>
    public int Missed { get; set; }
}

/// <summary>A worker that has calls of this client. Under the route's gate.</summary>
internal sealed class KnownWorker(string name, TimeSpan now)
{
    public Suspicion Suspicion = Suspicion.AfterSign(now);

    public string Name => name;

    public Dictionary<int, OpenCall> Calls { get; } = [];

    /// <summary>The number of the last question.</summary>
    public int Question { get; set; }

    /// <summary>The calls that it was asked for.</summary>
    public int[] Asked { get; set; } = [];
}
