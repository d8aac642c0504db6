using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gaw.PostOffice.Sockets;
using Gaw.Shared;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice;

/// <summary>A connect is bounded by one deadline over the name's look-up and all its addresses.</summary>
public sealed class SocketConnectorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dead_addresses_cost_a_part_of_the_time_once()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using DeadServer first = await DeadServer.BlackHoleAsync(IPAddress.Parse("127.0.0.2"));
        listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.5"), first.Port));
        listener.Listen(10);

        // A connect to the third is refused, for nobody listens there.
        SocketConnector connector = new("name", first.Port) { LookUp = static _ => [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.5")] };
        for (int i = 0; i < 3; i++)
        {
            Stopwatch took = Stopwatch.StartNew();
            using Socket socket = await DedicatedThread.RunAsync(() => connector.Connect(new Deadline(TimeSpan.FromSeconds(20)), Token));

            ((IPEndPoint)socket.RemoteEndPoint!).Address.Should().Be(IPAddress.Parse("127.0.0.5"));
            took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_deadline_bounds_all_addresses_together(int count)
    {
        using DeadServer gone = await DeadServer.BlackHoleAsync();
        IPAddress[] addresses = [.. Enumerable.Repeat(IPAddress.Loopback, 1)];
        SocketConnector connector = new("name", gone.Port) { LookUp = _ => count == 1 ? addresses : [IPAddress.Loopback, IPAddress.Parse("::ffff:127.0.0.1"), IPAddress.Loopback] };
        Stopwatch took = Stopwatch.StartNew();
        Func<Task> connecting = () => DedicatedThread.RunAsync(() => connector.Connect(new Deadline(TimeSpan.FromSeconds(1)), Token));

        await connecting.Should().ThrowAsync<SocketException>();
        took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task The_deadline_bounds_the_look_up_of_a_name()
    {
        using ManualResetEventSlim found = new();
        SocketConnector connector = new("name", 1) { LookUp = _ => { found.Wait(Token); return [IPAddress.Loopback]; } };
        Func<Task> connecting = () => DedicatedThread.RunAsync(() => connector.Connect(new Deadline(TimeSpan.FromSeconds(0.3)), Token));

        (await connecting.Should().ThrowAsync<SocketException>()).Which.Message.Should().Contain("name could not be looked up");
        found.Set();
    }

    [Fact]
    public async Task A_disposal_ends_a_connect()
    {
        using DeadServer gone = await DeadServer.BlackHoleAsync();
        using CancellationTokenSource disposed = new();
        SocketConnector connector = new("127.0.0.1", gone.Port);
        Task<Exception?> connecting = DedicatedThread.RunAsync(() => Record.Exception(() => connector.Connect(new Deadline(TimeSpan.FromMinutes(5)), disposed.Token)));
        disposed.CancelAfter(TimeSpan.FromMilliseconds(100));

        (await connecting.WithinAsync(TestTimeouts.Limit, () => "the connect did not end")).Should().BeAssignableTo<OperationCanceledException>();
    }

    [Fact]
    public async Task A_name_that_does_not_exist_says_so()
    {
        SocketConnector connector = new("name", 1) { LookUp = static _ => throw new SocketException((int)SocketError.HostNotFound) };
        Func<Task> connecting = () => DedicatedThread.RunAsync(() => connector.Connect(new Deadline(TimeSpan.FromSeconds(5)), Token));

        (await connecting.Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.HostNotFound);
    }
}
