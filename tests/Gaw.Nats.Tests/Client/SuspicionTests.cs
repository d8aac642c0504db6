using Gaw.Nats.Client;

namespace Gaw.Nats.Tests.Client;

public sealed class SuspicionTests
{
    [Fact]
    public void Three_questions_are_asked_and_then_it_is_given_up()
    {
        Suspicion call = Suspicion.AfterSending(Seconds(10));

        Look(ref call, 11.4).Should().Be(SuspicionStep.Wait, "a worker that has it says so after a second");
        Look(ref call, 11.5).Should().Be(SuspicionStep.Ask);
        Look(ref call, 12.4).Should().Be(SuspicionStep.Wait);
        Look(ref call, 12.5).Should().Be(SuspicionStep.Ask);
        Look(ref call, 13.5).Should().Be(SuspicionStep.Ask);
        Look(ref call, 14.4).Should().Be(SuspicionStep.Wait, "the last answer has its second, too");
        Look(ref call, 14.5).Should().Be(SuspicionStep.GiveUp);
    }

    [Fact]
    public void After_a_sign_of_life_nobody_is_asked_for_a_while()
    {
        Suspicion worker = Suspicion.AfterSign(Seconds(10));

        Look(ref worker, 11.9).Should().Be(SuspicionStep.Wait);
        Look(ref worker, 12).Should().Be(SuspicionStep.Ask);
    }

    [Fact]
    public void A_look_that_comes_late_asks_once_and_not_for_each_second_missed()
    {
        Suspicion call = Suspicion.AfterSending(TimeSpan.Zero);

        Look(ref call, 60).Should().Be(SuspicionStep.Ask, "a process that was suspended accuses nobody");
        Look(ref call, 60.5).Should().Be(SuspicionStep.Wait);
        Look(ref call, 61).Should().Be(SuspicionStep.Ask);
    }

    [Fact]
    public void One_that_does_not_listen_is_asked_at_once_unless_a_question_is_out_or_due()
    {
        Suspicion silent = Suspicion.AfterSign(Seconds(10));
        Suspicion returns = Suspicion.AfterAbsence(Seconds(10));

        silent.Hurry(Seconds(10.5));
        returns.Hurry(Seconds(10));

        Look(ref silent, 10.5).Should().Be(SuspicionStep.Ask);
        silent.Hurry(Seconds(10.6));
        Look(ref silent, 10.6).Should().Be(SuspicionStep.Wait);
        Look(ref returns, 10).Should().Be(SuspicionStep.Wait);
        Look(ref returns, 11).Should().Be(SuspicionStep.Ask);
    }

    private static SuspicionStep Look(ref Suspicion suspicion, double now) => suspicion.Look(Seconds(now));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
