using System.Buffers;
using Gaw.Nats.Client;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.Tests.Support;

namespace Gaw.Nats.Tests.Client;

/// <summary>Who is asked for calls that take long, and which are lost: times and notices in, questions and losses out.</summary>
public sealed class CallWatchTests
{
    private static readonly CallSubject Stock = new("gaw.stock.find", "gaw.$.stock", "stock");
    private static readonly CallSubject Order = new("gaw.order.place", "gaw.$.order", "order");

    private readonly CallWatch _watch = new();

    [Fact]
    public void Short_calls_cost_no_question()
    {
        Send(1, Stock, at: 0);
        Take(1);

        Look(100).Questions.Should().BeEmpty();
    }

    [Fact]
    public void All_calls_of_a_service_that_nobody_has_spoken_for_are_asked_for_in_one_message()
    {
        Send(1, Stock, at: 0);
        Send(2, Stock, at: 0);
        Send(3, Order, at: 0);

        CallWatchResult result = Look(1.5);

        result.Questions.Select(static question => (question.Everybody, string.Join(' ', question.Keys))).Should().BeEquivalentTo([("gaw.$.stock", "1 2"), ("gaw.$.order", "3")]);
        result.Lost.Should().BeEmpty();
    }

    [Fact]
    public void Very_many_calls_are_asked_for_in_several_messages()
    {
        for (int key = 0; key < ControlMessage.MaxKeys + 1; key++)
        {
            Send(key, Stock, at: 0);
        }

        Look(1.5).Questions.Select(static question => question.Keys.Count).Should().Equal(ControlMessage.MaxKeys, 1);
    }

    [Fact]
    public void A_call_that_nobody_speaks_for_is_lost_after_three_questions()
    {
        Send(1, Stock, at: 0);

        Look(1.5).Questions.Should().ContainSingle();
        Look(2.5).Questions.Should().ContainSingle();
        Look(3.5).Questions.Should().ContainSingle();
        CallWatchResult last = Look(4.5);

        last.Lost.Should().ContainSingle().Which.Key.Should().Be(1);
        _watch.Count.Should().Be(0);
    }

    [Fact]
    public void A_worker_that_has_spoken_is_asked_alone_with_one_message_for_all_its_calls()
    {
        Send(1, Stock, at: 0);
        Send(2, Order, at: 0);
        Heard("w1", [1, 2], at: 1.2);

        Look(3.1).Questions.Should().BeEmpty();
        Question question = Look(3.2).Questions.Should().ContainSingle().Which;

        (question.Everybody, question.Worker).Should().Be((null, "w1"));
        question.Keys.Should().BeEquivalentTo([1, 2]);
    }

    [Fact]
    public void A_worker_that_answers_keeps_its_calls_however_long_they_take()
    {
        Send(1, Stock, at: 0);
        Heard("w1", [1], at: 1);
        for (double now = 1; now < 600; now += 0.1)
        {
            CallWatchResult result = Look(now);
            result.Lost.Should().BeEmpty();
            foreach (Question question in result.Questions)
            {
                Heard("w1", [1], at: now, question.Number).Should().BeEmpty();
            }
        }
    }

    [Fact]
    public void A_worker_that_does_not_answer_three_times_has_lost_all_its_calls()
    {
        Send(1, Stock, at: 0);
        Send(2, Stock, at: 0);
        Heard("w1", [1, 2], at: 1);

        Look(3).Questions.Should().ContainSingle();
        Look(4).Questions.Should().ContainSingle();
        Look(5).Questions.Should().ContainSingle();

        Look(6).Lost.Select(static call => call.Key).Should().BeEquivalentTo([1, 2]);
        Look(60).Questions.Should().BeEmpty("nobody is left to ask");
    }

