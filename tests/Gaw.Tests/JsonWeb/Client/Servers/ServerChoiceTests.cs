using Gaw.JsonWeb.Client.Servers;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb.Client.Servers;

/// <summary>Which of several servers a call goes to, by table.</summary>
public sealed class ServerChoiceTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(null, false, true, "Good", "nothing is known against it")]
    [InlineData(null, true, true, "Connecting", "another one takes calls at once")]
    [InlineData(null, true, false, "Good", "the others have no connection either")]
    [InlineData(0, false, true, "Resting", "it has just failed")]
    [InlineData(1999, false, true, "Resting", "less than two seconds ago")]
    [InlineData(1999, false, false, "Resting", "whatever the others do")]
    [InlineData(2000, false, true, "Suspect", "it has rested")]
    [InlineData(60_000, true, true, "Suspect", "it has not answered since")]
    public void A_server_stands_as_its_last_failure_says(int? millisecondsAgo, bool isConnecting, bool oneTakesCalls, string standing, string because) =>
        ServerChoice.Judge(millisecondsAgo is { } ago ? TimeSpan.FromMilliseconds(ago) : null, isConnecting, oneTakesCalls).ToString().Should().Be(standing, because);

    /// <summary>Open calls of three servers, a mark behind one that has just failed, and which may be chosen.</summary>
    [Theory]
    [InlineData("3 1 2", "1")]
    [InlineData("3 1! 2", "2")]
    [InlineData("3! 1! 2!", "1")]
    [InlineData("5 5 9", "0 1")]
    [InlineData("0! 0! 7", "2")]
    public void The_server_with_the_fewest_calls_gets_the_next_unless_it_has_just_failed(string servers, string chosen)
    {
        ServerEntry[] entries = [.. servers.Split(' ').Select(text =>
            new ServerEntry(new ScriptedCarrier { Calls = int.Parse(text.TrimEnd('!')) }) { FailedAt = text.EndsWith('!') ? _time.GetTimestamp() : 0 })];
        ServerChoice choice = new(_time);

        object?[] rounds = [.. Enumerable.Range(0, 6).Select(_ => choice.Choose(entries, static (_, _) => true))];
        rounds.ToHashSet().SetEquals(chosen.Split(' ').Select(place => entries[int.Parse(place)].Carrier)).Should().BeTrue("of {0} it is {1}", servers, chosen);
    }

    [Fact]
    public void A_server_that_has_rested_is_connected_for_nobody_while_another_serves()
    {
        ScriptedCarrier suspect = new() { HasConnection = false };
        ScriptedCarrier good = new() { Calls = 9 };
        ServerEntry[] entries = [new(suspect) { FailedAt = _time.GetTimestamp() }, new(good)];
        ServerChoice choice = new(_time);

        choice.Choose(entries, static (_, _) => true).Should().BeSameAs(good);
        suspect.Prepared.Should().Be(0, "it rests");
        _time.Advance(TimeSpan.FromSeconds(2));
        choice.Choose(entries, static (_, _) => true).Should().BeSameAs(good, "no caller waits for one that may be gone");
        suspect.Prepared.Should().Be(1);

        good.HasConnection = false;
        choice.Choose(entries, static (_, _) => true);
        suspect.Prepared.Should().Be(1, "nobody serves meanwhile, so a caller connects");
    }

    [Fact]
    public void Nobody_is_chosen_where_nobody_is_wanted() =>
        new ServerChoice(_time).Choose([new ServerEntry(new ScriptedCarrier())], static (_, _) => false).Should().BeNull();
}
