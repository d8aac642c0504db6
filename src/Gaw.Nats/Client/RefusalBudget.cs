using Gaw.JsonWeb.Client.Retries;

namespace Gaw.Nats.Client;

/// <summary>
/// Whether a call may be refused by a full worker, so that it finds one with a free place, or is to wait at the worker
/// that gets it. Refusals cost messages: a client can afford a few, and then one for each call that
/// is answered. So the messages of a client double at most, where all workers are full. Pure; under the route's gate.
/// </summary>
internal sealed class RefusalBudget
{
    /// <summary>What a client begins with, and has at most.</summary>
    public const int MostCredit = 64;

    /// <summary>A refusal is a reply, too: it gives one and costs two.</summary>
    private const int CostOfRefusal = 2;

    /// <summary>A busy worker that has taken so long has let the call wait before it gave it back. The next attempt may follow at once, as this bounds how often.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(0.5);

    private int _credit = MostCredit;

    /// <summary>The next attempt of a call is to wait where it arrives.</summary>
    /// <param name="refusals">So many full workers have refused the call.</param>
    public bool MayWait(int refusals) => refusals >= Failover.MostRefusals || _credit <= 0;

    /// <summary>The worker that gives a call back as busy has let it wait.</summary>
    /// <param name="mayWait">It was to wait there.</param>
    /// <param name="taken">From sending it until the reply came.</param>
    public static bool HasWaited(bool mayWait, TimeSpan taken) => mayWait && taken >= ShortestWait;

    /// <summary>A reply has come, whatever it says; then, for some of them, that it is a refusal.</summary>
    public void Count(bool wasRefused) => _credit = wasRefused ? Math.Max(0, _credit - CostOfRefusal) : Math.Min(MostCredit, _credit + 1);
}