    [Fact]
    public void A_call_that_its_worker_lacks_twice_is_lost_and_one_lack_is_forgiven()
    {
        Send(1, Stock, at: 0);
        Send(2, Stock, at: 0);
        Heard("w1", [1, 2], at: 1);
        int first = Look(3).Questions.Single().Number;
        Heard("w1", [2], at: 3.1, first).Should().BeEmpty("its reply may be on its way");
        int second = Look(4.1).Questions.Single().Number;

        Heard("w1", [2], at: 4.2, second).Should().ContainSingle().Which.Key.Should().Be(1);
        _watch.Count.Should().Be(1);
    }

    [Fact]
    public void An_answer_to_an_older_question_lacks_nothing()
    {
        Send(1, Stock, at: 0);
        Heard("w1", [1], at: 1);
        int old = Look(3).Questions.Single().Number;
        Look(4);

        Heard("w1", [], at: 4.1, old).Should().BeEmpty();
        Heard("w1", [], at: 4.2).Should().BeEmpty("a notice is no answer");
    }

    [Fact]
    public void A_reply_that_came_before_the_answer_leaves_nothing_to_lack()
    {
        Send(1, Stock, at: 0);
        Heard("w1", [1], at: 1);
        int question = Look(3).Questions.Single().Number;
        Take(1);

        Heard("w1", [], at: 3.1, question).Should().BeEmpty();
    }

    [Fact]
    public void While_the_engine_is_away_nobody_is_asked_and_after_five_seconds_all_is_lost()
    {
        Send(1, Stock, at: 0);
        Send(2, Stock, at: 0);
        Heard("w1", [2], at: 1);
        _watch.EngineChanged(isOpen: false, Seconds(1));

        CallWatchResult meanwhile = Look(5.9);
        CallWatchResult after = Look(6);

        (meanwhile.Questions.Count, meanwhile.Lost.Count).Should().Be((0, 0));
        after.Lost.Should().HaveCount(2);
    }

    [Fact]
    public void When_the_engine_is_there_again_all_tries_are_given_anew()
    {
        Send(1, Stock, at: 0);
        Look(1.5);
        Look(2.5);
        Look(3.5);
        _watch.EngineChanged(isOpen: false, Seconds(3.6));
        _watch.EngineChanged(isOpen: true, Seconds(5));

        Look(5.9).Questions.Should().BeEmpty("workers come back one after the other");
        Look(6).Questions.Should().ContainSingle();
        Look(7).Questions.Should().ContainSingle();
        Look(8).Questions.Should().ContainSingle();
        Look(9).Lost.Should().ContainSingle();
    }

    [Fact]
    public void A_call_whose_time_is_over_is_overdue_and_not_lost()
    {
        Send(1, Stock, at: 0, deadline: 2);
        Heard("w1", [1], at: 1);

        CallWatchResult result = Look(2);

        result.Overdue.Should().ContainSingle();
        result.Lost.Should().BeEmpty();
        _watch.Count.Should().Be(0);
    }

    [Fact]
    public void A_notice_of_calls_that_are_not_open_changes_nothing()
    {
        Heard("w1", [7, 8], at: 1).Should().BeEmpty();

        Look(60).Questions.Should().BeEmpty();
    }

    [Fact]
    public void A_call_that_another_worker_speaks_for_belongs_to_that_one()
    {
        Send(1, Stock, at: 0);
        Heard("w1", [1], at: 1);
        Heard("w2", [1], at: 1.1);

        Look(3.2).Questions.Should().ContainSingle().Which.Worker.Should().Be("w2");
    }

    [Fact]
    public void A_call_that_nobody_listens_to_has_not_run()
    {
        Send(1, Stock, at: 0);

        _watch.MeetNobody(1, Seconds(0.1))!.Key.Should().Be(1);
        _watch.MeetNobody(1, Seconds(0.1)).Should().BeNull("it has ended");
        _watch.Count.Should().Be(0);
    }

