using Gaw.JsonWeb.Client.Retries;

namespace Gaw.Tests.JsonWeb.Client.Retries;

/// <summary>How often a call that has not run goes elsewhere at once, by table.</summary>
public sealed class FailoverTests
{
    /// <summary>The failures of one call, by their first letters, and what each leads to: <c>y</c> at once, <c>n</c> not, <c>?</c> if another server is left.</summary>
    [Theory]
    [InlineData("s", "y", "a connection had grown stale")]
    [InlineData("ss", "yn", "two stale ones are no accident")]
    [InlineData("mmmmmmmmm", "yyyyyyyyn", "eight times a load balancer may lead elsewhere")]
    [InlineData("fff", "yyy", "three full servers are passed by")]
    [InlineData("ffff", "yyyn", "then the call pauses")]
    [InlineData("fffwffff", "yyyyyyyn", "after a wait in a queue another round begins")]
    [InlineData("o", "?", "another server may be left")]
    [InlineData("soms", "y?yn", "each kind has a count of its own")]
    public void A_call_goes_elsewhere_at_once_so_often(string failures, string decisions, string because)
    {
        Failover failover = default;
        string.Concat(failures.Select(kind => failover.Decide(Failure(kind)) switch { true => 'y', false => 'n', null => '?' })).Should().Be(decisions, because);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(5, 4)]
    public void Each_further_server_is_tried_once(int servers, int tries)
    {
        Failover failover = default;
        Enumerable.Range(0, 10).Count(_ => failover.TryAnother(servers)).Should().Be(tries);
    }

    [Fact]
    public void Refusals_are_counted_until_the_call_has_waited()
    {
        Failover failover = default;
        failover.Decide(Failure('f'));
        failover.Decide(Failure('f'));
        failover.Refusals.Should().Be(2);
        failover.Decide(Failure('w'));
        failover.Refusals.Should().Be(0);
    }

    private static GawConnectionException Failure(char kind) => new("lost", null, CallExecution.NotRun)
    {
        WasStale = kind == 's',
        WasMisdirected = kind == 'm',
        WasFull = kind == 'f',
        HasWaited = kind == 'w',
    };
}
