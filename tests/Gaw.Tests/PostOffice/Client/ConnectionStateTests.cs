using Gaw.PostOffice.Client;

namespace Gaw.Tests.PostOffice.Client;

/// <summary>What a connection learns of its server, and whether it takes further calls, by table.</summary>
public sealed class ConnectionStateTests
{
    [Theory]
    [InlineData("", "Unknown", true, false, "nothing is known: one call, to be sure")]
    [InlineData("answered", "Sequential", true, false, "the first reply had no meta")]
    [InlineData("meta", "Multiplexed", true, true, "a notice of the server belongs to no call, and has meta")]
    [InlineData("meta answered", "Multiplexed", true, true, "the usual way: meta is met before the call is found")]
    [InlineData("answered meta", "Multiplexed", true, true, "a reply with meta is never taken back")]
    [InlineData("meta answered answered", "Multiplexed", true, true, "nor does a reply without it take it back")]
    [InlineData("meta retire", "Multiplexed", false, false, "no further call is sent there")]
    [InlineData("leave", "Unknown", false, false, "the server stops")]
    [InlineData("close", "Unknown", false, false, "it has ended")]
    public void A_connection_learns_the_mode_from_replies_and_takes_calls_until_it_retires(string events, string mode, bool idleHasRoom, bool busyHasRoom, string because)
    {
        ConnectionState state = new(ServerMode.Unknown);
        foreach (string what in events.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (what)
            {
                case "answered":
                    state.Replied();
                    break;
                case "meta":
                    state.TryBecomeMultiplexed();
                    break;
                case "retire":
                    state.Retire();
                    break;
                case "leave":
                    state.Leave();
                    break;
                default:
                    state.Close();
                    break;
            }
        }

        state.Mode.ToString().Should().Be(mode, because);
        state.HasRoom(openCalls: 0).Should().Be(idleHasRoom, because);
        state.HasRoom(openCalls: 1).Should().Be(busyHasRoom, because);
        state.TakesCalls.Should().Be(idleHasRoom, because);
        state.HasReplied.Should().Be(events.Contains("answered", StringComparison.Ordinal));
        state.IsLeaving.Should().Be(events == "leave");
    }

    [Fact]
    public void That_a_server_multiplexes_is_news_once()
    {
        ConnectionState state = new(ServerMode.Unknown);
        state.TryBecomeMultiplexed().Should().BeTrue();
        state.TryBecomeMultiplexed().Should().BeFalse();
        new ConnectionState(ServerMode.Multiplexed).TryBecomeMultiplexed().Should().BeFalse("where replies carry no id, the connection is taken to be so from the start");
    }
}
