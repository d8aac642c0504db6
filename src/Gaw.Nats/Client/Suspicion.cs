namespace Gaw.Nats.Client;

/// <summary>
/// Whether somebody who ought to give a sign of life still does. A broker does not tell that a peer has died, so it
/// is asked for, and only where a call takes long. One that is starved may be late with its
/// answer: it gets three tries. Pure: times in, steps out.
/// </summary>
internal struct Suspicion
{
    /// <summary>So many questions without a notice, and it is gone.</summary>
    public const int Tries = 3;

    /// <summary>A worker that still has a call after a second says so by itself; who has heard nothing by then asks.</summary>
    public static readonly TimeSpan FirstQuestion = TimeSpan.FromSeconds(1.5);

    /// <summary>From one unanswered question to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>From a sign of life to the next question.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private TimeSpan _next;
    private int _asked;

    /// <summary>When there is something to be done.</summary>
    public readonly TimeSpan Next => _next;

    /// <summary>A call was sent, and nobody has said yet that he has it.</summary>
    public static Suspicion AfterSending(TimeSpan now) => new() { _next = now + FirstQuestion };

    /// <summary>A sign of life has come.</summary>
    public static Suspicion AfterSign(TimeSpan now) => new() { _next = now + Quiet };

    /// <summary>The engine was away: what was asked is forgotten, and so is what was not answered.</summary>
    public static Suspicion AfterAbsence(TimeSpan now) => new() { _next = now + Interval };

    /// <summary>
    /// A message to the peer has found nobody, so the peer is asked at once. A question that is out, or due within <see cref="Interval"/>, is enough:
    /// otherwise many such signs would begin the tries again without end.
    /// </summary>
    public void Hurry(TimeSpan now)
    {
        if (_asked == 0 && _next - now > Interval)
        {
            _next = now;
        }
    }

    /// <summary>What is to be done now.</summary>
    public SuspicionStep Look(TimeSpan now)
    {
        if (now < _next)
        {
            return SuspicionStep.Wait;
        }

        if (_asked == Tries)
        {
            return SuspicionStep.GiveUp;
        }

        _asked++;
        _next = now + Interval;
        return SuspicionStep.Ask;
    }
}