    [Fact]
    public void A_worker_that_does_not_listen_any_more_is_asked_at_once_and_its_calls_are_not_lost_yet()
    {
        Send(1, Stock, at: 0);
        Heard("w1", [1], at: 1);

        _watch.MeetNobody(1, Seconds(1.1)).Should().BeNull();

        Look(1.1).Questions.Should().ContainSingle().Which.Worker.Should().Be("w1");
        _watch.MeetNobody(1, Seconds(1.2)).Should().BeNull();
        Look(1.3).Questions.Should().BeEmpty("one is out");
        Look(2.1).Questions.Should().ContainSingle();
        _watch.MeetNobody(1, Seconds(2.2)).Should().BeNull();
        Look(3.1).Questions.Should().ContainSingle();
        Look(4.1).Lost.Should().ContainSingle("however often nobody is met");
    }

    [Fact]
    public void A_call_that_has_parts_is_asked_for_where_nobody_listens_though_nobody_has_spoken_for_it()
    {
        Send(1, Stock, at: 0);
        _watch.Find(1)!.Call.HasParts = true;

        _watch.MeetNobody(1, Seconds(0.1)).Should().BeNull();

        Look(0.1).Questions.Should().ContainSingle().Which.Everybody.Should().Be("gaw.$.stock");
    }

    [Fact]
    public void When_the_engine_is_there_again_a_worker_that_is_not_has_its_time_to_come_back()
    {
        Send(1, Stock, at: 0);
        Heard("w1", [1], at: 1);
        _watch.EngineChanged(isOpen: false, Seconds(2));
        _watch.EngineChanged(isOpen: true, Seconds(3));

        _watch.MeetNobody(1, Seconds(3)).Should().BeNull();

        Look(3.9).Questions.Should().BeEmpty();
        Look(4).Questions.Should().ContainSingle();
        Heard("w1", [1], at: 4.1).Should().BeEmpty();
        Look(6).Lost.Should().BeEmpty();
    }

    [Theory]
    [InlineData("nobody has spoken for it")]
    [InlineData("its worker is silent")]
    [InlineData("the engine is away")]
    [InlineData("nobody listens")]
    public async Task A_call_of_which_something_waits_to_be_read_is_not_lost_before_it_was(string why)
    {
        using ManualResetEventSlim goes = new();
        Send(1, Stock, at: 0);
        OpenCall call = _watch.Find(1)!;
        call.Parts = new PartQueue(_ => goes.Wait(TestTimeouts.Limit));
        call.Parts.Add(new ReadOnlySequence<byte>([1]));
        if (why == "its worker is silent")
        {
            Heard("w1", [1], at: 0.1);
        }
        else if (why == "the engine is away")
        {
            _watch.EngineChanged(isOpen: false, Seconds(0.1));
        }
        else if (why == "nobody listens")
        {
            _watch.MeetNobody(1, Seconds(0.1)).Should().BeNull();
        }

        for (int now = 1; now < 20; now++)
        {
            Look(now).Lost.Should().BeEmpty();
        }

        goes.Set();
        await Eventually.BecomesTrueAsync(() => !call.HasUnread);
        Look(20).Lost.Should().ContainSingle();
    }

    private void Send(int key, CallSubject target, double at, double deadline = 1000) => _watch.TryAdd(new OpenCall(new SilentCall(key), target, Seconds(at), Seconds(deadline))).Should().BeTrue();

    private void Take(int key) => _watch.Take(key).Should().NotBeNull();

    private List<OpenCall> Heard(string worker, int[] keys, double at, int question = 0) => _watch.Heard(worker, keys, question, Seconds(at));

    private CallWatchResult Look(double now) => _watch.Look(Seconds(now));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private sealed class SilentCall : PendingCall
    {
        public SilentCall(int key) => Key = key;

        public override string Path => "stock/find";

        public override bool TryRead(ReadOnlySpan<byte> answer) => true;

        protected override void Continue()
        {
        }
    }
}
