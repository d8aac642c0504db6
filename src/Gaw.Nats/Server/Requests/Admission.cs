namespace Gaw.Nats.Server.Requests;

/// <summary>
/// What becomes of a request that comes: it runs where a place is free. Otherwise its caller is told so and looks for
/// another worker; only a call that has looked in vain waits here, since it would not find that another
/// worker becomes free. Not many wait: they begin in a bounded time, and a worker that dies takes few with it. Pure.
/// </summary>
internal static class Admission
{
    /// <summary>Requests that have not begun may hold so much: as much as is read of a TCP connection.</summary>
    public const long MostBytes = 4 * 1024 * 1024;

    private const int MostWaitingPerPlace = 16;
    private const int FewWaiting = 64;

    /// <summary>A call that has waited so long is given back: another worker may have a place by now, and only its caller can find it.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>So many may wait for a place.</summary>
    /// <param name="places">So many calls may run.</param>
    public static int MostWaiting(int places) => (int)Math.Clamp((long)places * MostWaitingPerPlace, FewWaiting, int.MaxValue);

    public static AdmissionStep Decide(in AdmissionFacts facts) => facts switch
    {
        // One alone is taken, however large it is.
        { BytesBefore: > MostBytes } => AdmissionStep.Refuse,
        { HasPlace: true } => AdmissionStep.Run,
        { MayWait: true } when facts.Waiting < MostWaiting(facts.Places) => AdmissionStep.Hold,
        _ => AdmissionStep.Refuse,
    };
}
