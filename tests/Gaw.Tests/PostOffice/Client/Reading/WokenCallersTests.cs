using Gaw.PostOffice.Client.Reading;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice.Client.Reading;

/// <summary>Requests of blocked callers leave together, and none stays behind.</summary>
public sealed class WokenCallersTests
{
    private readonly WokenCallers _woken = new();

    [Service("adder")]
    public interface IAdder
    {
        int Add(int a, int b);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    public void The_last_caller_of_a_batch_sends_for_all(int callers)
    {
        Wake(callers);

        Enumerable.Range(0, callers).Select(_ => _woken.TryLeaveToOthers()).Should().Equal(Enumerable.Range(1, callers).Select(n => n < callers));
        _woken.AreExpected.Should().BeFalse();
    }

    [Fact]
    public void A_caller_that_comes_while_the_batch_is_dispatched_leaves_its_request_to_the_reading_thread()
    {
        _woken.OnWaking();
        _woken.TryLeaveToOthers().Should().BeTrue("the reading thread sends when it is through");
        _woken.OnWaking();
        _woken.OnDispatched();

        _woken.TryLeaveToOthers().Should().BeFalse("it is the last");
    }

    [Fact]
    public void A_caller_that_was_woken_alone_waits_for_nobody_and_nobody_for_it()
    {
        Wake(1);

        _woken.AreExpected.Should().BeFalse();
        _woken.TryLeaveToOthers().Should().BeFalse();
    }

    [Fact]
    public void A_caller_that_nobody_has_woken_sends_for_itself_and_changes_nothing()
    {
        _woken.TryLeaveToOthers().Should().BeFalse();
        Wake(2);

        _woken.TryLeaveToOthers().Should().BeTrue();
        _woken.TryLeaveToOthers().Should().BeFalse();
        _woken.TryLeaveToOthers().Should().BeFalse();
    }

    [Fact]
    public void A_newcomer_in_the_place_of_a_woken_caller_lets_that_one_send_for_itself()
    {
        Wake(3);
        bool[] newcomerAndTwo = [_woken.TryLeaveToOthers(), _woken.TryLeaveToOthers(), _woken.TryLeaveToOthers()];

        newcomerAndTwo.Should().Equal(true, true, false);
        _woken.TryLeaveToOthers().Should().BeFalse("the third of the batch comes behind the one that has sent");
    }

    [Fact]
    public void Before_code_that_may_take_long_nobody_is_expected_any_more()
    {
        _woken.OnWaking();
        _woken.OnWaking();
        _woken.TryLeaveToOthers().Should().BeTrue();

        _woken.Interrupt();

        _woken.AreExpected.Should().BeFalse("the reading thread sends what was left to it");
        _woken.TryLeaveToOthers().Should().BeFalse();
    }

    [Fact]
    public void Callers_of_two_batches_are_expected_together()
    {
        Wake(3);
        _woken.TryLeaveToOthers().Should().BeTrue();
        Wake(2);

        Enumerable.Range(0, 4).Select(_ => _woken.TryLeaveToOthers()).Should().Equal(true, true, true, false);
    }

    [Fact]
    public void After_a_wait_in_vain_batches_are_not_gathered_for_a_while_and_twice_as_long_after_the_next()
    {
        foreach (int rest in (int[])[WokenCallers.LeastRest, 2 * WokenCallers.LeastRest, 4 * WokenCallers.LeastRest])
        {
            Wake(2);
            _woken.AreExpected.Should().BeTrue();
            _woken.End(inVain: true);
            for (int i = 0; i < rest; i++)
            {
                Wake(2);
                _woken.AreExpected.Should().BeFalse($"{rest} batches rest, and this is number {i + 1}");
            }
        }

        Wake(2);
        _woken.AreExpected.Should().BeTrue();
    }

    [Fact]
    public void A_wait_that_ended_since_all_had_come_was_not_in_vain()
    {
        Wake(2);
        _ = _woken.TryLeaveToOthers();
        _ = _woken.TryLeaveToOthers();

        _woken.End(inVain: true);

        Wake(2);
        _woken.AreExpected.Should().BeTrue();
    }

    [Fact]
    public void Of_callers_and_a_reading_thread_that_gives_up_at_the_same_time_one_sends_behind_every_request_that_was_left()
    {
        for (int round = 0; round < 2_000; round++)
        {
            WokenCallers woken = new();
            woken.OnWaking();
            woken.OnWaking();
            woken.OnWaking();
            woken.OnDispatched();
            int queued = 0;
            int sent = 0;
            void Call()
            {
                Interlocked.Increment(ref queued);
                if (!woken.TryLeaveToOthers())
                {
                    Send();
                }
            }

            void Send()
            {
                int seen = Volatile.Read(ref queued);
                int before = Volatile.Read(ref sent);
                while (before < seen && Interlocked.CompareExchange(ref sent, seen, before) != before)
                {
                    before = Volatile.Read(ref sent);
                }
            }

            Parallel.Invoke(Call, Call, Call, () =>
            {
                woken.End(inVain: true);
                Send();
            });

            sent.Should().Be(3, $"in round {round} no request may stay behind");
        }
    }

    [Fact]
    public async Task Blocked_callers_that_stop_calling_hold_up_none_of_those_that_go_on()
    {
        await using TestServer server = await TestServer.ServingAsync<Adder>();
        await using GawClient client = server.Connect();
        IAdder adder = client.For<IAdder>();
        Task[] callers = [.. Enumerable.Range(0, 12).Select(caller => Task.Factory.StartNew(
            () =>
            {
                // From 25 calls to 300: with each that leaves, a batch waits for one that does not come again.
                for (int i = 0; i < (caller + 1) * 25; i++)
                {
                    adder.Add(caller, i).Should().Be(caller + i);
                }
            },
            Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        await Task.WhenAll(callers).WaitAsync(TestTimeouts.Limit, Cancellation);
    }

    private void Wake(int callers)
    {
        for (int i = 0; i < callers; i++)
        {
            _woken.OnWaking();
        }

        _woken.OnDispatched();
    }

    [Service("adder")]
    public sealed class Adder
    {
        [Entrypoint]
        public int Add(int a, int b) => a + b;
    }
}
