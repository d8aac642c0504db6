using System.Net.Sockets;
using Gaw.PostOffice.Sockets;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice.Sockets;

/// <summary>What a socket is told and asked beyond sending and receiving. Where the system has no such thing, nothing fails.</summary>
public sealed class TcpOptionsTests : IDisposable
{
    private readonly SocketPair _sockets = SocketPair.Create();

    [Fact]
    public void A_connection_sends_at_once_and_ends_when_its_peer_is_gone_without_a_word()
    {
        TcpOptions.Apply(_sockets.Peer);
        _sockets.Peer.NoDelay.Should().BeTrue();
        Get(SocketOptionLevel.Socket, SocketOptionName.KeepAlive).Should().NotBe(0);
        (Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval), Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount))
            .Should().Be((60, 10, 6));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the option.");
        Span<byte> milliseconds = stackalloc byte[sizeof(int)];
        _sockets.Peer.GetRawSocketOption(6, 18, milliseconds);
        BitConverter.ToInt32(milliseconds).Should().Be(120_000, "what is not acknowledged ends the connection as soon as keep-alive would");
    }

    [Fact]
    public async Task The_peers_end_is_seen_without_receiving()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the system does not tell.");
        TcpOptions.GetPeerState(_sockets.Peer).Should().Be(PeerState.Open);
        _sockets.Transport.ShutdownSend();
        await Eventually.BecomesTrueAsync(() => TcpOptions.GetPeerState(_sockets.Peer) == PeerState.Finished);
    }

    [Fact]
    public async Task A_peer_that_has_reset_the_connection_is_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the system does not tell.");
        using SocketPair pair = SocketPair.Create();
        pair.Peer.LingerState = new LingerOption(enable: true, seconds: 0);
        pair.Peer.Dispose();
        await Eventually.BecomesTrueAsync(() => pair.Transport.GetPeerState() == PeerState.Lost);
    }

    [Fact]
    public void A_socket_that_is_closed_is_asked_and_told_in_vain()
    {
        _sockets.Peer.Dispose();
        TcpOptions.TryAcknowledgeNow(_sockets.Peer).Should().BeFalse();
        TcpOptions.GetPeerState(_sockets.Peer).Should().Be(PeerState.Open, "nothing is known");
    }

    [Fact]
    public void As_much_is_sent_at_once_as_a_writable_socket_surely_takes()
    {
        int slice = TcpOptions.GetUnblockedSlice(_sockets.Peer);
        slice.Should().BeInRange(2048, 128 * 1024);
        if (OperatingSystem.IsLinux())
        {
            slice.Should().BeLessThanOrEqualTo(Math.Max(2048, _sockets.Peer.SendBufferSize / 3), "a third of the buffer is free when the socket can be written");
        }
    }

    public void Dispose() => _sockets.Dispose();

    private int Get(SocketOptionLevel level, SocketOptionName name) => (int)_sockets.Peer.GetSocketOption(level, name)!;
}
